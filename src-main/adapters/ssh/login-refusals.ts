/** Refusals of one credential in one run, without a success, after which it is not tried again. */
const mostRefusals = 5;
/** Runs that are remembered. */
const mostRuns = 1_000;

/** Keeps a wrong credential from banning us: counts, for each run, what every credential has come to. */
export class LoginRefusals {
  readonly #runs = new Map<string, Map<string, number>>();

  /** Whether so many targets have refused it that the next is not tried. */
  isExhausted(runId: string, print: string): boolean {
    return (this.#runs.get(runId)?.get(print) ?? 0) >= mostRefusals;
  }

  /** One success clears a credential for the rest of the run. */
  note(runId: string, print: string, isAccepted: boolean): void {
    const counts = this.#runs.get(runId) ?? new Map<string, number>();
    const before = counts.get(print) ?? 0;
    counts.set(print, isAccepted ? Number.NEGATIVE_INFINITY : before + 1);
    this.#runs.set(runId, counts);
    if (this.#runs.size > mostRuns) {
      const [oldest = ''] = this.#runs.keys();
      this.#runs.delete(oldest);
    }
  }
}
