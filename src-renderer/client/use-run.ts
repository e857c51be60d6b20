import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { DroverError } from '#contract/errors';
import type { HostRow, Run, RunDetail } from '#contract/run';
import { hostsOfRun } from './hosts-of-run.ts';
import { liveRuns } from './index.ts';
import { useCall } from './use-call.ts';

export type KnownRun = {
  readonly run: Run | undefined;
  readonly detail: RunDetail | undefined;
  readonly hosts: readonly HostRow[];
  readonly error: DroverError | null;
};

/** Rows of targets are asked for again at most this often while a run changes. */
const hostsEveryMs = 250;

type Hosts = {
  readonly rows: readonly HostRow[];
  /** Revision of the run that was known before the rows were asked for: they are at least as new. */
  readonly asOf: number;
};

async function hostsOf(no: number): Promise<Hosts> {
  const asOf = liveRuns.byNumber(no)?.rev ?? 0;
  return { rows: await hostsOfRun(no), asOf };
}

/** A run with its targets, as it stands and as it changes. */
export function useRun(no: number): KnownRun {
  const detail = useCall('run.get', { run: no });
  const live = useSyncExternalStore(liveRuns.subscribe, () => liveRuns.byNumber(no));
  const hosts = useQuery<Hosts, DroverError>({ queryKey: ['run.hosts', no], queryFn: () => hostsOf(no) });
  const fetched = detail.data?.run;
  const run = live && (!fetched || live.rev > fetched.rev) ? live : fetched;
  useNewerHosts(hosts, live?.rev ?? 0);
  return { run, detail: detail.data, hosts: hosts.data?.rows ?? noRows, error: detail.error ?? hosts.error };
}

const noRows: readonly HostRow[] = [];

/** Asks for the rows again when the run has changed since, but not at every change of a large run. */
function useNewerHosts(hosts: UseQueryResult<Hosts, DroverError>, rev: number): void {
  const asked = useRef(0);
  const { data, isFetching, refetch } = hosts;
  const isOld = data !== undefined && !isFetching && data.asOf < rev;
  useEffect(() => {
    if (!isOld) {
      return;
    }
    const wait = Math.max(0, asked.current + hostsEveryMs - performance.now());
    const timer = setTimeout(() => {
      asked.current = performance.now();
      void refetch();
    }, wait);
    return () => clearTimeout(timer);
  }, [isOld, rev, refetch]);
}
