import { Printer } from './printer.ts';
import type { CliHost, Connection, EngineFlags } from './host.ts';
import { jsonLine } from './json-line.ts';
import { lastingConnection } from './lasting-connection.ts';
import { showError } from './show-error.ts';
import { StatusLine } from './status-line.ts';

const waitingNote =
  'this process is still ending connections, or works on runs of others; Ctrl-C leaves at once, and such runs are lost';
const noteAfterMs = 1_000;

/** Thrown where a question was answered with Ctrl-C; the command ends with 130 and says nothing. */
export class Interrupted extends Error {}

/** One command line from its first word to its exit code: what it prints on, what it talks to and who may interrupt it. */
export class Session {
  readonly host: CliHost;
  readonly out: Printer;
  readonly err: Printer;
  readonly status: StatusLine;
  /** Errors and notices are JSON, one object a line. */
  readonly json: boolean;
  exitCode = 0;
  /** Resolves with an exit code when the user wants out, whatever is still going on. */
  readonly left: Promise<number>;
  readonly #leave: (code: number) => void;
  #onInterrupt: () => void;
  #endWork: () => void = () => this.leave(130);
  readonly #stopListening: () => void;

  constructor(host: CliHost, { json }: { json: boolean }) {
    this.host = host;
    this.json = json;
    this.out = new Printer(host.stdout, host.env);
    this.err = new Printer(host.stderr, host.env);
    this.status = new StatusLine(this.err);
    const { promise, resolve } = Promise.withResolvers<number>();
    this.left = promise;
    this.#leave = resolve;
    this.#onInterrupt = () => this.leave(130);
    this.#stopListening = host.onInterrupt(() => this.#onInterrupt());
  }

  leave(code: number): void {
    this.#leave(code);
  }

  /** What the next interrupts do, instead of ending the command with 130. */
  onInterrupt(act: () => void): void {
    this.#onInterrupt = act;
  }

  /** The next interrupts end the work with 130 again, as they did at its beginning. */
  endOnInterrupt(): void {
    this.onInterrupt(this.#endWork);
  }

  /** A line for a person, or a program that reads stderr, beside the output. */
  notice(message: string): void {
    this.status.writeAbove(this.json ? jsonLine({ notice: { message } }) : `drover: ${message}\n`);
  }

  /** Shows an error and gives its exit code. */
  report(error: unknown): number {
    if (error instanceof Interrupted) {
      return 130;
    }
    const { text, exitCode } = showError(error, { json: this.json });
    this.status.writeAbove(text);
    return exitCode;
  }

  /**
   * Connects, works and leaves; gives the exit code and never rejects once it is connected. An interrupt ends the work
   * with 130 and aborts its signal, unless the work has said otherwise.
   */
  async withEngine(
    flags: EngineFlags,
    work: (connection: Connection, signal: AbortSignal) => Promise<number>,
  ): Promise<number> {
    const connection = await lastingConnection(() => this.host.connect(flags));
    const abort = new AbortController();
    const { promise: interrupted, resolve: end } = Promise.withResolvers<number>();
    this.#endWork = () => end(130);
    this.endOnInterrupt();
    const worked = work(connection, abort.signal).catch((error: unknown) =>
      abort.signal.aborted ? 130 : this.report(error),
    );
    const code = await Promise.race([worked, interrupted]);
    abort.abort();
    this.status.clear();
    return this.#close(connection, code);
  }

  dispose(): void {
    this.#stopListening();
  }

  async #close(connection: Connection, code: number): Promise<number> {
    let told = false;
    const tell = (): void => {
      told = true;
      this.notice(waitingNote);
    };
    this.onInterrupt(() => (told ? this.leave(code) : tell()));
    const stopNote = this.host.clock.after(noteAfterMs, () => !told && tell());
    try {
      await connection.close();
      return code;
    } catch (error) {
      return this.report(error);
    } finally {
      stopNote();
    }
  }
}
