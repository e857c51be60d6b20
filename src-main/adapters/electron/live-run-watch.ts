import type { DroverClient } from '#contract/client';
import type { Run, RunStatus } from '#contract/run';
import type { Clock, Log } from '#core/ports';

const liveStatuses: readonly RunStatus[] = ['pending', 'running', 'cancelling'];
const isLive = ({ status }: Pick<Run, 'status'>): boolean => liveStatuses.includes(status);

type WatchNeeds = {
  readonly client: DroverClient;
  readonly clock: Pick<Clock, 'after'>;
  readonly log: Log;
  /** Told after every change of a run. */
  readonly onChange: () => void;
  /** Told of every row of a run that has ended. */
  readonly onEnd: (run: Run) => void;
};

const mostListed = 500;
/** After a feed that broke off. */
const againMs = 1_000;

/** Knows the runs that have not ended, for the tray, the task bar and the notifications. */
export class LiveRunWatch {
  readonly #needs: WatchNeeds;
  readonly #gone = new AbortController();
  readonly #byId = new Map<string, Run>();
  /** Revision of the newest row of an ended run: a list that was read before must not bring one back. */
  #seenRev = 0;

  constructor(needs: WatchNeeds) {
    this.#needs = needs;
  }

  /** Newest first. */
  get live(): readonly Run[] {
    return [...this.#byId.values()].toSorted((a, b) => b.no - a.no);
  }

  start(): void {
    const { client, clock, log } = this.#needs;
    // Before the list is read, so that nothing falls between the two.
    const following = client.follow(
      'run.changes',
      {},
      { signal: this.#gone.signal, onItem: (change) => change.kind === 'run' && this.#take(change.run) },
    );
    following
      .catch((error: unknown) => log.warn('the watch over the runs broke off', { error }))
      .finally(() => {
        if (!this.#gone.signal.aborted) {
          clock.after(againMs, () => this.start());
        }
      })
      .catch((error: unknown) => log.error('the watch over the runs ended', { error }));
    this.#list().catch((error: unknown) => log.warn('the live runs could not be listed', { error }));
  }

  close(): void {
    this.#gone.abort();
  }

  async #list(): Promise<void> {
    const { runs } = await this.#needs.client.call('run.list', { status: [...liveStatuses], limit: mostListed });
    for (const run of runs.filter(({ id, rev }) => rev > (this.#byId.get(id)?.rev ?? this.#seenRev))) {
      this.#byId.set(run.id, run);
    }
    this.#needs.onChange();
  }

  #take(run: Run): void {
    if (isLive(run)) {
      this.#byId.set(run.id, run);
    } else {
      this.#byId.delete(run.id);
      this.#seenRev = Math.max(this.#seenRev, run.rev);
      this.#needs.onEnd(run);
    }
    this.#needs.onChange();
  }
}
