import { constants } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { ClientChannel } from 'ssh2';
import type { HostReason } from '#contract/run';
import type { ExecResult, OutputSink } from '#core/ports';
import { endsOf } from './channel-ends.ts';
import type { Dispatch } from './launcher.ts';
import { NoiseGate } from './noise-gate.ts';
import { wordsOf } from './words-of.ts';
import { OutputPump } from './output-pump.ts';
import type { RemoteShell } from './remote-shell.ts';

/** What is known of a script that runs on the far side. */
export type Started = { readonly pid: number; readonly loginShell: string };

type RunOptions = {
  readonly shell: RemoteShell;
  readonly dispatch: Dispatch;
  readonly token: string;
  readonly sink: OutputSink;
  readonly monotonic: () => number;
  /** Resolves with words when the connection is gone. */
  readonly connectionClosed: Promise<string>;
  /** Aborts when the script must be gone: then nobody waits long for the rest of its output. */
  readonly kill: AbortSignal;
  readonly onStarted: (started: Started) => void;
};

export type RunEnd =
  | { readonly kind: 'exited'; readonly exitCode: number; readonly message: string }
  | { readonly kind: 'failed'; readonly reason: HostReason; readonly message: string };

/** Silence after which an output that stays open is taken as held by background processes only, in milliseconds. */
const quietMs = 500;
/** Longest time that output which goes on and on is followed after the script's end; waiting for the taker does not count. */
const followMs = 5_000;
/** More than pipes, sshd and the channel's window hold: what comes after so many bytes was not written by the script itself. */
const mostHeldBytes = 8 * 1024 * 1024;
/** What was sent is given so long to say that it runs, before it is left to itself. */
const beginMs = 5_000;
/** What a kill leaves for taking the rest of the output. */
const hurriedMs = 800;
const lookEveryMs = 50;
const saidBytes = 300;

export const openEnd =
  'Background processes keep the output open and were left running; what they write from now on is not kept';

export const lastMissing = 'The last of the output may be missing';

/** How the rest of the output was taken after the script's end. */
type Rest = 'whole' | 'open' | 'hurried';

const remarkOf: Record<Rest, readonly string[]> = {
  whole: [],
  open: [openEnd],
  hurried: [lastMissing],
};

/** Sends a program to a shell and takes what it writes until the script has ended. */
export class RemoteRun {
  readonly #options: RunOptions;
  readonly #channel: ClientChannel;
  readonly #pumps: readonly OutputPump[];
  readonly #gates: { readonly out: NoiseGate; readonly err: NoiseGate };
  readonly #closed: Promise<void>;
  readonly #exited: Promise<void>;
  #exit: { code: number | null; signal: string | undefined } | undefined;
  #word: { word: string; rest: string } | undefined;
  #started: Started | undefined;
  #isSent = false;

