import { DroverError } from '#contract/errors';
import type { Target, TargetFields } from '#contract/target';
import type { AuditEntry } from '#core/ports';
import type { NewTarget, TargetStore } from '#core/ports-reach';
import { canonicalJson } from './canonical-json.ts';
import type { Writing } from './run-writing.ts';
import type { Store } from './store.ts';

/** Keeps targets; number 1 is the built-in one, so that the stored ones begin at 2. */
export function targetStore(writing: Writing): TargetStore {
  const { store } = writing;
  return {
    createTarget: (target, audit) =>
      store.write('createTarget', 'request', () => createTarget(writing, { target, audit })),
    updateTarget: (id, change, audit) =>
      store.write('updateTarget', 'request', () => updateTarget(writing, { ...change, id, audit })),
    removeTargets: (teamId, ids, audit) =>
      store.write('removeTargets', 'request', () => {
        const { changes } = store
          .statement<[string, string]>(
            'DELETE FROM targets WHERE team_id = ? AND id IN (SELECT value FROM json_each(?))',
          )
          .run(teamId, JSON.stringify(ids));
        if (changes > 0) {
          writing.audit.append(audit);
        }
        return changes;
      }),
    listTargets: (teamId) =>
      store.read('listTargets', () =>
        store
          // The rows stand in the order of their numbers; the index of the names would have them sorted again.
          .statement<[string], TargetRow>(`SELECT ${columns} FROM targets NOT INDEXED WHERE team_id = ? ORDER BY no`)
          .all(teamId)
          .map(toTarget),
      ),
    saveReached: (reached) => saveReached(store, reached),
  };
}

type Create = { readonly target: NewTarget; readonly audit: AuditEntry };

function createTarget({ store, numbers, audit: log }: Writing, { target, audit }: Create): Target {
  const { id, teamId, createdBy, at } = target;
  refuseTakenName(store, { id, teamId, name: target.name });
  store
    .statement(
      `INSERT INTO targets
         (no, id, team_id, created_by, created_at, updated_at, rev, name, address, port, os, connection, user,
          credential_id, jump, become, tags, attributes, facts, maintenance, weak_algorithms)
       VALUES
         (@no, @id, @teamId, @createdBy, @at, @at, 1, @name, @address, @port, @os, @connection, @user,
          @credentialId, @jump, @become, @tags, @attributes, '{}', @maintenance, @weakAlgorithms)`,
    )
    .run({ ...valuesOf(target), no: numbers.next('targets'), id, teamId, createdBy, at });
  log.append(audit);
  return toTarget(theRow(store, id));
}

type Update = Parameters<TargetStore['updateTarget']>[1] & { readonly id: string; readonly audit: AuditEntry };

function updateTarget({ store, audit: log }: Writing, { id, rev, fields, at, audit }: Update): Target | undefined {
  const row = findRow(store, id);
  if (row?.rev !== rev) {
    return undefined;
  }
  const present = toTarget(row);
  const next = { ...present, ...fields };
  if (canonicalJson(next) === canonicalJson(present)) {
    return present;
  }
  refuseTakenName(store, { id, teamId: row.teamId, name: next.name });
  store
    .statement(
      `UPDATE targets SET
         name = @name, address = @address, port = @port, os = @os, connection = @connection, user = @user,
         credential_id = @credentialId, jump = @jump, become = @become, tags = @tags, attributes = @attributes,
         maintenance = @maintenance, weak_algorithms = @weakAlgorithms, updated_at = @at, rev = rev + 1
       WHERE id = @id`,
    )
    .run({ ...valuesOf(next), id, at });
  log.append(audit);
  return toTarget(theRow(store, id));
}

