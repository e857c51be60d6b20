import type { Log, StopSignals } from '#core/ports';
import { endsOf } from './channel-ends.ts';
import type { RemoteShell } from './remote-shell.ts';
import { type StopLevel, stopProgram, type StopReport, stopReport, stopSentence } from './remote-stop.ts';
import { wordsOf } from './words-of.ts';

type StopNeeds = {
  readonly mark: string;
  /** The process that says that the script runs is a shell around it. */
  readonly isShell: boolean;
  readonly newToken: () => string;
  readonly log: Log;
  readonly openShell: () => Promise<{ shell: RemoteShell; close: () => void }>;
};

/** A stop program that says nothing for so long is given up, in milliseconds. */
const answerMs = 15_000;
/** The answer is the last line of what is said. */
const mostAnswerBytes = 65_536;

/** Obeys the two stop signals of a script on the far side by programs that are sent beside it. */
export class RemoteStop {
  readonly #needs: StopNeeds;
  readonly #signals: StopSignals;
  readonly #gaveUp = Promise.withResolvers<undefined>();
  readonly #reports: StopReport[] = [];
  #orders: Promise<void> = Promise.resolve();
  #pid: number | undefined;
  #session = 0;
  #abandon: () => void = () => undefined;
  #isGone = false;
  #failure: string | undefined;
  #told: StopLevel | undefined;

  constructor(signals: StopSignals, needs: StopNeeds) {
    this.#needs = needs;
    this.#signals = signals;
    signals.term.addEventListener('abort', this.#onTerm);
    signals.kill.addEventListener('abort', this.#onKill);
  }

  get wasAsked(): boolean {
    return this.#signals.term.aborted || this.#signals.kill.aborted;
  }

  /** Resolves when KILL was repeated in vain. */
  get gaveUp(): Promise<undefined> {
    return this.#gaveUp.promise;
  }

  /** What to do when a stop comes before the script has said that it runs. */
  onNotStarted(act: () => void): void {
    this.#abandon = act;
    if (this.wasAsked && this.#pid === undefined) {
      act();
    }
  }

  /** The script runs under this number. */
  begin(pid: number): void {
    this.#pid = pid;
    if (this.#signals.kill.aborted) {
      this.#onKill();
    } else if (this.#signals.term.aborted) {
      this.#onTerm();
    }
  }

  /** To be called when the script has ended: ends what is left of it; null when nothing was ever told. */
  async finish(): Promise<string | null> {
    this.#isGone = true;
    this.#signals.term.removeEventListener('abort', this.#onTerm);
    this.#signals.kill.removeEventListener('abort', this.#onKill);
    await this.#orders;
    if (this.#told === 'term' && this.#pid !== undefined) {
      this.#order('rest');
      await this.#orders;
    }
    const term = this.#reports.reduce((sum, report) => sum + report.term, 0);
    const kill = this.#reports.reduce((sum, report) => sum + report.kill, 0);
    const left = this.#reports.at(-1)?.left ?? [];
    if (this.#failure !== undefined) {
      return `the stop could not be carried out: ${this.#failure}`;
    }
    return term + kill + left.length === 0 ? null : stopSentence({ term, kill, left });
  }

  readonly #onTerm = (): void => {
    if (this.#pid === undefined) {
      this.#abandon();
    } else {
      this.#order('term');
    }
  };

  readonly #onKill = (): void => {
    if (this.#pid === undefined) {
      this.#abandon();
    } else {
      this.#order('kill');
    }
  };

  #order(level: StopLevel): void {
    this.#told = this.#told === 'kill' ? 'kill' : level;
    this.#orders = this.#orders.then(() => this.#carryOut(level));
  }

  /** Never rejects. */
  async #carryOut(level: StopLevel): Promise<void> {
    const { mark, isShell, newToken, log } = this.#needs;
    try {
      const { shell, close } = await this.#needs.openShell();
      try {
        const token = newToken();
        const pid = this.#pid ?? 0;
        const session = this.#session || pid;
        const program = stopProgram({ level, mark, token, pid, isGone: this.#isGone, isShell, session });
        const report = stopReport(await answerOf(shell, program), token);
        if (!report) {
          throw new Error('the far side gave no answer');
        }
        this.#failure = undefined;
        this.#reports.push(report);
        this.#session ||= report.session;
        if (level === 'kill' && report.left.length > 0) {
          this.#gaveUp.resolve(undefined);
        }
      } finally {
        close();
      }
    } catch (error) {
      this.#failure = wordsOf(error);
      log.warn('a stop could not be carried out', { level, error });
    }
  }
}

function answerOf({ channel }: RemoteShell, program: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const timer = setTimeout(() => resolve(answer), answerMs);
    channel.on('data', (bytes: Buffer) => {
      answer = `${answer}${bytes.toString('latin1')}`.slice(-mostAnswerBytes);
    });
    // A shell by sudo is handed over paused.
    channel.resume();
    channel.stderr.resume();
    void endsOf(channel).closed.then(() => {
      clearTimeout(timer);
      resolve(answer);
    });
    channel.end(program);
  });
}
