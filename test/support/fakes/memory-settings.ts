import type { SettingsStore, StoredSetting } from '#core/ports-settings';
import type { MemoryWriting } from './memory-targets.ts';

/** The archive's settings. */
export class MemorySettings implements SettingsStore {
  readonly #writing: MemoryWriting;
  #stored = new Map<string, StoredSetting>();

  constructor(writing: MemoryWriting) {
    this.#writing = writing;
  }

  /** Gives what brings all of this back to where it stands now. */
  keep(): () => void {
    const stored = new Map(this.#stored);
    return () => {
      this.#stored = stored;
    };
  }

  listSettings: SettingsStore['listSettings'] = () =>
    [...this.#stored.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));

  saveSetting: SettingsStore['saveSetting'] = ({ name, value, rev, at }, audit) =>
    this.#writing.write('saveSetting', () => {
      if ((this.#stored.get(name)?.rev ?? 0) !== rev) {
        return undefined;
      }
      const saved = { name, value, rev: rev + 1, by: audit.actor.name, at };
      this.#stored.set(name, saved);
      this.#writing.audits.push(audit);
      return saved;
    });
}
