import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { InputOf } from '#contract';
import type { DroverError } from '#contract/errors';
import type { Run } from '#contract/run';
import type { RunGroups } from '#contract/run-groups';
import { client } from '../../../client/index.ts';

export type GroupsAsked = Required<Pick<InputOf<'run.groups'>, 'masks' | 'stream' | 'limit'>>;

type Told = {
  readonly groups: RunGroups;
  /** Revision of the run that was known before it was asked. */
  readonly asOf: number;
};

/** A live run is asked again at most this often. */
const againMs = 1_000;

/** The output groups of a run, as they stand and as they grow. */
export function useGroups(run: Run, asked: GroupsAsked): { groups: RunGroups | undefined; error: DroverError | null } {
  const { no, rev } = run;
  const query = useQuery<Told, DroverError>({
    queryKey: ['run.groups', no, asked],
    queryFn: async () => ({ asOf: rev, groups: await client.call('run.groups', { run: no, ...asked }) }),
    placeholderData: keepPreviousData,
  });
  const askedAt = useRef(0);
  const { data, isFetching, refetch, error } = query;
  const isOld = data !== undefined && !isFetching && data.asOf < rev;
  useEffect(() => {
    if (!isOld) {
      return;
    }
    const wait = Math.max(0, askedAt.current + againMs - performance.now());
    const timer = setTimeout(() => {
      askedAt.current = performance.now();
      void refetch();
    }, wait);
    return () => clearTimeout(timer);
  }, [isOld, rev, refetch]);
  return { groups: data?.groups, error };
}
