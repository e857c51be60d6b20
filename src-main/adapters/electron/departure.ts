import type { App, BrowserWindow, Dialog, MessageBoxOptions } from 'electron';
import type { DroverClient } from '#contract/client';
import type { Clock, Log } from '#core/ports';
import { runsInWords } from './run-words.ts';
import type { Leaving } from './tray-menu.ts';
import { words } from './words.ts';

type DepartureNeeds = {
  readonly app: Pick<App, 'quit' | 'exit' | 'on'>;
  readonly dialog: Pick<Dialog, 'showMessageBox'>;
  readonly client: DroverClient;
  readonly clock: Pick<Clock, 'after'>;
  readonly log: Log;
  readonly runs: {
    readonly liveCount: number;
    idle(): Promise<void>;
    /** Takes nothing new; what waits is kept for the next start. */
    close(): void;
    cancelAll(): void;
  };
  readonly window: { readonly current: BrowserWindow | undefined; hide(): void };
  readonly onLeaving: (leaving: Leaving) => void;
  /** Closes everything that must be closed before the process ends. */
  readonly close: () => Promise<void>;
};

/** In the order of the dialog's buttons. */
const answers = ['keep', 'wait', 'cancel', 'back'] as const;
const mostListed = 20;

/** Nobody loses a run by quitting: those that are live are named, and kept, waited for or cancelled as the person chooses. */
export class Departure {
  readonly #needs: DepartureNeeds;
  #phase: 'here' | 'asking' | 'waiting' | 'ending' | 'gone' = 'here';
  /** Of several waits the last one counts. */
  #round = 0;

  constructor(needs: DepartureNeeds) {
    this.#needs = needs;
    needs.app.on('before-quit', (event) => {
      if (this.#phase !== 'gone') {
        event.preventDefault();
        this.#asked();
      }
    });
  }

  /** Windows may close for good from now on. */
  get isGone(): boolean {
    return this.#phase === 'gone';
  }

  /** Takes "quit when they have ended" back. */
  stay(): void {
    if (this.#phase === 'waiting') {
      this.#enter('here');
    }
  }

  /**
   * The system or a signal ends the session: nobody can be asked. Asks everything to stop, waits `graceMs` at most for
   * the results, and records them; what has not answered is found and named as lost by the next start.
   */
  endNow(reason: string, graceMs: number): void {
    const { runs, clock, log, app } = this.#needs;
    if (this.#phase === 'ending' || this.#phase === 'gone') {
      return;
    }
    log.info('told to end', { reason, live: runs.liveCount });
    this.#enter('ending');
    runs.close();
    runs.cancelAll();
    const late = new Promise<'late'>((resolve) => void clock.after(graceMs, () => resolve('late')));
    Promise.race([runs.idle(), late])
      .then(async (outcome) => {
        if (outcome === 'late') {
          log.warn('ended before every target had answered', { reason, live: runs.liveCount });
          app.exit(0);
        } else {
          await this.#leave();
        }
      })
      .catch((error: unknown) => this.#fail(error));
  }

  #asked(): void {
    const { runs } = this.#needs;
    if (this.#phase === 'asking' || this.#phase === 'ending') {
      return;
    }
    if (runs.liveCount === 0) {
      void this.#end().catch((error: unknown) => this.#fail(error));
      return;
    }
    const before = this.#phase;
    this.#phase = 'asking';
    this.#ask()
      .catch((error: unknown) => {
        // Without an answer nothing may be lost.
        this.#needs.log.error('the question of quitting could not be asked', { error });
        return 'back' as const;
      })
      .then(async (answer) => {
        // A signal may have come while the question stood.
        if (this.#phase === 'asking') {
          this.#phase = before;
          await this.#follow(answer);
        }
      })
      .catch((error: unknown) => this.#fail(error));
  }

  async #ask(): Promise<(typeof answers)[number]> {
    const { client, dialog, runs, window } = this.#needs;
    const listed = await client.call('run.list', { status: ['running', 'cancelling', 'pending'], limit: mostListed });
    const options: MessageBoxOptions = {
      type: 'question',
      title: words.product,
      message: words.quit.question(runs.liveCount),
      detail: `${runsInWords(listed.runs, runs.liveCount)}\n\n${words.quit.explain}`,
      buttons: answers.map((answer) => words.quit[answer]),
      defaultId: answers.indexOf('keep'),
      cancelId: answers.indexOf('back'),
      noLink: true,
    };
    const parent = window.current?.isVisible() ? window.current : undefined;
    const { response } = await (parent ? dialog.showMessageBox(parent, options) : dialog.showMessageBox(options));
    return answers[response] ?? 'back';
  }

  async #follow(answer: (typeof answers)[number]): Promise<void> {
    const { runs, window } = this.#needs;
    switch (answer) {
      case 'back':
        // What was waited for may have ended while the question stood.
        await (this.#phase === 'waiting' ? this.#wait() : undefined);
        return;
      case 'keep':
        this.stay();
        window.hide();
        return;
      case 'wait':
        await this.#wait();
        return;
      case 'cancel':
        // Before the engine closes: those that wait in the queue were named as well.
        runs.cancelAll();
        await this.#end();
    }
  }

  /** Runs may still begin meanwhile, and are waited for as well. */
  async #wait(): Promise<void> {
    this.#round += 1;
    const round = this.#round;
    this.#enter('waiting');
    await this.#needs.runs.idle();
    if (this.#phase === 'waiting' && round === this.#round) {
      await this.#end();
    }
  }

  async #end(): Promise<void> {
    const { runs } = this.#needs;
    this.#enter('ending');
    runs.close();
    await runs.idle();
    await this.#leave();
  }

  async #leave(): Promise<void> {
    await this.#needs.close();
    this.#phase = 'gone';
    this.#needs.app.quit();
  }

  #enter(phase: 'here' | 'waiting' | 'ending'): void {
    this.#phase = phase;
    this.#needs.onLeaving(phase === 'here' ? 'no' : phase);
  }

  #fail(error: unknown): void {
    this.#needs.log.error('quitting failed', { error });
    this.#needs.app.exit(1);
  }
}
