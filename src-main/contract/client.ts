import { DroverError } from './errors.ts';
import type { CallName, FeedName, InputOf, ItemOf, OutputOf, Wire } from './index.ts';

/** Typed calls and feeds over any wire; used by the renderer, the command line and the tests. */
export class DroverClient {
  readonly #wire: Wire;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /** Throws DroverError with the code the engine gave. */
  async call<N extends CallName>(name: N, input: InputOf<N>): Promise<OutputOf<N>> {
    const reply = await this.#wire.send(name, input);
    if (reply.ok) {
      return reply.value as OutputOf<N>;
    }
    throw DroverError.fromWire(reply.error);
  }

  /** Resolves when the feed ends or `signal` aborts; `onItem` sees each item once, in order; rejects with DroverError. */
  follow<N extends FeedName>(
    name: N,
    input: InputOf<N>,
    follower: { onItem: (item: ItemOf<N>, seq: number) => void; signal?: AbortSignal },
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const close = this.#wire.open(name, input, (frame) => {
        if ('seq' in frame) {
          follower.onItem(frame.item as ItemOf<N>, frame.seq);
        } else if (frame.error) {
          reject(DroverError.fromWire(frame.error));
        } else {
          resolve();
        }
      });
      const leave = (): void => {
        close();
        resolve();
      };
      if (follower.signal?.aborted) {
        leave();
      }
      follower.signal?.addEventListener('abort', leave, { once: true });
    });
  }
}
