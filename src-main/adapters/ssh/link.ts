import type { Connection } from './connection.ts';

/** What a connection is used for: commands share a small number of channels, forwards to machines behind it a larger one. */
export type Use = 'session' | 'forward';

/** One channel's place on a connection. */
export type Slot = { readonly use: Use; readonly index: number };

/** A connection, open or being opened, with the places on it. */
export class Link {
  readonly ready: Promise<Connection>;
  /** The account's login shell, once it was told. */
  loginShell: string | undefined;
  readonly #limits: Record<Use, number>;
  readonly #taken: Record<Use, Set<number>> = { session: new Set(), forward: new Set() };
  readonly #giveUp: () => void;
  #state: 'opening' | 'open' | 'gone' = 'opening';

  /** `giveUp` ends an attempt that nobody waits for any more. */
  constructor(ready: Promise<Connection>, limits: Record<Use, number>, giveUp: () => void) {
    this.ready = ready;
    this.#limits = { ...limits };
    this.#giveUp = giveUp;
    ready.then(
      (connection) => {
        if (this.#state === 'opening' && connection.isOpen) {
          this.#state = 'open';
        } else {
          // It came although nobody waits for it any more.
          this.#state = 'gone';
          connection.close();
        }
        void connection.closed.then(() => {
          this.#state = 'gone';
        });
      },
      () => {
        this.#state = 'gone';
      },
    );
  }

  /** Channels that it takes, as far as is known by now. */
  get limits(): Readonly<Record<Use, number>> {
    return this.#limits;
  }

  get isUsable(): boolean {
    return this.#state !== 'gone';
  }

  get isIdle(): boolean {
    return this.#state === 'open' && this.#taken.session.size + this.#taken.forward.size === 0;
  }

  /** Undefined when every place is taken. */
  take(use: Use): Slot | undefined {
    const taken = this.#taken[use];
    for (let index = 0; index < this.#limits[use]; index += 1) {
      if (!taken.has(index)) {
        taken.add(index);
        return { use, index };
      }
    }
    return undefined;
  }

  release({ use, index }: Slot): void {
    this.#taken[use].delete(index);
    if (this.#state === 'opening' && this.#taken.session.size + this.#taken.forward.size === 0) {
      this.retire();
    }
  }

  /** The far side has no room for as many channels as are open now. */
  narrow(use: Use): void {
    this.#limits[use] = Math.max(1, Math.min(this.#limits[use], this.#taken[use].size - 1));
  }

  /** Takes no more; one that is being opened is given up. */
  retire(): void {
    const wasOpening = this.#state === 'opening';
    this.#state = 'gone';
    if (wasOpening) {
      this.#giveUp();
    }
  }
}
