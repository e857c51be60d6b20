import type { Log, StopSignals } from '#core/ports';
import type { ProcessRow } from './process-table.ts';
import type { Processes, Sight, StopSignal } from './run-processes.ts';

/** After the interpreter obeyed TERM, what is left of its run has this long before KILL. */
const restGraceMs = 2_000;
/** KILL is repeated for this long; what then lives is reported. */
const killForMs = 2_000;
const lookEveryMs = 20;
const lookAtLeastEveryMs = 250;

const pause = (ms: number): Promise<void> => new Promise((done) => void setTimeout(done, ms));

const counted = (count: number): string => `${count} process${count === 1 ? '' : 'es'}`;

const notFound: Record<Sight, string> = {
  all: 'none found',
  ties: 'none found by session, parent or environment',
  interpreter: 'the interpreter is gone, its children were not looked for',
};

/** In one sentence: who was told what, and what was seen afterwards. */
export function stopSentence(term: number, kill: number, end: { left: readonly number[]; sees: Sight }): string {
  const told = [
    ...(term > 0 ? [`TERM to ${counted(term)}`] : []),
    ...(kill > 0 ? [`KILL to ${term > 0 ? kill : counted(kill)}`] : []),
  ];
  const seen =
    end.left.length > 0 ? `${counted(end.left.length)} still alive: ${end.left.join(', ')}` : notFound[end.sees];
  return `${told.join(', ')}; ${seen}`;
}

type Needs = { readonly processes: Processes; readonly monotonic: () => number; readonly log: Log };

/** Obeys the two stop signals of a run whose interpreter was started. Whoever makes it closes it. */
export class RunStop {
  readonly #needs: Needs;
  readonly #stop: StopSignals;
  readonly #told = { SIGTERM: new Set<number>(), SIGKILL: new Set<number>() };
  readonly #gaveUp = Promise.withResolvers<void>();
  #begun = false;
  #telling: Promise<void> | undefined;
  #killing: Promise<void> | undefined;
  #left: readonly ProcessRow[] = [];
  readonly #onTerm = (): void => {
    if (this.#mayBegin()) {
      this.#telling = this.#tell('SIGTERM', this.#needs.processes.find()).catch(this.#report);
    }
  };
  readonly #onKill = (): void => {
    if (this.#begun || this.#mayBegin()) {
      this.#kill();
    }
  };
  readonly #report = (error: unknown): void => this.#needs.log.error('Stopping a run failed', { error });

  constructor(stop: StopSignals, needs: Needs) {
    this.#needs = needs;
    this.#stop = stop;
    stop.term.addEventListener('abort', this.#onTerm);
    stop.kill.addEventListener('abort', this.#onKill);
    if (stop.term.aborted) {
      this.#onTerm();
    }
    if (stop.kill.aborted) {
      this.#onKill();
    }
  }

  /** Listens no more. */
  close(): void {
    this.#stop.term.removeEventListener('abort', this.#onTerm);
    this.#stop.kill.removeEventListener('abort', this.#onKill);
  }

  /** Resolves when KILL was repeated in vain. */
  get gaveUp(): Promise<void> {
    return this.#gaveUp.promise;
  }

  /** To be called when the interpreter has ended: ends what is left of a stopped run; null when nothing was ever told. */
  async finish(): Promise<string | null> {
    const { SIGTERM, SIGKILL } = this.#told;
    await this.#telling;
    if (!this.#killing && SIGTERM.size > 0) {
      await this.#endRest();
    }
    await this.#killing;
    if (SIGTERM.size + SIGKILL.size + this.#left.length === 0) {
      return null;
    }
    return stopSentence(SIGTERM.size, SIGKILL.size, {
      left: this.#left.map((row) => row.pid),
      sees: this.#needs.processes.sees,
    });
  }

  /** An interpreter that ended by itself keeps its own result, even when nobody has noticed yet. */
  #mayBegin(): boolean {
    this.#begun = this.#needs.processes.isMainLiving();
    return this.#begun;
  }

  async #tell(signal: StopSignal, rows: readonly ProcessRow[]): Promise<void> {
    for (const row of await this.#needs.processes.signal(rows, signal)) {
      this.#told[signal].add(row.pid);
    }
  }

  async #endRest(): Promise<void> {
    const { processes, monotonic } = this.#needs;
    let rest = processes.find();
    await this.#tell('SIGTERM', rest);
    const deadline = monotonic() + restGraceMs;
    while (rest.length > 0 && monotonic() < deadline && !this.#killing) {
      await pause(lookEveryMs);
      rest = this.#living(rest);
    }
    if (rest.length > 0) {
      this.#kill();
    }
  }

  /** Looks at all processes only when the known ones are gone, because that is the dearer question. */
  #living(rows: readonly ProcessRow[]): ProcessRow[] {
    const still = this.#needs.processes.stillLiving(rows);
    return still.length > 0 ? still : this.#needs.processes.find();
  }

  #kill(): void {
    this.#killing ??= this.#killAll().catch(this.#report);
  }

  async #killAll(): Promise<void> {
    const { processes, monotonic } = this.#needs;
    const deadline = monotonic() + killForMs;
    this.#left = processes.find();
    for (let waitMs = lookEveryMs; this.#left.length > 0 && monotonic() < deadline; waitMs *= 2) {
      await this.#tell('SIGKILL', this.#left);
      await pause(Math.min(waitMs, lookAtLeastEveryMs));
      this.#left = processes.find();
    }
    if (processes.isMainLiving()) {
      this.#gaveUp.resolve();
    }
  }
}
