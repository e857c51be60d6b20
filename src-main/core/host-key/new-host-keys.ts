import type { Clock, Log } from '#core/ports';
import type { ShownKey } from '#core/ports-reach';

export type NewKey = { readonly key: ShownKey; readonly by: string };

type Parts = {
  readonly clock: Pick<Clock, 'after'>;
  readonly log: Pick<Log, 'warn'>;
  /** Writes them all, or throws and writes none. */
  readonly save: (keys: readonly NewKey[]) => void;
};

const writeEveryMs = 100;

/** Keys that were taken a moment ago, trusted already and not yet stored: a run on new machines takes hundreds at once. */
export class NewHostKeys {
  readonly #parts: Parts;
  #keys: NewKey[] = [];
  #stopTimer: (() => void) | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  at(address: string, port: number): ShownKey[] {
    return this.#keys.map(({ key }) => key).filter((key) => key.address === address && key.port === port);
  }

  add(key: ShownKey, by: string): void {
    this.#keys.push({ key, by });
    this.#stopTimer ??= this.#parts.clock.after(writeEveryMs, () => this.flush());
  }

  /** A key that cannot be stored is forgotten: its machine is new the next time as well. */
  flush(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    const keys = this.#keys;
    this.#keys = [];
    if (keys.length === 0) {
      return;
    }
    try {
      this.#parts.save(keys);
    } catch (error) {
      this.#parts.log.warn('host keys not stored', { keys: keys.length, error });
    }
  }
}
