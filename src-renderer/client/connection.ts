import type { Frame, Reply, Wire } from '#contract';
import type { NodeInfo } from '#contract/node';
import type { ErrorCode } from '#contract/errors';

type ConnectionPhase = 'connecting' | 'online' | 'lost' | 'signed-out';

export type ConnectionState = {
  readonly phase: ConnectionPhase;
  readonly node: NodeInfo | null;
  /** Milliseconds to add to this computer's time to get the node's. */
  readonly clockOffsetMs: number;
  /** Tries since the connection was lost, and when the next one is due by this computer's time. */
  readonly attempt: number;
  readonly nextTryAt: number | null;
  /** The engine has said that it ends; true until another one, or none, answers in its place. */
  readonly stopping: boolean;
};

type Time = { now(): number; after(ms: number, act: () => void): () => void };

const browserTime: Time = {
  now: () => Date.now(),
  after(ms, act) {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};

const firstWaitMs = 500;
const longestWaitMs = 10_000;
const checkEveryMs = 15_000;
const signedOutCheckMs = 10_000;

const lostCodes = new Set<ErrorCode>(['engine-unreachable', 'engine-stopping']);

/** Knows whether the engine answers, and asks again until it does. */
export class Connection {
  readonly #time: Time;
  readonly #ask: () => Promise<Reply>;
  readonly #listeners = new Set<() => void>();
  #state: ConnectionState = {
    phase: 'connecting',
    node: null,
    clockOffsetMs: 0,
    attempt: 0,
    nextTryAt: null,
    stopping: false,
  };
  #cancelTimer: () => void = () => {};
  #asking = false;

  /** `ask` puts `node.info` to the engine. */
  constructor(ask: () => Promise<Reply>, time: Time = browserTime) {
    this.#ask = ask;
    this.#time = time;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Asks now, and from now on regularly. */
  check = (): void => {
    if (this.#asking) {
      return;
    }
    this.#asking = true;
    this.#cancelTimer();
    const askedAt = this.#time.now();
    void settled(this.#ask).then((reply) => {
      this.#asking = false;
      this.#take(reply, askedAt);
    });
  };

  /** What any call or feed has met. */
  noteFailure(code: ErrorCode): void {
    if (code === 'engine-stopping' && !this.#state.stopping) {
      this.#set({ ...this.#state, stopping: true });
    }
    if (code === 'not-signed-in') {
      // Somebody may sign in again in another window.
      this.#cancelTimer();
      this.#cancelTimer = this.#time.after(signedOutCheckMs, this.check);
      this.#set({ ...this.#state, phase: 'signed-out', nextTryAt: null });
    } else if (lostCodes.has(code) && this.#state.phase !== 'lost') {
      this.#lose();
    }
  }

  #take(reply: Reply, askedAt: number): void {
    if (reply.ok) {
      const node = reply.value as NodeInfo;
      const halfway = (askedAt + this.#time.now()) / 2;
      this.#set({
        phase: 'online',
        node,
        clockOffsetMs: Math.round(node.now - halfway),
        attempt: 0,
        nextTryAt: null,
        // An engine that waits for its runs still answers; the next one has begun at another time.
        stopping: this.#state.stopping && node.startedAt === this.#state.node?.startedAt,
      });
      this.#cancelTimer = this.#time.after(checkEveryMs, this.check);
    } else if (reply.error.code === 'not-signed-in') {
      this.noteFailure('not-signed-in');
    } else {
      if (reply.error.code === 'engine-stopping') {
        this.#set({ ...this.#state, stopping: true });
      }
      this.#lose();
    }
  }

  #lose(): void {
    const attempt = this.#state.phase === 'lost' ? this.#state.attempt + 1 : 1;
    const wait = Math.min(firstWaitMs * 2 ** (attempt - 1), longestWaitMs);
    this.#cancelTimer();
    this.#cancelTimer = this.#time.after(wait, this.check);
    this.#set({ ...this.#state, phase: 'lost', attempt, nextTryAt: this.#time.now() + wait });
  }

  #set(state: ConnectionState): void {
    this.#state = state;
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

const unreachable: Reply = {
  ok: false,
  error: { code: 'engine-unreachable', message: 'The engine does not answer' },
};

async function settled(ask: () => Promise<Reply>): Promise<Reply> {
  try {
    return await ask();
  } catch {
    return unreachable;
  }
}

/** The same wire, with every failure told to the connection and none thrown. */
export function watchedWire(wire: Wire, connection: Connection): Wire {
  return {
    async send(name, input) {
      const reply = await settled(() => wire.send(name, input));
      if (!reply.ok) {
        connection.noteFailure(reply.error.code);
      }
      return reply;
    },
    open: (name, input, onFrame) =>
      wire.open(name, input, (frame: Frame) => {
        if ('end' in frame && frame.error) {
          connection.noteFailure(frame.error.code);
        }
        onFrame(frame);
      }),
  };
}
