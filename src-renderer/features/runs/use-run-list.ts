import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { client, liveRuns } from '../../client/index.ts';
import { nodeNow, useConnection } from '../../client/use-connection.ts';
import { useRunChanges } from '../../client/use-run-changes.ts';
import type { RunFilter } from './run-filter.ts';
import { type ListingState, RunListing } from './run-listing.ts';

export type RunList = ListingState & {
  readonly isLoading: boolean;
  readonly isLoadingMore: boolean;
  readonly loadMore: () => void;
  readonly stopLooking: () => void;
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
  // The rows of the filter before stay until the first page of the new one is there: nothing flickers while one types,
  // also where half a word cannot be read yet.
  const [before, setBefore] = useState(state);
  const isUnread = state.error?.code === 'bad-selector';
  if (state.phase !== 'loading' && !isUnread && state !== before) {
    setBefore(state);
  }
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
    ...(state.phase === 'loading' || isUnread ? { ...before, phase: state.phase, error: state.error } : state),
    isLoading: state.phase === 'loading',
    isLoadingMore: state.phase === 'more',
    loadMore: listing.loadMore,
    stopLooking: listing.stopLooking,
    showWaiting: listing.showWaiting,
    reload: listing.load,
  };
}
