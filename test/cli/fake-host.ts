import { Readable, Writable } from 'node:stream';
import {
  type CallName,
  contract,
  type FeedName,
  type Frame,
  type ItemOf,
  type OutputOf,
  type ParsedOf,
  type Reply,
  type Wire,
} from '#contract';
import { DroverClient } from '#contract/client';
import { DroverError } from '#contract/errors';
import type { CliHost, Connection, EngineFlags, ServeFlags, Terminal } from '../../src-main/cli/host.ts';

type Item<N extends FeedName> = { readonly seq: number; readonly item: ItemOf<N> };

/** What the engine answers; a call or feed that is not named here fails the test. */
export type FakeEngine = {
  readonly calls?: { [N in CallName]?: (input: ParsedOf<N>) => OutputOf<N> | Promise<OutputOf<N>> };
  readonly feeds?: {
    [N in FeedName]?: (input: ParsedOf<N>, signal: AbortSignal) => AsyncIterable<Item<N>> | Iterable<Item<N>>;
  };
  readonly download?: (input: unknown) => AsyncIterable<Uint8Array>;
};

export type FakeOptions = {
  readonly engine?: FakeEngine;
  /** What connecting ends with. */
  readonly unreachable?: Error;
  readonly local?: boolean;
  readonly salvage?: CliHost['salvage'];
  readonly backup?: CliHost['backup'];
  readonly restore?: CliHost['restore'];
  readonly doctor?: CliHost['doctor'];
  readonly support?: CliHost['support'];
  readonly terminal?: { readonly out?: boolean; readonly err?: boolean; readonly columns?: number };
  /** Somebody at the terminal who gives these answers in turn; null is Ctrl-C. Nobody is there without it. */
  readonly person?: { readonly answers: readonly (string | null)[]; readonly isInteractive?: boolean };
  readonly env?: Record<string, string>;
  readonly stdin?: string;
  readonly cwd?: string;
  readonly close?: () => Promise<void>;
  readonly serve?: (flags: ServeFlags) => Promise<number>;
};

export const fakeNow = Date.UTC(2026, 10, 20, 12, 0, 0);

/** A screen that remembers, and that can stop taking anything, as a pipe whose reader has left. */
export class FakeScreen extends Writable {
  readonly isTTY: boolean;
  readonly columns: number;
  text = '';
  #error: Error | undefined;
  #stalled: (() => void) | undefined;
  #stalls = false;

  constructor({ terminal = false, columns = 80 }: { terminal?: boolean; columns?: number } = {}) {
    super({ decodeStrings: true });
    this.isTTY = terminal;
    this.columns = columns;
  }

  /** From now on every write fails. */
  breakWith(code: string): void {
    this.#error = Object.assign(new Error(`write ${code}`), { code });
  }

  /** From now on nothing is taken until `resume`. */
  stall(): void {
    this.#stalls = true;
  }

  resume(): void {
    this.#stalls = false;
    this.#stalled?.();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    if (this.#error) {
      done(this.#error);
      return;
    }
    this.text += chunk.toString('utf8');
    if (this.#stalls) {
      this.#stalled = () => done();
    } else {
      done();
    }
  }
}

export type FakeHost = {
  readonly host: CliHost;
  readonly out: FakeScreen;
  readonly err: FakeScreen;
  /** What was asked of the engine, defaults filled in. */
  readonly asked: { readonly name: string; readonly input: unknown }[];
  readonly connects: EngineFlags[];
  /** What the person was asked; `hidden` where nothing typed was shown. */
  readonly questions: { readonly text: string; readonly hidden: boolean }[];
  readonly closed: () => number;
  readonly interrupt: () => void;
  /** Lets the fake clock's timers come due. */
  readonly ringTimers: () => void;
};

