import type { Frame, Reply, Wire } from '#contract';
import type { ErrorCode } from '#contract/errors';

export type OpenedFeed = {
  readonly name: string;
  readonly input: Record<string, unknown>;
  closed: boolean;
  /** One numbered item. */
  give(seq: number, item: unknown): void;
  end(code?: ErrorCode): void;
};

/** A wire whose other end is the test: it answers calls by name and plays the feeds that were opened. */
export class FakeWire implements Wire {
  readonly sent: { name: string; input: unknown }[] = [];
  readonly feeds: OpenedFeed[] = [];
  answers: Record<string, (input: never) => unknown> = {};

  async send(name: string, input: unknown): Promise<Reply> {
    this.sent.push({ name, input });
    await Promise.resolve();
    const answer = this.answers[name];
    if (!answer) {
      return refusal('engine-unreachable');
    }
    const value = answer(input as never);
    return value instanceof Refused ? refusal(value.code) : { ok: true, value };
  }

  open(name: string, input: unknown, onFrame: (frame: Frame) => void): () => void {
    const feed: OpenedFeed = {
      name,
      input: input as Record<string, unknown>,
      closed: false,
      give: (seq, item) => onFrame({ seq, item }),
      end: (code) => onFrame(code ? { end: true, error: { code, message: code } } : { end: true }),
    };
    this.feeds.push(feed);
    return () => {
      feed.closed = true;
    };
  }

  get lastFeed(): OpenedFeed {
    const feed = this.feeds.at(-1);
    if (!feed) {
      throw new Error('No feed was opened');
    }
    return feed;
  }
}

/** An answer that is an expected failure. */
export class Refused {
  readonly code: ErrorCode;

  constructor(code: ErrorCode) {
    this.code = code;
  }
}

const refusal = (code: ErrorCode): Reply => ({ ok: false, error: { code, message: `it is ${code}` } });

/** Lets everything that waits for a promise run. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    await Promise.resolve();
  }
}
