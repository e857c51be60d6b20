import type { FeedName, InputOf, ItemOf } from '#contract';
import type { DroverClient } from '#contract/client';
import { DroverError } from '#contract/errors';

/** Tells when it makes sense to ask: the engine answers and somebody looks. */
export interface Gate {
  /** Resolves as soon as the gate is open, or when `signal` aborts. */
  open(signal: AbortSignal): Promise<void>;
  /** Calls `act` when the gate closes; the returned function forgets it. */
  onClose(act: () => void): () => void;
}

export type Follower<N extends FeedName> = {
  onItem: (item: ItemOf<N>, seq: number) => void;
  signal: AbortSignal;
};

/** A session that has ended is passing too: the gate opens again when somebody has signed in. */
const passing = new Set(['engine-unreachable', 'engine-stopping', 'not-signed-in']);

/**
 * Follows a feed over lost connections and closed gates, each item once: it goes on after the last number it has seen.
 * Resolves when the feed ends or `signal` aborts; rejects with DroverError.
 */
export async function followSteadily<N extends FeedName>(
  from: { client: DroverClient; gate: Gate },
  feed: { name: N; input: InputOf<N>; resume: (input: InputOf<N>, after: number) => InputOf<N> },
  follower: Follower<N>,
): Promise<void> {
  let last: number | undefined;
  while (!follower.signal.aborted) {
    await from.gate.open(follower.signal);
    const round = new AbortController();
    const forget = from.gate.onClose(() => round.abort());
    try {
      await from.client.follow(feed.name, last === undefined ? feed.input : feed.resume(feed.input, last), {
        onItem: (item, seq) => {
          last = seq;
          follower.onItem(item, seq);
        },
        signal: AbortSignal.any([follower.signal, round.signal]),
      });
      if (!round.signal.aborted) {
        return;
      }
    } catch (error) {
      if (!(error instanceof DroverError) || !passing.has(error.code)) {
        throw error;
      }
    } finally {
      forget();
    }
  }
}
