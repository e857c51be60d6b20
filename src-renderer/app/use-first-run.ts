import { useEffect } from 'react';
import { client } from '../client/index.ts';
import { useConnection } from '../client/use-connection.ts';
import { endTour, startTour, tourIsKnown } from './tour-store.ts';

let isAsked = false;

/** Offers the tour once, and only where nothing was ever run. */
export function useFirstRun(): void {
  const online = useConnection().phase === 'online';
  useEffect(() => {
    if (!online || isAsked || tourIsKnown()) {
      return;
    }
    isAsked = true;
    client.call('run.list', { limit: 1 }).then(
      ({ runs }) => (runs.length === 0 ? startTour() : endTour()),
      () => {
        isAsked = false;
      },
    );
  }, [online]);
}
