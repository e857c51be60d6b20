import type { Connection } from './connection.ts';
import type { Gate } from './follow-steadily.ts';

/** A browser allows six connections to one address over HTTP/1.1, so a tab that nobody sees gives its feeds back. */
const hiddenForMs = 15_000;

type Page = Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>;

/** Open while the engine answers and the page is seen, or was until a moment ago. */
export function attentionGate(connection: Connection, page: Page): Gate {
  let hidden = page.visibilityState === 'hidden';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) {
      listener();
    }
  };
  page.addEventListener('visibilitychange', () => {
    clearTimeout(timer);
    if (page.visibilityState === 'visible') {
      hidden = false;
      changed();
    } else {
      timer = setTimeout(() => {
        hidden = true;
        changed();
      }, hiddenForMs);
    }
  });
  connection.subscribe(changed);
  const isOpen = (): boolean => !hidden && connection.state.phase === 'online';
  return {
    open: (signal) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (isOpen() || signal.aborted) {
            listeners.delete(look);
            signal.removeEventListener('abort', look);
            resolve();
          }
        };
        listeners.add(look);
        signal.addEventListener('abort', look);
        look();
      }),
    onClose(act) {
      // A lost connection is the wire's own business: it takes the feed up again where it broke.
      const look = (): void => {
        if (hidden) {
          act();
        }
      };
      listeners.add(look);
      return () => listeners.delete(look);
    },
  };
}
