import type { Readable } from 'node:stream';

type Take = (bytes: Buffer) => void | Promise<void>;

/** Hands the bytes of one stream to a taker, no faster than it takes them. */
export class OutputPump {
  /** Why the taker stopped taking; it is not asked again. */
  failure: unknown;
  /** Resolves when the last bytes have been handed over, which is after the channel's `close` where only one stream has ended. */
  readonly ended: Promise<void>;
  readonly #source: Readable;
  readonly #take: Take;
  #lastAt: number;
  #waitedMs = 0;
  #waitingSince = 0;
  #bytes = 0;
  #isWaiting = false;
  readonly #monotonic: () => number;

  constructor(source: Readable, take: Take, monotonic: () => number) {
    this.#source = source;
    this.#take = take;
    this.#monotonic = monotonic;
    this.#lastAt = monotonic();
    source.on('data', this.#onData);
    source.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      source.once('end', () => resolve());
      source.once('error', () => resolve());
    });
  }

  /** Milliseconds since anything came or was taken; 0 while the taker is asked to wait for. */
  get silentMs(): number {
    return this.#isWaiting ? 0 : this.#monotonic() - this.#lastAt;
  }

  /** Milliseconds that the taker has made it wait so far. */
  get waitedMs(): number {
    return this.#waitedMs + (this.#isWaiting ? this.#monotonic() - this.#waitingSince : 0);
  }

  /** How many have come. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Resolves when the taker is not at work. */
  async settled(): Promise<void> {
    while (this.#isWaiting) {
      await this.#pending;
    }
  }

  #pending: Promise<void> = Promise.resolve();

  readonly #onData = (bytes: Buffer): void => {
    this.#lastAt = this.#monotonic();
    this.#bytes += bytes.length;
    if (this.failure !== undefined) {
      return;
    }
    try {
      const wait = this.#take(bytes);
      if (wait) {
        this.#source.pause();
        this.#isWaiting = true;
        this.#waitingSince = this.#monotonic();
        this.#pending = wait
          .catch((error: unknown) => {
            this.failure = error;
          })
          .finally(() => {
            this.#waitedMs = this.waitedMs;
            this.#isWaiting = false;
            this.#lastAt = this.#monotonic();
            this.#source.resume();
          });
      }
    } catch (error) {
      this.failure = error;
    }
  };
}
