import { useEffect, useEffectEvent, useRef, useState, useSyncExternalStore } from 'react';
import { client, queries } from '../../client/index.ts';
import { isFinal } from '../../client/live-runs.ts';
import { useConnection } from '../../client/use-connection.ts';
import { useRunChanges } from '../../client/use-run-changes.ts';
import { TargetListing, type TargetListState } from './target-listing.ts';

export type TargetList = TargetListState & { readonly refresh: () => void };

/** What was reached is stored within half a second. */
const afterRunMs = 1_200;
/** A list of this length is not asked for again with every run that ends. */
const longList = 2_000;
const longPauseMs = 30_000;

/** The targets that a query finds, asked for again when the window is looked at again and when runs have ended. */
export function useTargetList(query: string): TargetList {
  const online = useConnection().phase === 'online';
  const [listing] = useState(() => new TargetListing(client));
  const state = useSyncExternalStore(listing.subscribe, () => listing.state);
  useEffect(() => {
    if (online) {
      listing.ask(query);
    }
  }, [listing, query, online]);
  useEffect(() => () => listing.stop(), [listing]);
  useOccasions(listing);
  return {
    ...state,
    refresh: () => {
      listing.refresh();
      void queries.invalidateQueries({ queryKey: ['target.get'] });
    },
  };
}

function useOccasions(listing: TargetListing): void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const asked = useRef(0);
  const askIn = (ms: number): void => {
    const pause = listing.state.rows.length > longList ? asked.current + longPauseMs - performance.now() : 0;
    timer.current ??= setTimeout(
      () => {
        timer.current = undefined;
        asked.current = performance.now();
        listing.refresh();
      },
      Math.max(ms, pause),
    );
  };
  useRunChanges((change) => {
    if (change.kind === 'run' && isFinal(change.run)) {
      askIn(afterRunMs);
    }
  });
  const onFocus = useEffectEvent(() => askIn(0));
  useEffect(() => {
    const looked = (): void => onFocus();
    window.addEventListener('focus', looked);
    return () => {
      window.removeEventListener('focus', looked);
      clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, []);
}
