import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { StoredSession } from '#core/ports';
import type { SqliteArchive } from '#adapters/sqlite/sqlite-archive';
import { newArchive, open, testFolder } from './archive-fixture.ts';

const session = ({ builtIn }: SqliteArchive, more: Partial<StoredSession> = {}): StoredSession => ({
  id: randomUUID(),
  userId: builtIn.userId,
  teamId: builtIn.teamId,
  secretSha256: randomUUID(),
  createdAt: 1000,
  lastSeenAt: 1000,
  expiresAt: 9000,
  address: '127.0.0.1',
  agent: 'Firefox',
  revokedAt: null,
  ...more,
});

describe('a session', () => {
  it('is found by the digest of its secret, also after a restart', () => {
    const folder = testFolder();
    const archive = open(folder, { now: () => 1000 });
    const stored = session(archive);
    archive.saveSession(stored);
    archive.close();
    const again = open(folder, { now: () => 1000 });
    expect(again.findSession(stored.secretSha256)).toEqual(stored);
    expect(again.findSession('another')).toBeUndefined();
  });

  it('is prolonged and ended for good', () => {
    const archive = newArchive({ now: () => 1000 });
    const stored = session(archive);
    archive.saveSession(stored);
    archive.updateSession(stored.id, { lastSeenAt: 2000, expiresAt: 9500 });
    expect(archive.findSession(stored.secretSha256)).toEqual({ ...stored, lastSeenAt: 2000, expiresAt: 9500 });
    archive.updateSession(stored.id, { revokedAt: 3000 });
    archive.updateSession(stored.id, { revokedAt: 4000, lastSeenAt: 4000 });
    expect(archive.findSession(stored.secretSha256)).toMatchObject({ revokedAt: 3000, lastSeenAt: 4000 });
    archive.updateSession(randomUUID(), { revokedAt: 1 });
  });

  it('is listed for its user, newest first', () => {
    const archive = newArchive({ now: () => 1000 });
    const [one, two, foreign] = [session(archive), session(archive), session(archive, { userId: 'somebody' })];
    for (const each of [one, two, foreign]) {
      archive.saveSession(each);
    }
    expect(archive.listSessions(archive.builtIn.userId)).toEqual([two, one]);
    expect(archive.listSessions('nobody')).toEqual([]);
  });

  it('is forgotten a month after its end', () => {
    let now = 1000;
    const archive = newArchive({ now: () => now });
    const old = session(archive);
    archive.saveSession(old);
    now = 9000 + 31 * 24 * 60 * 60 * 1000;
    archive.saveSession(session(archive, { expiresAt: now + 1000 }));
    expect(archive.findSession(old.secretSha256)).toBeUndefined();
    expect(archive.listSessions(archive.builtIn.userId)).toHaveLength(1);
  });
});
