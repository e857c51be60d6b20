import { DroverError } from '#contract/errors';
import type { AuditEntry } from '#core/ports';
import type { CredentialStore, StoredCredential } from '#core/ports-reach';
import { canonicalJson } from './canonical-json.ts';
import type { Writing } from './run-writing.ts';
import type { Store } from './store.ts';

/** Keeps credentials; of their secrets only what the vault has sealed. */
export function credentialStore(writing: Writing): CredentialStore {
  const { store } = writing;
  return {
    createCredential: (credential, audit) =>
      store.write('createCredential', 'request', () => createCredential(writing, { credential, audit })),
    updateCredential: (id, change, audit) =>
      store.write('updateCredential', 'request', () => updateCredential(writing, { ...change, id, audit })),
    removeCredential: (teamId, id, audit) =>
      store.write('removeCredential', 'request', () => {
        const { changes } = store
          .statement<[string, string]>('DELETE FROM credentials WHERE team_id = ? AND id = ?')
          .run(teamId, id);
        if (changes > 0) {
          writing.audit.append(audit);
        }
        return changes > 0;
      }),
    listCredentials: (teamId) =>
      store.read('listCredentials', () =>
        store
          .statement<[string], CredentialRow>(`SELECT ${columns} FROM credentials WHERE team_id = ? ORDER BY no`)
          .all(teamId)
          .map(toCredential),
      ),
  };
}

type Create = {
  readonly credential: Parameters<CredentialStore['createCredential']>[0];
  readonly audit: AuditEntry;
};

function createCredential({ store, numbers, audit: log }: Writing, { credential, audit }: Create): StoredCredential {
  const { id, teamId, createdBy, createdAt } = credential;
  refuseTakenName(store, credential);
  store
    .statement(
      `INSERT INTO credentials
         (no, id, team_id, created_by, created_at, updated_at, rev, name, kind, user, become, public_key, fingerprint,
          holds, sealed)
       VALUES
         (@no, @id, @teamId, @createdBy, @createdAt, @updatedAt, 1, @name, @kind, @user, @become, @publicKey,
          @fingerprint, @holds, @sealed)`,
    )
    .run({ ...valuesOf(credential), no: numbers.next('credentials'), id, teamId, createdBy, createdAt });
  log.append(audit);
  return theCredential(store, id);
}

type Update = Parameters<CredentialStore['updateCredential']>[1] & { readonly id: string; readonly audit: AuditEntry };

/** When it was made never changes, and when it was changed says only that something else was. */
function updateCredential(
  { store, audit: log }: Writing,
  { id, rev, fields, audit }: Update,
): StoredCredential | undefined {
  const present = findCredential(store, id);
  if (present?.rev !== rev) {
    return undefined;
  }
  const { createdAt, updatedAt } = present;
  const next = { ...present, ...fields, createdAt, updatedAt };
  if (sameCredential(next, present)) {
    return present;
  }
  refuseTakenName(store, next);
  store
    .statement(
      `UPDATE credentials SET
         name = @name, kind = @kind, user = @user, become = @become, public_key = @publicKey,
         fingerprint = @fingerprint, holds = @holds, sealed = @sealed, updated_at = @updatedAt, rev = rev + 1
       WHERE id = @id`,
    )
    .run({ ...valuesOf({ ...next, updatedAt: fields.updatedAt ?? store.now() }), id });
  log.append(audit);
  return theCredential(store, id);
}

function sameCredential({ sealed, ...one }: StoredCredential, { sealed: bytes, ...other }: StoredCredential): boolean {
  return Buffer.compare(sealed, bytes) === 0 && canonicalJson(one) === canonicalJson(other);
}

/** Inside the transaction that then takes the name, so that nobody else can. */
function refuseTakenName(store: Store, { id, teamId, name }: Pick<StoredCredential, 'id' | 'teamId' | 'name'>): void {
  const other = store
    .statement<[string, string, string], { id: string; no: number; name: string; kind: string }>(
      'SELECT id, no, name, kind FROM credentials WHERE team_id = ? AND name = ? AND id <> ?',
    )
    .get(teamId, name, id);
  if (other) {
    throw new DroverError(
      'name-taken',
      `The name ${name} is taken by the credential ${other.name} of the kind ${other.kind}: choose another name`,
      { detail: { name, id: other.id, no: other.no } },
    );
  }
}

const valuesOf = ({ become, holds, ...plain }: Omit<StoredCredential, 'no' | 'rev'>): Record<string, unknown> => ({
  ...plain,
  become: become && JSON.stringify(become),
  holds: JSON.stringify(holds),
});

type CredentialRow = Omit<StoredCredential, 'become' | 'holds'> & {
  readonly become: string | null;
  readonly holds: string;
};

const columns = `no, id, team_id AS teamId, name, kind, user, become, public_key AS publicKey, fingerprint, holds, sealed,
  created_at AS createdAt, updated_at AS updatedAt, rev`;

function findCredential(store: Store, id: string): StoredCredential | undefined {
  const row = store.statement<[string], CredentialRow>(`SELECT ${columns} FROM credentials WHERE id = ?`).get(id);
  return row && toCredential(row);
}

function theCredential(store: Store, id: string): StoredCredential {
  const credential = findCredential(store, id);
  if (!credential) {
    throw new Error(`no credential ${id}`);
  }
  return credential;
}

function toCredential({ become, holds, sealed, ...plain }: CredentialRow): StoredCredential {
  return {
    ...plain,
    become: become === null ? null : JSON.parse(become),
    holds: JSON.parse(holds),
    sealed: Uint8Array.from(sealed),
  };
}
