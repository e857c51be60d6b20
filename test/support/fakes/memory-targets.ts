import { isDeepStrictEqual } from 'node:util';
import { DroverError } from '#contract/errors';
import type { Target } from '#contract/target';
import type { Archive, AuditEntry } from '#core/ports';
import type { TargetStore } from '#core/ports-reach';

/** What the parts of the archive in memory share: its audit rows, and a way to write that may fail. */
export type MemoryWriting = {
  readonly audits: AuditEntry[];
  readonly write: <T>(name: keyof Archive, act: () => T) => T;
};

type Stored = { readonly teamId: string; readonly nameKey: string; readonly target: Target };

/** Number 1 is the built-in target, as in the real archive. */
const builtInNo = 1;

/** The archive's targets. */
export class MemoryTargets implements TargetStore {
  readonly #writing: MemoryWriting;
  #stored = new Map<string, Stored>();
  #lastNo = builtInNo;

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

  createTarget: TargetStore['createTarget'] = ({ teamId, createdBy: _createdBy, at, ...fields }, audit) =>
    this.#writing.write('createTarget', () => {
      this.#refuseTakenName({ teamId, id: fields.id, name: fields.name });
      this.#lastNo += 1;
      const made = { no: this.#lastNo, facts: {}, lastReach: null, createdAt: at, updatedAt: at, rev: 1 };
      const target: Target = { ...structuredClone(fields), ...made };
      this.#stored.set(target.id, { teamId, nameKey: target.name.toLowerCase(), target });
      this.#writing.audits.push(audit);
      return target;
    });

  updateTarget: TargetStore['updateTarget'] = (id, { rev, fields, at }, audit) =>
    this.#writing.write('updateTarget', () => {
      const found = this.#stored.get(id);
      if (found?.target.rev !== rev) {
        return undefined;
      }
      const { teamId, target } = found;
      const next: Target = { ...target, ...structuredClone(fields) };
      if (isDeepStrictEqual(next, target)) {
        return target;
      }
      this.#refuseTakenName({ teamId, id, name: next.name });
      const changed = { ...next, updatedAt: at, rev: rev + 1 };
      this.#stored.set(id, { teamId, nameKey: changed.name.toLowerCase(), target: changed });
      this.#writing.audits.push(audit);
      return changed;
    });

  removeTargets: TargetStore['removeTargets'] = (teamId, ids, audit) =>
    this.#writing.write('removeTargets', () => {
      const gone = [...new Set(ids)].filter((id) => this.#stored.get(id)?.teamId === teamId);
      for (const id of gone) {
        this.#stored.delete(id);
      }
      if (gone.length > 0) {
        this.#writing.audits.push(audit);
      }
      return gone.length;
    });

  listTargets: TargetStore['listTargets'] = (teamId) =>
    [...this.#stored.values()].filter((stored) => stored.teamId === teamId).map(({ target }) => ({ ...target }));

  saveReached: TargetStore['saveReached'] = (all) =>
    this.#writing.write('saveReached', () => {
      for (const { targetId, reached } of all) {
        const found = this.#stored.get(targetId);
        if (found) {
          this.#stored.set(targetId, { ...found, target: { ...found.target, lastReach: { ...reached } } });
        }
      }
    });

  #refuseTakenName({ teamId, id, name }: { teamId: string; id: string; name: string }): void {
    const nameKey = name.toLowerCase();
    const other = [...this.#stored.values()].find(
      (stored) => stored.nameKey === nameKey && stored.teamId === teamId && stored.target.id !== id,
    )?.target;
    if (other) {
      throw new DroverError(
        'name-taken',
        `The name ${name} is taken by the target ${other.name} at ${other.address}: choose another name`,
        { detail: { name, id: other.id, no: other.no } },
      );
    }
  }
}
