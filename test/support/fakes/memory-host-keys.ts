import type { HostKey } from '#contract/host-key';
import type { HostKeyStore } from '#core/ports-reach';
import type { MemoryWriting } from './memory-targets.ts';

/** The archive's host keys. */
export class MemoryHostKeys implements HostKeyStore {
  readonly #writing: MemoryWriting;
  #stored = new Map<string, HostKey>();
  #lastNo = 0;

  constructor(writing: MemoryWriting) {
    this.#writing = writing;
  }

  /** Gives what brings all of this back to where it stands now. */
  keep(): () => void {
    const [stored, lastNo] = [new Map(this.#stored), this.#lastNo];
    return () => {
      [this.#stored, this.#lastNo] = [stored, lastNo];
    };
  }

  listHostKeys: HostKeyStore['listHostKeys'] = () => [...this.#stored.values()].map((key) => ({ ...key }));

  saveHostKey: HostKeyStore['saveHostKey'] = (key, audit) =>
    this.#writing.write('saveHostKey', () => {
      const known = this.#find(key);
      const waiting = key.state === 'accepted' ? this.#find({ ...key, state: 'offered' }) : undefined;
      const saved = known ? { ...known, seenAt: key.seenAt } : { ...key, id: this.#nextId() };
      this.#stored.set(saved.id, saved);
      if (waiting) {
        this.#stored.delete(waiting.id);
      }
      if (audit && (!known || waiting)) {
        this.#writing.audits.push(audit);
      }
      return { ...saved };
    });

  removeHostKeys: HostKeyStore['removeHostKeys'] = (ids, audit) =>
    this.#writing.write('removeHostKeys', () => {
      const removed = ids.filter((id) => this.#stored.delete(id)).length;
      if (removed > 0) {
        this.#writing.audits.push(audit);
      }
      return removed;
    });

  #nextId(): string {
    this.#lastNo += 1;
    return `host-key-${this.#lastNo}`;
  }

  #find(key: Omit<HostKey, 'id'>): HostKey | undefined {
    return [...this.#stored.values()].find(
      (other) =>
        other.address.toLowerCase() === key.address.toLowerCase() &&
        other.port === key.port &&
        other.type === key.type &&
        other.state === key.state &&
        other.publicKey === key.publicKey,
    );
  }
}
