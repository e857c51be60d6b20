import { isDeepStrictEqual } from 'node:util';
import { DroverError } from '#contract/errors';
import type { CredentialStore, StoredCredential } from '#core/ports-reach';
import type { MemoryWriting } from './memory-targets.ts';

/** The archive's credentials. */
export class MemoryCredentials implements CredentialStore {
  readonly #writing: MemoryWriting;
  #stored = new Map<string, StoredCredential>();
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

  createCredential: CredentialStore['createCredential'] = ({ createdBy: _createdBy, ...given }, audit) =>
    this.#writing.write('createCredential', () => {
      this.#refuseTakenName(given);
      this.#lastNo += 1;
      const credential = { ...copyOf(given), no: this.#lastNo, rev: 1 };
      this.#stored.set(credential.id, credential);
      this.#writing.audits.push(audit);
      return credential;
    });

  updateCredential: CredentialStore['updateCredential'] = (id, { rev, fields }, audit) =>
    this.#writing.write('updateCredential', () => {
      const present = this.#stored.get(id);
      if (present?.rev !== rev) {
        return undefined;
      }
      const { createdAt, updatedAt } = present;
      const next = copyOf({ ...present, ...fields, createdAt, updatedAt });
      if (isDeepStrictEqual(next, present)) {
        return present;
      }
      this.#refuseTakenName(next);
      const changed = { ...next, updatedAt: fields.updatedAt ?? updatedAt, rev: rev + 1 };
      this.#stored.set(id, changed);
      this.#writing.audits.push(audit);
      return changed;
    });

  removeCredential: CredentialStore['removeCredential'] = (teamId, id, audit) =>
    this.#writing.write('removeCredential', () => {
      const isThere = this.#stored.get(id)?.teamId === teamId;
      if (isThere) {
        this.#stored.delete(id);
        this.#writing.audits.push(audit);
      }
      return isThere;
    });

  listCredentials: CredentialStore['listCredentials'] = (teamId) =>
    [...this.#stored.values()].filter((stored) => stored.teamId === teamId).map((stored) => ({ ...stored }));

  #refuseTakenName({ teamId, id, name }: Pick<StoredCredential, 'teamId' | 'id' | 'name'>): void {
    const other = [...this.#stored.values()].find(
      (stored) => stored.teamId === teamId && stored.id !== id && stored.name.toLowerCase() === name.toLowerCase(),
    );
    if (other) {
      throw new DroverError(
        'name-taken',
        `The name ${name} is taken by the credential ${other.name} of the kind ${other.kind}: choose another name`,
        { detail: { name, id: other.id, no: other.no } },
      );
    }
  }
}

/** Its bytes as plain ones, as the real archive gives them. */
const copyOf = <T extends { readonly sealed: Uint8Array }>(given: T): T => ({
  ...structuredClone(given),
  sealed: Uint8Array.from(given.sealed),
});
