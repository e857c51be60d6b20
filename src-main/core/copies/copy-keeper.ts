import type { ArchiveCopies } from '#contract/copies';
import type { Actor, Clock, Log } from '#core/ports';
import type { CopyMade, CopyMaker, CopyStore, KeptCopy } from '#core/ports-copies';
import { lastDue, nextDue } from './last-due.ts';

/** `at` is `HH:MM`, or empty for no copies. */
type CopyRules = { readonly at: string; readonly folder: string; readonly keep: number; readonly withKey: boolean };

type CopyParts = {
  readonly store: CopyStore;
  readonly maker: CopyMaker;
  readonly clock: Clock;
  readonly log: Log;
  readonly engine: Actor;
  readonly nodeId: string;
  readonly rules: () => CopyRules;
};

/** After the start, and then how often the clock is looked at: so a jump of it or a sleep costs no copy. */
const firstMs = 5_000;
const lookMs = 30_000;
/** From a copy that failed to the next try. */
const retryMs = 3_600_000;
const mostShown = 50;

/**
 * Makes a copy of the archive each day, one that was missed as soon as there is an engine again, and keeps the newest ones.
 * An older one goes only after the new one was read back whole.
 */
export class CopyKeeper {
  readonly #parts: CopyParts;
  #making: { readonly ended: Promise<void>; readonly abort: AbortController } | undefined;
  #notBefore = 0;
  #stopTimer: () => void = () => undefined;
  #closed = false;

  constructor(parts: CopyParts) {
    this.#parts = parts;
  }

  /** Once in the life of an engine, before any copy is made. */
  open(): void {
    const { store, maker, clock, log } = this.#parts;
    const broken = store.dropBrokenCopies(Math.round(clock.now()), 'The engine ended before the copy was whole');
    for (const file of broken) {
      log.warn('a copy of the archive was broken off', { file });
      maker.cleanUp(file);
    }
    this.#look(firstMs);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopTimer();
    this.#making?.abort.abort();
    await this.#making?.ended;
  }

  list(): ArchiveCopies {
    const { store, clock, rules } = this.#parts;
    const { at, folder } = rules();
    const copies = store.listCopies(mostShown);
    const nextAt = at === '' ? null : nextDue(at, clock.now());
    return { folder, nextAt, isBusy: this.#making !== undefined, copies };
  }

  /** Begins a copy, unless one is being made. */
  make(actor: Actor, dueAt: number | null = null): ArchiveCopies {
    if (!this.#making && !this.#closed) {
      const abort = new AbortController();
      const ended = this.#make(actor, dueAt, abort.signal)
        .catch((error: unknown) => this.#parts.log.error('a copy of the archive could not be noted', { error }))
        .finally(() => {
          this.#making = undefined;
        });
      this.#making = { ended, abort };
    }
    return this.list();
  }

  #look(ms: number): void {
    const { clock, log } = this.#parts;
    this.#stopTimer = clock.after(ms, () => {
      try {
        this.#makeIfDue();
      } catch (error) {
        log.error('the copies of the archive could not be looked after', { error });
      }
      this.#look(lookMs);
    });
  }

  #makeIfDue(): void {
    const { store, clock, rules, engine } = this.#parts;
    const { at } = rules();
    if (at === '' || clock.monotonic() < this.#notBefore) {
      return;
    }
    const due = lastDue(at, clock.now());
    if (store.lastCopyDue() < due) {
      this.make(engine, due);
    }
  }

  async #make(actor: Actor, dueAt: number | null, signal: AbortSignal): Promise<void> {
    const { store, maker, clock, log, rules } = this.#parts;
    const { folder, keep, withKey } = rules();
    const at = Math.round(clock.now());
    const place = maker.place(folder, at);
    const no = store.beginCopy({ ...place, dueAt, at, askedBy: actor.name, withKey });
    let made: CopyMade | null = null;
    let message = '';
    try {
      made = await maker.make({ file: `${place.folder}/${place.file}`, withKey }, signal);
    } catch (error) {
      message = error instanceof Error ? error.message : String(error);
    }
    if (signal.aborted) {
      // The row stays as it is: the next engine says that this one was broken off.
      return;
    }
    const detail = { file: place.file, folder: place.folder, withKey, bytes: made?.bytes ?? null, message };
    const action = made ? 'copy.make' : 'copy.fail';
    const audit = { actor, action, objectType: 'node', objectId: this.#parts.nodeId, detail };
    store.endCopy(no, { at: Math.round(clock.now()), made, message }, audit);
    if (!made) {
      this.#notBefore = clock.monotonic() + retryMs;
      log.error('the archive could not be copied', detail);
      return;
    }
    this.#notBefore = 0;
    log.info('the archive was copied', detail);
    await this.#rotate(store.keptCopies(place.folder).slice(keep));
  }

  async #rotate(old: readonly KeptCopy[]): Promise<void> {
    const { store, maker, log } = this.#parts;
    for (const copy of old) {
      try {
        store.markCopy(copy.no, await maker.remove(copy));
      } catch (error) {
        log.warn('an old copy of the archive could not be removed', { file: copy.file, error });
      }
    }
  }
}
