import { useCallback, useSyncExternalStore } from 'react';
import { nodeNow } from '../client/use-connection.ts';

/** One clock for everything on the page that changes at the same pace. */
class Ticker {
  readonly #everyMs: number;
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setInterval> | undefined;
  now = nodeNow();

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) {
      this.now = nodeNow();
      this.#timer = setInterval(() => this.#tick(), this.#everyMs);
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) {
        clearInterval(this.#timer);
      }
    };
  }

  #tick(): void {
    this.now = nodeNow();
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

const tickers = new Map<number, Ticker>();

function tickerOf(everyMs: number): Ticker {
  const ticker = tickers.get(everyMs) ?? new Ticker(everyMs);
  tickers.set(everyMs, ticker);
  return ticker;
}

/** The node's time, new every `everyMs` milliseconds; 0 when null, for what does not change. */
export function useNow(everyMs: number | null): number {
  const subscribe = useCallback(
    (listener: () => void) => (everyMs === null ? () => {} : tickerOf(everyMs).subscribe(listener)),
    [everyMs],
  );
  return useSyncExternalStore(subscribe, () => (everyMs === null ? 0 : tickerOf(everyMs).now));
}
