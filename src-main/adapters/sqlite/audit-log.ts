import { createHash } from 'node:crypto';
import type { AuditEntry } from '#core/ports';
import { canonicalJson } from './canonical-json.ts';
import type { Numbers } from './numbers.ts';
import type { Store } from './store.ts';

type AuditRow = {
  readonly no: number;
  readonly id: string;
  readonly team_id: string;
  readonly created_by: string;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly object_type: string;
  readonly object_id: string;
  readonly detail: string;
  readonly prev_hash: string;
  readonly hash: string;
};

/** `brokenAt` is the number of the first row that is not what was written, or that is missing; null when all is well. */
export type AuditVerdict = { readonly rows: number; readonly head: string; readonly brokenAt: number | null };

/** Hash of a row and, through `prev_hash`, of all before it: SHA-256 of the canonical JSON of everything but the hash. */
function hashOf({ hash: _hash, ...record }: AuditRow): string {
  return createHash('sha256').update(canonicalJson(record)).digest('hex');
}

/**
 * The append-only log of who did what. Each row's hash covers the row and the hash before it, so that a changed, removed,
 * added or moved row shows; a tail that was cut off together with its counter shows only against a head kept elsewhere.
 */
export class AuditLog {
  readonly #store: Store;
  readonly #numbers: Numbers;

  constructor(store: Store, numbers: Numbers) {
    this.#store = store;
    this.#numbers = numbers;
  }

  /** Inside the transaction of what it tells about: without the row there is no deed. */
  append({ actor, action, objectType, objectId, detail }: AuditEntry): void {
    const { userId, teamId, ...rest } = actor;
    const record = {
      no: this.#numbers.next('audit'),
      id: this.#store.newId(),
      team_id: teamId,
      created_by: userId,
      at: this.#store.now(),
      actor: canonicalJson(rest),
      action,
      object_type: objectType,
      object_id: objectId,
      detail: canonicalJson(detail),
      prev_hash: this.#head(),
      hash: '',
    };
    this.#store
      .statement<[AuditRow]>(
        `INSERT INTO audit_log
           (no, id, team_id, created_by, at, actor, action, object_type, object_id, detail, prev_hash, hash)
         VALUES (@no, @id, @team_id, @created_by, @at, @actor, @action, @object_type, @object_id, @detail, @prev_hash, @hash)`,
      )
      .run({ ...record, hash: hashOf(record) });
  }

  /** Reads the whole log. */
  verify(): AuditVerdict {
    let [rows, head, lastNo] = [0, '', 0];
    const given = this.#given();
    for (const row of this.#store.statement<[], AuditRow>('SELECT * FROM audit_log ORDER BY no').iterate()) {
      if (row.prev_hash !== head || row.hash !== hashOf(row)) {
        return { rows, head, brokenAt: row.no };
      }
      rows += 1;
      head = row.hash;
      lastNo = row.no;
    }
    return { rows, head, brokenAt: rows < given ? lastNo + 1 : null };
  }

  #head(): string {
    return (
      this.#store.statement<[], { hash: string }>('SELECT hash FROM audit_log ORDER BY no DESC LIMIT 1').get()?.hash ??
      ''
    );
  }

  #given(): number {
    return (
      this.#store.statement<[], { value: number }>(`SELECT value FROM counters WHERE kind = 'audit'`).get()?.value ?? 0
    );
  }
}
