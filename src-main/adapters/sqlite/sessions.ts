import type { Archive, StoredSession } from '#core/ports';
import type { Writing } from './run-writing.ts';

type Sessions = Pick<Archive, 'saveSession' | 'findSession' | 'listSessions' | 'updateSession'>;

const columns = `id, created_at AS createdAt, last_seen_at AS lastSeenAt, expires_at AS expiresAt, address, agent,
  created_by AS userId, team_id AS teamId, secret_sha256 AS secretSha256, revoked_at AS revokedAt`;

/** Sessions that ended this long ago are forgotten, in milliseconds. */
const keptMs = 30 * 24 * 60 * 60 * 1000;

/** Sessions of the console; of a session's secret only the digest is stored. */
export function sessions({ store, numbers }: Writing): Sessions {
  return {
    saveSession: (session) =>
      store.write('saveSession', 'request', () => {
        store.statement<[number]>('DELETE FROM sessions WHERE expires_at < ?').run(store.now() - keptMs);
        store
          .statement(
            `INSERT INTO sessions
               (no, id, team_id, created_by, secret_sha256, created_at, last_seen_at, expires_at, address, agent, revoked_at)
             VALUES (@no, @id, @teamId, @userId, @secretSha256, @createdAt, @lastSeenAt, @expiresAt, @address, @agent,
               @revokedAt)`,
          )
          .run({ ...session, no: numbers.next('sessions') });
      }),
    findSession: (secretSha256) =>
      store.read('findSession', () =>
        store
          .statement<[string], StoredSession>(`SELECT ${columns} FROM sessions WHERE secret_sha256 = ?`)
          .get(secretSha256),
      ),
    listSessions: (userId) =>
      store.read('listSessions', () =>
        store
          .statement<[string], StoredSession>(`SELECT ${columns} FROM sessions WHERE created_by = ? ORDER BY no DESC`)
          .all(userId),
      ),
    updateSession: (id, change) =>
      // That a session was used may be forgotten by a power cut; that it was ended may not.
      store.write('updateSession', change.revokedAt === undefined ? 'output' : 'request', () => {
        store
          .statement(
            `UPDATE sessions SET
               last_seen_at = coalesce(@lastSeenAt, last_seen_at), expires_at = coalesce(@expiresAt, expires_at),
               revoked_at = coalesce(revoked_at, @revokedAt)
             WHERE id = @id`,
          )
          .run({
            id,
            lastSeenAt: change.lastSeenAt ?? null,
            expiresAt: change.expiresAt ?? null,
            revokedAt: change.revokedAt ?? null,
          });
      }),
  };
}