  constructor(options: RunOptions) {
    this.#options = options;
    const { shell, token, monotonic } = options;
    const { channel } = shell;
    this.#channel = channel;
    this.#gates = { out: new NoiseGate(token), err: new NoiseGate(token) };
    const { exited, closed } = endsOf(channel);
    this.#closed = closed;
    this.#exited = exited.then((exit) => {
      this.#exit = exit;
    });
    channel.on('error', () => undefined);
    this.#pumps = [
      new OutputPump(channel, (bytes) => this.#take('out', bytes), monotonic),
      new OutputPump(channel.stderr, (bytes) => this.#take('err', bytes), monotonic),
    ];
    if (shell.early.length > 0) {
      void this.#take('err', shell.early);
    }
    channel.resume();
    channel.stderr.resume();
  }

  get started(): Started | undefined {
    return this.#started;
  }

  /** Sends the program and waits for the end; never rejects. */
  async finish(): Promise<RunEnd> {
    const { dispatch, connectionClosed } = this.#options;
    this.#isSent = true;
    this.#channel.write(dispatch.header);
    this.#channel.end(dispatch.payload.length > 0 ? Buffer.from(dispatch.payload) : undefined);
    const lost = connectionClosed.then((why) => why);
    const gone = await Promise.race([this.#exited, this.#closed, lost]);
    if (this.#exit === undefined && typeof gone === 'string') {
      return this.#lost(gone);
    }
    const leave = new AbortController();
    const rest = await Promise.race([this.#all(), this.#hurried(leave.signal)]);
    leave.abort();
    if (rest === 'hurried') {
      this.abandon();
    }
    return this.#end(rest);
  }

  async #all(): Promise<Rest> {
    const isWhole = await this.#rest();
    if (isWhole) {
      await Promise.all(this.#pumps.map((pump) => pump.ended));
    }
    await Promise.all(this.#pumps.map((pump) => pump.settled()));
    return isWhole ? 'whole' : 'open';
  }

  async #hurried(left: AbortSignal): Promise<Rest> {
    const { kill } = this.#options;
    if (!kill.aborted) {
      await new Promise<void>((resolve) => {
        kill.addEventListener('abort', () => resolve(), { once: true, signal: left });
      });
    }
    await pause(hurriedMs, undefined, { ref: false });
    return 'hurried';
  }

  /**
   * Ends the channel; what runs on the far side is not told. A program that was sent and is about to begin is waited for,
   * because nobody could stop it without its number.
   */
  abandon(): void {
    if (!this.#isSent || this.#started || this.#exit) {
      this.#channel.destroy();
      return;
    }
    const timer = setTimeout(() => this.#started ?? this.#channel.destroy(), beginMs);
    void this.#closed.then(() => clearTimeout(timer));
  }

  #take(stream: 'out' | 'err', bytes: Buffer): void | Promise<void> {
    const taken = this.#gates[stream].take(bytes);
    if (taken?.line !== undefined && stream === 'err') {
      this.#hear(taken.line);
    }
    return taken && taken.rest.length > 0 ? this.#options.sink(stream, taken.rest) : undefined;
  }

  #hear(line: string): void {
    const [word = '', ...rest] = line.split(' ');
    this.#word = { word, rest: rest.join(' ') };
    if (word === 'run') {
      const [pid = '', loginShell = ''] = rest;
      this.#started = { pid: Number(pid), loginShell };
      this.#options.onStarted(this.#started);
    }
  }

  /** Waits until all that the script itself had written has come; false when others keep its output open. */
  async #rest(): Promise<boolean> {
    const { monotonic } = this.#options;
    const atEnd = { at: monotonic(), waitedMs: this.#waitedMs, bytes: this.#bytes };
    const closed = this.#closed.then(() => true);
    for (;;) {
      if (await Promise.race([closed, pause(lookEveryMs, false, { ref: false })])) {
        return true;
      }
      const isQuiet = this.#pumps.every(({ silentMs }) => silentMs >= quietMs);
      const sinceMs = monotonic() - atEnd.at;
      const isOthers =
        sinceMs - (this.#waitedMs - atEnd.waitedMs) >= followMs || this.#bytes - atEnd.bytes >= mostHeldBytes;
      if (isQuiet || (sinceMs >= followMs && isOthers)) {
        this.abandon();
        return false;
      }
    }
  }

  get #waitedMs(): number {
    return Math.max(...this.#pumps.map(({ waitedMs }) => waitedMs));
  }

  get #bytes(): number {
    return this.#pumps.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  #end(rest: Rest): RunEnd {
    if (!this.#started) {
      return this.#neverStarted();
    }
    const exit = this.#exit;
    if (!exit) {
      return { kind: 'failed', reason: 'lost', message: 'It ended without saying how: its exit code is not known' };
    }
    const failure = this.#pumps.find((pump) => pump.failure !== undefined)?.failure;
    const remarks = [
      ...(failure === undefined ? [] : [`Output could not be kept: ${wordsOf(failure)}`]),
      ...remarkOf[rest],
    ];
    return { kind: 'exited', exitCode: exitCodeOf(exit), message: remarks.join('. ') };
  }

  #neverStarted(): RunEnd {
    const { word, rest } = this.#word ?? { word: '', rest: '' };
    if (word === 'no-interpreter') {
      return { kind: 'failed', reason: 'no-interpreter', message: `No interpreter found; looked for ${rest}` };
    }
    if (word === 'no-space') {
      const message =
        'No place for the script: $TMPDIR, /tmp, /dev/shm and the home directory are full or cannot be written';
      return { kind: 'failed', reason: 'no-space', message };
    }
    const said = `${this.#gates.out.noise}${this.#gates.err.noise}`.trim().slice(-saidBytes);
    const message = 'The login shell did not start the script';
    return { kind: 'failed', reason: 'no-interpreter', message: said === '' ? message : `${message}: ${said}` };
  }

  #lost(why: string): RunEnd {
    return this.#started
      ? { kind: 'failed', reason: 'lost', message: `The connection broke (${why}): it may still run there` }
      : {
          kind: 'failed',
          reason: 'lost',
          message: `The connection broke (${why}) while it was started: it may run there`,
        };
  }
}

function exitCodeOf({ code, signal }: { code: number | null; signal: string | undefined }): number {
  const name = `SIG${signal ?? ''}`.replace(/^SIGSIG/, 'SIG') as NodeJS.Signals;
  return code ?? 128 + (constants.signals[name] ?? 0);
}

/** The result of a run in the words of the port. */
export const resultOf = (end: RunEnd, stopped: string | null): ExecResult => ({ ...end, stopped });