export function createFakeHost(options: FakeOptions = {}): FakeHost {
  const asked: { name: string; input: unknown }[] = [];
  const connects: EngineFlags[] = [];
  const { terminal: prompt, questions } = fakeTerminal(options.person);
  const listeners = new Set<() => void>();
  const timers = new Set<() => void>();
  const { terminal = {} } = options;
  const size = terminal.columns === undefined ? {} : { columns: terminal.columns };
  const out = new FakeScreen({ terminal: terminal.out ?? false, ...size });
  const err = new FakeScreen({ terminal: terminal.err ?? false, ...size });
  let closed = 0;
  const connection = (): Connection => ({
    client: new DroverClient(fakeWire(options.engine ?? {}, asked)),
    local: options.local ?? false,
    async download(name, input) {
      asked.push({ name, input });
      return options.engine?.download?.(input) ?? Readable.from([]);
    },
    async close() {
      closed += 1;
      await options.close?.();
    },
  });
  const host: CliHost = {
    version: '1.2.3',
    stdout: out,
    stderr: err,
    stdin: Readable.from(options.stdin === undefined ? [] : [Buffer.from(options.stdin)]),
    terminal: prompt,
    env: options.env ?? {},
    cwd: options.cwd ?? '/nowhere',
    clock: {
      now: () => fakeNow,
      monotonic: () => 0,
      after(_ms, act) {
        timers.add(act);
        return () => timers.delete(act);
      },
    },
    async connect(flags) {
      connects.push(flags);
      if (options.unreachable) {
        throw options.unreachable;
      }
      return connection();
    },
    serve: options.serve ?? (async () => 0),
    ...maintenance(options),
    guard: async () => (await import('../../src-main/entry/guard.ts')).guard,
    onInterrupt(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const ring = (acts: Set<() => void>): void => [...acts].forEach((act) => act());
  return {
    host,
    out,
    err,
    asked,
    connects,
    questions,
    closed: () => closed,
    interrupt: () => ring(listeners),
    ringTimers: () => ring(timers),
  };
}

type Maintenance = Pick<CliHost, 'salvage' | 'backup' | 'restore' | 'doctor' | 'support'>;

/** What works on files instead of an engine. */
function maintenance({ salvage, backup, restore, doctor, support }: FakeOptions): Maintenance {
  const refuse = (deed: string) => async () => Promise.reject(new Error(`nothing is ${deed} here`));
  return {
    salvage: salvage ?? refuse('salvaged'),
    backup: backup ?? refuse('backed up'),
    restore: restore ?? refuse('restored'),
    doctor: doctor ?? refuse('looked at'),
    support: support ?? refuse('packed'),
  };
}

function fakeTerminal(person: FakeOptions['person']) {
  const questions: { text: string; hidden: boolean }[] = [];
  const answers = [...(person?.answers ?? [])];
  const answer = async (text: string, hidden: boolean): Promise<string | null> => {
    questions.push({ text, hidden });
    const next = answers.shift();
    if (next === undefined) {
      throw new Error(`nobody answers: ${text}`);
    }
    return next;
  };
  const terminal: Terminal | null = person
    ? {
        isInteractive: person.isInteractive ?? true,
        ask: (question) => answer(question, false),
        askHidden: (question) => answer(question, true),
      }
    : null;
  return { terminal, questions };
}

function fakeWire(engine: FakeEngine, asked: { name: string; input: unknown }[]): Wire {
  const parse = (name: string, input: unknown): unknown => {
    const entry = contract[name as CallName];
    const parsed = entry.input.safeParse(JSON.parse(JSON.stringify(input)));
    if (!parsed.success) {
      throw new DroverError('bad-input', `${name}: ${parsed.error.message}`);
    }
    asked.push({ name, input: parsed.data });
    return parsed.data;
  };
  const toWire = (error: unknown) =>
    (error instanceof DroverError ? error : new DroverError('internal', String(error))).toWire();
  return {
    async send(name, input): Promise<Reply> {
      try {
        const handler = engine.calls?.[name as CallName] as ((input: unknown) => unknown) | undefined;
        if (!handler) {
          throw new Error(`the fake engine has no ${name}`);
        }
        return { ok: true, value: await handler(parse(name, input)) };
      } catch (error) {
        return { ok: false, error: toWire(error) };
      }
    },
    open(name, input, onFrame) {
      const abort = new AbortController();
      const tell = (frame: Frame): void => {
        if (!abort.signal.aborted) {
          onFrame(frame);
        }
      };
      const pump = async (): Promise<void> => {
        const feed = engine.feeds?.[name as FeedName] as
          | ((input: unknown, signal: AbortSignal) => AsyncIterable<{ seq: number; item: unknown }>)
          | undefined;
        if (!feed) {
          throw new Error(`the fake engine has no ${name}`);
        }
        for await (const item of feed(parse(name, input), abort.signal)) {
          if (abort.signal.aborted) {
            return;
          }
          tell(item);
        }
        tell({ end: true });
      };
      pump().catch((error: unknown) => tell({ end: true, error: toWire(error) }));
      return () => abort.abort();
    },
  };
}