function saveReached(store: Store, all: Parameters<TargetStore['saveReached']>[0]): void {
  if (all.length === 0) {
    return;
  }
  store.write('saveReached', 'output', () => {
    const save = store.statement<[number, number, string | null, string, string]>(
      'UPDATE targets SET reached_at = ?, reached_ok = ?, reached_reason = ?, reached_message = ? WHERE id = ?',
    );
    for (const { targetId, reached } of all) {
      save.run(reached.at, Number(reached.ok), reached.reason, reached.message, targetId);
    }
  });
}

/** Inside the transaction that then takes the name, so that nobody else can. */
function refuseTakenName(store: Store, wanted: { id: string; teamId: string; name: string }): void {
  const other = store
    .statement<[object], { id: string; no: number; name: string; address: string }>(
      'SELECT id, no, name, address FROM targets WHERE team_id = @teamId AND name = @name AND id <> @id',
    )
    .get(wanted);
  if (other) {
    throw new DroverError(
      'name-taken',
      `The name ${wanted.name} is taken by the target ${other.name} at ${other.address}: choose another name`,
      { detail: { name: wanted.name, id: other.id, no: other.no } },
    );
  }
}

const valuesOf = (fields: Pick<Target, keyof TargetFields>): Record<string, unknown> => ({
  ...fields,
  jump: JSON.stringify(fields.jump),
  become: fields.become && JSON.stringify(fields.become),
  tags: JSON.stringify(fields.tags),
  attributes: JSON.stringify(fields.attributes),
  maintenance: Number(fields.maintenance),
  weakAlgorithms: Number(fields.weakAlgorithms),
});

type Json = 'jump' | 'become' | 'tags' | 'attributes' | 'facts';
type Flag = 'maintenance' | 'weakAlgorithms';

type TargetRow = Omit<Target, Json | Flag | 'lastReach'> & {
  readonly teamId: string;
  readonly jump: string;
  readonly become: string | null;
  readonly tags: string;
  readonly attributes: string;
  readonly facts: string;
  readonly maintenance: number;
  readonly weakAlgorithms: number;
  readonly reachedAt: number | null;
  readonly reachedOk: number | null;
  readonly reachedReason: string | null;
  readonly reachedMessage: string | null;
};

const columns = `no, id, team_id AS teamId, name, address, port, os, connection, user, credential_id AS credentialId,
  jump, become, tags, attributes, facts, maintenance, weak_algorithms AS weakAlgorithms, reached_at AS reachedAt,
  reached_ok AS reachedOk, reached_reason AS reachedReason, reached_message AS reachedMessage,
  created_at AS createdAt, updated_at AS updatedAt, rev`;

const findRow = (store: Store, id: string): TargetRow | undefined =>
  store.statement<[string], TargetRow>(`SELECT ${columns} FROM targets WHERE id = ?`).get(id);

function theRow(store: Store, id: string): TargetRow {
  const row = findRow(store, id);
  if (!row) {
    throw new Error(`no target ${id}`);
  }
  return row;
}

/**
 * Trusts the row: its fields were parsed at the edge and the table has checked their shapes, and a schema for each of
 * 10 000 rows takes twice as long as all of the rest of reading them.
 */
function toTarget(row: TargetRow): Target {
  const { id, no, name, address, port, os, connection, user, credentialId, createdAt, updatedAt, rev } = row;
  return {
    id,
    no,
    name,
    address,
    port,
    os,
    connection,
    user,
    credentialId,
    jump: JSON.parse(row.jump),
    become: row.become === null ? null : JSON.parse(row.become),
    tags: JSON.parse(row.tags),
    attributes: JSON.parse(row.attributes),
    facts: JSON.parse(row.facts),
    maintenance: row.maintenance === 1,
    weakAlgorithms: row.weakAlgorithms === 1,
    lastReach: reachedOf(row),
    createdAt,
    updatedAt,
    rev,
  };
}

function reachedOf({ reachedAt, reachedOk, reachedReason, reachedMessage }: TargetRow): Target['lastReach'] {
  return reachedAt === null
    ? null
    : { at: reachedAt, ok: reachedOk === 1, reason: reachedReason, message: reachedMessage ?? '' };
}
