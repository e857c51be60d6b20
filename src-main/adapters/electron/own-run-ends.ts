import type { Notification, NotificationConstructorOptions } from 'electron';
import { contract, type Name } from '#contract';
import type { DroverClient } from '#contract/client';
import { pathOfRun } from '#contract/pages';
import { type Run, RunRef } from '#contract/run';
import type { Log } from '#core/ports';
import { endInWords } from './run-words.ts';

type EndNeeds = {
  readonly client: DroverClient;
  readonly log: Log;
  readonly notify: (options: NotificationConstructorOptions) => Notification;
  /** Somebody can see the pages. */
  readonly inView: () => boolean;
  readonly open: (page: string) => void;
};

/** Started and forgotten by a window that then stays for weeks. */
const mostRemembered = 10_000;

/** Whether a call of the contract starts a run. */
function startsRun(name: Name): boolean {
  const entry = contract[name];
  return entry.kind === 'call' && entry.output === RunRef;
}

/**
 * Tells by a notification how a run ended that was started from the window, when nobody sees the window then. Runs of the
 * command line, of a schedule or of another session are theirs to watch.
 */
export class OwnRunEnds {
  readonly #needs: EndNeeds;
  readonly #own = new Set<string>();
  /** Kept while they can be clicked: a notification that is collected hears no click. */
  readonly #shown = new Set<Notification>();

  constructor(needs: EndNeeds) {
    this.#needs = needs;
  }

  /** To be told of every answer to a call of the window. */
  readonly onAnswer = (name: Name, value: unknown): void => {
    if (!startsRun(name)) {
      return;
    }
    this.#own.add(RunRef.parse(value).id);
    for (const oldest of this.#own) {
      if (this.#own.size <= mostRemembered) {
        return;
      }
      this.#own.delete(oldest);
    }
  };

  readonly onEnd = (run: Run): void => {
    if (this.#own.delete(run.id) && !this.#needs.inView()) {
      this.#tell(run).catch((error: unknown) =>
        this.#needs.log.warn('the end of a run could not be told', { runId: run.id, error }),
      );
    }
  };

  async #tell(run: Run): Promise<void> {
    const { client, notify, open } = this.#needs;
    const { hosts } = await client.call('run.hosts', { run: run.id, status: ['failed', 'timeout'], limit: 1 });
    const [host] = hosts;
    const line = host && (await this.#firstError(run.id, host.host));
    const notification = notify(endInWords(run, { host, line }));
    this.#shown.add(notification);
    notification.on('close', () => this.#shown.delete(notification));
    notification.on('click', () => {
      this.#shown.delete(notification);
      open(pathOfRun(run.no, host?.host));
    });
    notification.show();
  }

  /** The first line of a target's error stream that says something. */
  async #firstError(run: string, host: number): Promise<string | undefined> {
    const { lines } = await this.#needs.client.call('run.lines', { run, host, stream: 'err', after: 0, limit: 20 });
    return lines.find(({ text }) => text.trim() !== '')?.text;
  }
}
