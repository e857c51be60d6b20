import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SessionRow } from '#contract/node';
import { createSessionService, type SessionService } from '#core/session/session-service';
import type { Actor, AuditEntry, StoredSession } from '#core/ports';

const minute = 60_000;
const hour = 60 * minute;
const from = { address: '127.0.0.1', agent: 'Firefox' };

type Bench = {
  service: SessionService;
  rows: StoredSession[];
  audits: AuditEntry[];
  writes: () => number;
  pass: (ms: number) => void;
  /** The wall clock alone, as when somebody sets it. */
  setBack: (ms: number) => void;
  forbid: () => void;
  enter: () => string;
  actor: (sessionId: string | null, userId?: string) => Actor;
};

function bench(): Bench {
  let now = 1_000_000;
  let monotonic = 7;
  let writes = 0;
  let count = 0;
  let allowed = true;
  const rows: StoredSession[] = [];
  const audits: AuditEntry[] = [];
  const user = { userId: 'u1', teamId: 't1', name: 'Ada', role: 'admin', team: 'Operations' } as const;
  const service = createSessionService({
    archive: {
      builtIn: { userId: 'u1', teamId: 't1' },
      together: (act) => act(),
      recordAudit: (entry) => void audits.push(entry),
      saveSession: (session) => void rows.push(session),
      findSession: (sha256) => rows.find((row) => row.secretSha256 === sha256),
      listSessions: (userId) => rows.filter((row) => row.userId === userId),
      updateSession(id, change) {
        writes += 1;
        const index = rows.findIndex((row) => row.id === id);
        rows[index] = { ...(rows[index] as StoredSession), ...change };
      },
    },
    clock: { now: () => now, monotonic: () => monotonic, after: () => () => undefined },
    ids: { next: () => `id-${(count += 1)}`, secret: (bytes) => `secret-${(count += 1)}-of-${bytes}` },
    digest: { of: (text) => createHash('sha256').update(text).digest('hex') },
    actorOf: () => (allowed ? user : undefined),
  });
  return {
    service,
    rows,
    audits,
    writes: () => writes,
    pass(ms) {
      now += ms;
      monotonic += ms;
    },
    setBack(ms) {
      now -= ms;
    },
    forbid() {
      allowed = false;
    },
    enter: () => service.enter(service.createLinkToken().token, from).secret,
    actor: (sessionId, userId = 'u1') => ({
      ...user,
      userId,
      origin: { transport: 'http', address: '127.0.0.1' },
      sessionId,
    }),
  };
}

describe('a link token', () => {
  it('opens one session, within ten minutes', () => {
    const { service, pass } = bench();
    const { token, expiresAt } = service.createLinkToken();
    expect(expiresAt).toBe(1_000_000 + 10 * minute);
    pass(10 * minute - 1);
    expect(service.enter(token, from).secret).toContain('-of-32');
    expect(() => service.enter(token, from)).toThrow(expect.objectContaining({ code: 'link-expired' }));
  });

  it('is refused after ten minutes, even if the wall clock was set back', () => {
    const { service, pass, setBack } = bench();
    const { token } = service.createLinkToken();
    pass(10 * minute);
    setBack(hour);
    expect(() => service.enter(token, from)).toThrow(expect.objectContaining({ code: 'link-expired' }));
  });

  it.each(['', 'guess', '__proto__', 'secret-1-of-32 '])('is not %j', (guess) => {
    const { service } = bench();
    service.createLinkToken();
    expect(() => service.enter(guess, from)).toThrow(expect.objectContaining({ code: 'link-expired' }));
  });

  it('stays good beside others, the oldest of very many excepted', () => {
    const { service } = bench();
    const tokens = Array.from({ length: 101 }, () => service.createLinkToken().token);
    expect(() => service.enter(tokens[0] as string, from)).toThrow();
    expect(() => service.enter(tokens[1] as string, from)).not.toThrow();
    expect(() => service.enter(tokens[100] as string, from)).not.toThrow();
  });
});

