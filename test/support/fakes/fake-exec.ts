import type { Stream } from '#contract/run';
import type { Clock, Exec, ExecRequest, ExecResult, OutputSink, StopSignals, TaskType } from '#core/ports';

type Output = { readonly at: number; readonly stream?: Stream; readonly bytes: string | Uint8Array };

/** What happens on one target; without `exitAfter` it never ends by itself. Times are milliseconds from its start. */
export type HostScript = {
  readonly output?: readonly Output[];
  readonly exitAfter?: number;
  readonly exitCode?: number;
  /** Ends at once in another way than by an exit. */
  readonly fails?: ExecResult;
  /** Rejects instead of ending. */
  readonly throws?: Error;
  /** Milliseconds from the stop until the process is gone; `ignores` for one that does not care. */
  readonly onTerm?: number | 'ignores';
  readonly onKill?: number | 'ignores';
};

const ended = (exitCode: number, stopped: string | null): ExecResult => ({
  kind: 'exited',
  exitCode,
  stopped,
  message: '',
});

/** Plays a script for each target and keeps what was asked of it. */
export class FakeExec implements Exec {
  /** Numbers of the targets, in the order in which they were started. */
  readonly started: number[] = [];
  readonly termed: { readonly host: number; readonly at: number }[] = [];
  readonly killed: { readonly host: number; readonly at: number }[] = [];
  /** Targets worked on now, and at most. */
  running = 0;
  most = 0;
  readonly #clock: Clock;
  readonly #scriptOf: (host: number) => HostScript;
  readonly #answers = new Map<number, (result: ExecResult) => void>();
  readonly #sinks = new Map<number, OutputSink>();

  constructor(clock: Clock, scriptOf: (host: number) => HostScript) {
    this.#clock = clock;
    this.#scriptOf = scriptOf;
  }

  /** Ends a target by hand, however late. */
  answer(host: number, result: ExecResult = ended(0, null)): void {
    this.#answers.get(host)?.(result);
  }

  /** Bytes of a target by hand, however late. */
  emit(host: number, bytes: string | Uint8Array, stream: Stream = 'out'): void {
    void this.#sinks.get(host)?.(stream, bytesOf(bytes));
  }

  async run(request: ExecRequest, sink: OutputSink, stop: StopSignals): Promise<ExecResult> {
    const { host } = request.target;
    const script = this.#scriptOf(host);
    this.started.push(host);
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    const { promise, resolve, reject } = Promise.withResolvers<ExecResult>();
    this.#answers.set(host, resolve);
    this.#sinks.set(host, sink);
    const timers = (script.output ?? []).map(({ at, stream = 'out', bytes }) =>
      this.#clock.after(at, () => void sink(stream, bytesOf(bytes))),
    );
    const endIn = (ms: number | 'ignores' | undefined, result: ExecResult): void => {
      if (ms !== 'ignores') {
        timers.push(this.#clock.after(ms ?? 0, () => resolve(result)));
      }
    };
    const onTerm = (): void => {
      this.termed.push({ host, at: this.#clock.monotonic() });
      endIn(script.onTerm, ended(143, 'TERM'));
    };
    const onKill = (): void => {
      this.killed.push({ host, at: this.#clock.monotonic() });
      endIn(script.onKill, ended(137, 'KILL'));
    };
    stop.term.addEventListener('abort', onTerm);
    stop.kill.addEventListener('abort', onKill);
    if (script.throws) {
      reject(script.throws);
    } else if (script.fails) {
      resolve(script.fails);
    } else if (script.exitAfter !== undefined) {
      endIn(script.exitAfter, ended(script.exitCode ?? 0, null));
    }
    try {
      return await promise;
    } finally {
      this.running -= 1;
      stop.term.removeEventListener('abort', onTerm);
      stop.kill.removeEventListener('abort', onKill);
      for (const cancel of timers) {
        cancel();
      }
    }
  }
}

const bytesOf = (content: string | Uint8Array): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content;

/** The task type of scripts without anything that scripts need: the text goes to the target as it is. */
export const fakeTask: TaskType = {
  name: 'script',
  prepare: (task) => ({ finalText: task.text, leftAlone: [] }),
  run: (_task, { exec, runId, target, finalText, sink, stop }) =>
    exec.run(
      {
        runId,
        target,
        launch: { files: [{ name: 'script', content: finalText }], entry: 'script', candidates: [] },
        environment: {},
        stdin: null,
      },
      sink,
      stop,
    ),
};
