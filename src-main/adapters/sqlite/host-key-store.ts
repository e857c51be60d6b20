import type { HostKey } from '#contract/host-key';
import type { Archive, AuditEntry } from '#core/ports';
import type { HostKeyStore } from '#core/ports-reach';
import type { Writing } from './run-writing.ts';
import type { Store } from './store.ts';

/** Keeps the keys that machines showed; what nobody in particular has saved belongs to the built-in user. */
export function hostKeyStore(writing: Writing, builtIn: Archive['builtIn']): HostKeyStore {
  const { store } = writing;
  return {
    listHostKeys: () =>
      store.read('listHostKeys', () =>
        store.statement<[], HostKey>(`SELECT ${columns} FROM host_keys ORDER BY no`).all(),
      ),
    saveHostKey: (key, audit) => saveHostKey(writing, { key, audit, builtIn }),
    removeHostKeys: (ids, audit) =>
      store.write('removeHostKeys', 'request', () => {
        const { changes } = store
          .statement<[string]>('DELETE FROM host_keys WHERE id IN (SELECT value FROM json_each(?))')
          .run(JSON.stringify(ids));
        if (changes > 0) {
          writing.audit.append(audit);
        }
        return changes;
      }),
  };
}

const columns = `id, address, port, type, public_key AS publicKey, fingerprint, state, replaces,
  accepted_by AS acceptedBy, seen_at AS seenAt`;

type Save = {
  readonly key: Omit<HostKey, 'id'>;
  readonly audit: AuditEntry | undefined;
  readonly builtIn: Archive['builtIn'];
};

function saveHostKey(writing: Writing, { key, audit, builtIn }: Save): HostKey {
  const { store } = writing;
  const known = store.read('findHostKey', () => findHostKey(store, key));
  const waiting =
    key.state === 'accepted' && store.read('findHostKey', () => findHostKey(store, { ...key, state: 'offered' }));
  // That a key was seen again may be forgotten by a power cut; a run that is under way may use the reserve for a new one.
  return store.write('saveHostKey', known && !waiting ? 'output' : 'state', () => {
    if (known) {
      store.statement<[number, string]>('UPDATE host_keys SET seen_at = ? WHERE id = ?').run(key.seenAt, known.id);
    } else {
      insertHostKey(writing, { key, audit, builtIn });
    }
    if (waiting) {
      store.statement<[string]>('DELETE FROM host_keys WHERE id = ?').run(waiting.id);
    }
    if (audit && (!known || waiting)) {
      writing.audit.append(audit);
    }
    return theHostKey(store, key);
  });
}

function insertHostKey({ store, numbers }: Writing, { key, audit, builtIn }: Save): void {
  store
    .statement(
      `INSERT INTO host_keys
         (no, id, team_id, created_by, created_at, updated_at, rev, address, port, type, public_key, fingerprint, state,
          replaces, accepted_by, seen_at)
       VALUES
         (@no, @id, @teamId, @userId, @at, @at, 1, @address, @port, @type, @publicKey, @fingerprint, @state,
          @replaces, @acceptedBy, @seenAt)`,
    )
    .run({
      ...key,
      no: numbers.next('host_keys'),
      id: store.newId(),
      teamId: audit?.actor.teamId ?? builtIn.teamId,
      userId: audit?.actor.userId ?? builtIn.userId,
      at: store.now(),
    });
}

type Place = Pick<HostKey, 'address' | 'port' | 'type' | 'publicKey' | 'state'>;

const findHostKey = (store: Store, { address, port, type, publicKey, state }: Place): HostKey | undefined =>
  store
    .statement<[object], HostKey>(
      `SELECT ${columns} FROM host_keys
       WHERE address = @address AND port = @port AND type = @type AND state = @state AND public_key = @publicKey`,
    )
    .get({ address, port, type, publicKey, state });

function theHostKey(store: Store, place: Place): HostKey {
  const key = findHostKey(store, place);
  if (!key) {
    throw new Error(`no host key of ${place.address}`);
  }
  return key;
}