describe('a session', () => {
  it('is stored without its secret', () => {
    const { service, rows } = bench();
    const { token } = service.createLinkToken();
    const { secret, expiresAt } = service.enter(token, { address: '::1', agent: 'x'.repeat(1_000) });
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(expiresAt).toBe(1_000_000 + 7 * 24 * hour);
    expect(rows).toEqual([
      expect.objectContaining({
        userId: 'u1',
        teamId: 't1',
        createdAt: 1_000_000,
        lastSeenAt: 1_000_000,
        expiresAt: 1_000_000 + 12 * hour,
        address: '::1',
        agent: 'x'.repeat(200),
        revokedAt: null,
      }),
    ]);
  });

  it('gives the actor, with the address asked from', () => {
    const { service, rows, enter } = bench();
    expect(service.find(enter(), { address: '10.0.0.9' })).toEqual({
      userId: 'u1',
      teamId: 't1',
      name: 'Ada',
      role: 'admin',
      team: 'Operations',
      origin: { transport: 'http', address: '10.0.0.9' },
      sessionId: rows[0]?.id,
    });
    expect(service.find('guess', from)).toBeUndefined();
    expect(service.find(rows[0]?.secretSha256 ?? '', from)).toBeUndefined();
  });

  it('is written at most once a minute, however often it is used', () => {
    const { service, enter, pass, writes } = bench();
    const secret = enter();
    for (let second = 0; second < 180; second += 1) {
      pass(1_000);
      service.find(secret, from);
    }
    expect(writes()).toBe(3);
  });

  it('ends after twelve hours without use; a stream that stays open is no use', () => {
    const { service, enter, pass } = bench();
    const secret = enter();
    pass(12 * hour - 1);
    expect(service.isLive(secret)).toBe(true);
    expect(service.find(secret, from)).toBeDefined();
    pass(12 * hour - 1);
    expect(service.isLive(secret)).toBe(true);
    pass(1);
    expect(service.isLive(secret)).toBe(false);
    expect(service.find(secret, from)).toBeUndefined();
  });

  it('ends after seven days at the latest', () => {
    const { service, enter, pass } = bench();
    const secret = enter();
    for (let hours = 0; hours < 7 * 24; hours += 1) {
      expect(service.find(secret, from)).toBeDefined();
      pass(hour);
    }
    expect(service.find(secret, from)).toBeUndefined();
  });

  it('lives no longer because the clock was set back', () => {
    const { service, rows, enter, setBack } = bench();
    const secret = enter();
    setBack(5 * hour);
    service.find(secret, from);
    expect(rows[0]?.expiresAt).toBe(1_000_000 + 7 * hour);
  });

  it('ends with its user', () => {
    const { service, enter, forbid } = bench();
    const secret = enter();
    forbid();
    expect(service.find(secret, from)).toBeUndefined();
    expect(service.isLive(secret)).toBe(false);
  });

  it('ends by leaving; leaving twice or with a guess does nothing', () => {
    const { service, enter, writes } = bench();
    const secret = enter();
    service.leave(secret);
    service.leave(secret);
    service.leave('guess');
    expect(service.find(secret, from)).toBeUndefined();
    expect(writes()).toBe(1);
  });
});

describe('the list of sessions', () => {
  it('shows the living ones, used last first, and which one asks', () => {
    const { service, rows, enter, pass, actor } = bench();
    enter();
    pass(2 * minute);
    const second = enter();
    pass(2 * minute);
    service.leave(enter());
    pass(2 * minute);
    service.find(second, from);
    const list = service.list(actor(rows[0]?.id ?? ''));
    expect(list.map((row: SessionRow) => [row.id, row.current])).toEqual([
      [rows[1]?.id, false],
      [rows[0]?.id, true],
    ]);
    expect(Object.keys(list[0] ?? {}).toSorted()).toEqual(
      ['address', 'agent', 'createdAt', 'current', 'expiresAt', 'id', 'lastSeenAt'].toSorted(),
    );
    pass(12 * hour);
    expect(service.list(actor(null))).toEqual([]);
  });

  it('lets the owner end one, and nobody else', () => {
    const { service, rows, enter, actor } = bench();
    const secret = enter();
    const id = rows[0]?.id ?? '';
    const absent = expect.objectContaining({ code: 'not-found' }) as Error;
    expect(() => service.revoke(actor(null, 'u2'), id)).toThrow(absent);
    expect(service.find(secret, from)).toBeDefined();
    service.revoke(actor(null), id);
    expect(service.find(secret, from)).toBeUndefined();
    expect(() => service.revoke(actor(null), id)).toThrow(absent);
    expect(() => service.revoke(actor(null), 'no-such')).toThrow(absent);
  });
});

describe('the audit log', () => {
  it('tells who opened a session, who left one and who ended one, and never its secret', () => {
    const { service, rows, audits, enter, actor } = bench();
    const first = enter();
    enter();
    const [one, other] = rows.map(({ id }) => id);
    service.revoke(actor(other ?? ''), one ?? '');
    service.leave(first);
    expect(audits.map(({ action, objectId }) => [action, objectId])).toEqual([
      ['session.open', one],
      ['session.open', other],
      ['session.revoke', one],
    ]);
    expect(audits[2]).toMatchObject({
      actor: { name: 'Ada', sessionId: other, origin: { transport: 'http' } },
      objectType: 'session',
      detail: { address: '127.0.0.1', agent: 'Firefox', createdAt: 1_000_000 },
    });
    expect(JSON.stringify(audits)).not.toContain(first);
  });

  it('has one row for a leave, whoever leaves twice', () => {
    const { service, audits, enter } = bench();
    const secret = enter();
    service.leave(secret);
    service.leave(secret);
    expect(audits.map(({ action, actor: { origin } }) => [action, origin.address])).toEqual([
      ['session.open', '127.0.0.1'],
      ['session.leave', '127.0.0.1'],
    ]);
  });

  it('has no row for an end that was refused', () => {
    const { service, audits, enter, actor } = bench();
    enter();
    expect(() => service.revoke(actor(null), 'no-such')).toThrow();
    expect(audits.map(({ action }) => action)).toEqual(['session.open']);
  });
});
