import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { DroverError } from '#contract/errors';
import { client, liveRuns } from '../../client/index.ts';
import { nodeNow, useConnection } from '../../client/use-connection.ts';
import { useRunChanges } from '../../client/use-run-changes.ts';
import type { RunListState } from './merge-runs.ts';
import type { RunFilter } from './run-filter.ts';
import { RunListing } from './run-listing.ts';

export type RunList = RunListState & {
  readonly isLoading: boolean;
  readonly isLoadingMore: boolean;
  readonly hasMore: boolean;
  readonly error: DroverError | null;
  readonly loadMore: () => void;
  readonly showWaiting: () => void;
  readonly reload: () => void;
};

/** The runs that fit a filter, live. `isAway` says that the reader has scrolled away from the top. */
export function useRunList(filter: RunFilter, isAway: () => boolean): RunList {
  const online = useConnection().phase === 'online';
  const key = JSON.stringify(filter);
  const listing = useMemo(
    () =>
      new RunListing(JSON.parse(key) as RunFilter, {
        client,
        now: nodeNow,
        onListed: (runs) => liveRuns.takeAll(runs),
      }),
    [key],
  );
  const state = useSyncExternalStore(listing.subscribe, () => listing.state);
  useEffect(() => {
    if (online) {
      listing.load();
    }
    return () => listing.stop();
  }, [listing, online]);
  useRunChanges((changed) => {
    if (changed.kind === 'run') {
      listing.take(changed.run, isAway());
    }
  });
  return {
    ...state,
    isLoading: state.phase === 'loading',
    isLoadingMore: state.phase === 'more',
    hasMore: state.next !== null,
    loadMore: listing.loadMore,
    showWaiting: listing.showWaiting,
    reload: listing.load,
  };
}
