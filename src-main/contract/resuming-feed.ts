import type { WireError } from './errors.ts';
import type { Frame } from './index.ts';
import { createSseReader, toFrame } from './sse.ts';

export type WireState = 'online' | 'lost';

/** What asking for a feed came to: its text, or a refusal that another try would not change. */
type FeedAnswer = { readonly chunks: AsyncIterable<string> } | { readonly refused: WireError };

/** Asks for the feed from after `lastSeq`, or from its beginning; rejects when the engine cannot be reached. */
export type ConnectFeed = (lastSeq: number | undefined, signal: AbortSignal) => Promise<FeedAnswer>;

export type FollowerOptions = {
  readonly onFrame: (frame: Frame) => void;
  readonly onState?: ((state: WireState) => void) | undefined;
  /** Ends with `engine-unreachable` when the first try fails or after this many failures in a row; tries for ever when absent. */
  readonly giveUpAfter?: number;
  /** Runs `act` after `ms` milliseconds; the returned function cancels it. */
  readonly after?: ((ms: number, act: () => void) => () => void) | undefined;
};

const firstWaitMs = 250;
const longestWaitMs = 5_000;
/** Three heartbeats of the server without a byte: the connection is dead even if nobody said so. */
const silenceMs = 45_000;

/** Follows a feed over connections that may break, each item once; the returned function ends it. */
export function openResumingFeed(connect: ConnectFeed, options: FollowerOptions): () => void {
  const gone = new AbortController();
  const feed = new ResumingFeed(connect, options, gone.signal);
  void feed.follow();
  return () => gone.abort();
}

class ResumingFeed {
  readonly #connect: ConnectFeed;
  readonly #options: FollowerOptions;
  readonly #gone: AbortSignal;
  readonly #after: (ms: number, act: () => void) => () => void;
  #last: { seq: number; data: string } | undefined;
  #everConnected = false;
  #failures = 0;

  constructor(connect: ConnectFeed, options: FollowerOptions, gone: AbortSignal) {
    this.#connect = connect;
    this.#options = options;
    this.#gone = gone;
    this.#after = options.after ?? afterTimeout;
  }

  async follow(): Promise<void> {
    while (!this.#gone.aborted) {
      if (await this.#followOnce()) {
        return;
      }
      if (this.#gone.aborted) {
        return;
      }
      this.#options.onState?.('lost');
      if (this.#hasEnough()) {
        this.#options.onFrame({
          end: true,
          error: { code: 'engine-unreachable', message: 'The connection to the engine was lost' },
        });
        return;
      }
      await this.#wait(Math.min(firstWaitMs * 2 ** this.#failures, longestWaitMs));
      this.#failures += 1;
    }
  }

  /** True when the feed has ended; false when the connection has. */
  async #followOnce(): Promise<boolean> {
    const connection = new AbortController();
    const signal = AbortSignal.any([this.#gone, connection.signal]);
    let cancelSilence = this.#after(silenceMs, () => connection.abort());
    try {
      const answer = await this.#connect(this.#last?.seq, signal).catch(() => undefined);
      if (!answer || this.#gone.aborted) {
        return false;
      }
      if ('refused' in answer) {
        this.#options.onFrame({ end: true, error: answer.refused });
        return true;
      }
      this.#everConnected = true;
      this.#options.onState?.('online');
      const reader = createSseReader();
      const pieces = answer.chunks[Symbol.asyncIterator]();
      for (;;) {
        const piece = await pieces.next().catch(() => undefined);
        if (!piece || piece.done || this.#gone.aborted) {
          return false;
        }
        this.#failures = 0;
        cancelSilence();
        cancelSilence = this.#after(silenceMs, () => connection.abort());
        if (reader.push(piece.value).some((event) => this.#deliver(event))) {
          return true;
        }
      }
    } finally {
      cancelSilence();
      connection.abort();
    }
  }

  /** True when nothing more shall be delivered. */
  #deliver(event: Parameters<typeof toFrame>[0]): boolean {
    if (this.#gone.aborted) {
      return true;
    }
    const frame = toFrame(event);
    if ('end' in frame) {
      this.#options.onFrame(frame);
      return true;
    }
    // The last item comes again when the connection broke between it and the closing event.
    const again =
      this.#last && (frame.seq < this.#last.seq || (frame.seq === this.#last.seq && event.data === this.#last.data));
    if (!again) {
      this.#last = { seq: frame.seq, data: event.data };
      this.#options.onFrame(frame);
    }
    return false;
  }

  #hasEnough(): boolean {
    const { giveUpAfter } = this.#options;
    return giveUpAfter !== undefined && (!this.#everConnected || this.#failures >= giveUpAfter);
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#after(ms, done);
      const gone = this.#gone;
      gone.addEventListener('abort', done, { once: true });
      function done(): void {
        cancel();
        gone.removeEventListener('abort', done);
        resolve();
      }
    });
  }
}

function afterTimeout(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
}
