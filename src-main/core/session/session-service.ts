import type { SessionRow } from '#contract/node';
import { DroverError } from '#contract/errors';
import type { Actor, Archive, AuditEntry, Clock, Digest, Ids, Sessions, StoredSession } from '#core/ports';

type SessionParts = {
  readonly archive: Pick<
    Archive,
    'builtIn' | 'together' | 'recordAudit' | 'saveSession' | 'findSession' | 'listSessions' | 'updateSession'
  >;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly digest: Pick<Digest, 'of'>;
  /** Who the user of a session is now; undefined when the user may no longer sign in. */
  readonly actorOf: (user: { userId: string; teamId: string }) => Omit<Actor, 'origin' | 'sessionId'> | undefined;
};

export interface SessionService extends Sessions {
  /** The live sessions of the actor, the one used last first. */
  list(actor: Actor): SessionRow[];
  /** Throws DroverError `not-found` for a session that is not the actor's own or has ended. */
  revoke(actor: Actor, id: string): void;
}

const minute = 60_000;
const hour = 60 * minute;
const linkLifeMs = 10 * minute;
const idleLifeMs = 12 * hour;
const longestLifeMs = 7 * 24 * hour;
const touchEveryMs = minute;
const mostLinks = 100;
const secretBytes = 32;
const expiredLink = 'This link was used already or is older than ten minutes: `drover link` prints a new one';

/** Secrets and tokens are kept as digests only, so that looking one up takes the same time whatever it is. */
export function createSessionService({ archive, clock, ids, digest, actorOf }: SessionParts): SessionService {
  const links = new LinkTokens(clock);

  const findLive = (secret: string): StoredSession | undefined => {
    const session = archive.findSession(digest.of(secret));
    return session && isLive(session, clock.now()) ? session : undefined;
  };

  /** Written at most once a minute: every request of a page comes through here. */
  const touch = (session: StoredSession): void => {
    const now = clock.now();
    if (Math.abs(now - session.lastSeenAt) >= touchEveryMs) {
      archive.updateSession(session.id, { lastSeenAt: now, expiresAt: expiryOf(session.createdAt, now) });
    }
  };

  return {
    createLinkToken() {
      const token = ids.secret(secretBytes);
      links.add(digest.of(token));
      return { token, expiresAt: clock.now() + linkLifeMs };
    },

    enter(token, from) {
      if (!links.take(digest.of(token))) {
        throw new DroverError('link-expired', expiredLink);
      }
      const secret = ids.secret(secretBytes);
      const keys = { id: ids.next(), secretSha256: digest.of(secret), ...archive.builtIn };
      const session = { ...keys, ...from, ...newTimes(clock.now()), agent: from.agent.slice(0, 200) };
      archive.together(() => {
        archive.saveSession(session);
        recordOwn({ archive, actorOf }, session, 'session.open');
      });
      return { secret, expiresAt: session.createdAt + longestLifeMs };
    },

    find(secret, { address }) {
      const session = findLive(secret);
      const user = session && actorOf(session);
      if (!user) {
        return undefined;
      }
      touch(session);
      return ownActor(user, { id: session.id, address });
    },

    isLive(secret) {
      const session = findLive(secret);
      return session !== undefined && actorOf(session) !== undefined;
    },

    leave(secret) {
      const session = findLive(secret);
      if (session) {
        archive.together(() => {
          archive.updateSession(session.id, { revokedAt: clock.now() });
          recordOwn({ archive, actorOf }, session, 'session.leave');
        });
      }
    },

    ...ownSessions(archive, clock),
  };
}

function ownSessions(archive: SessionParts['archive'], clock: Clock): Pick<SessionService, 'list' | 'revoke'> {
  const liveOf = (actor: Actor): StoredSession[] =>
    archive.listSessions(actor.userId).filter((session) => isLive(session, clock.now()));
  return {
    list: (actor) =>
      liveOf(actor)
        .toSorted((a, b) => b.lastSeenAt - a.lastSeenAt)
        .map((session) => toRow(session, actor.sessionId)),
    revoke(actor, id) {
      const session = liveOf(actor).find((one) => one.id === id);
      if (!session) {
        throw new DroverError('not-found', `No session ${id}`);
      }
      // Without the row there is no end.
      archive.together(() => {
        archive.updateSession(id, { revokedAt: clock.now() });
        archive.recordAudit(auditOf(actor, 'session.revoke', session));
      });
    },
  };
}

/** What somebody did from the session itself. */
function recordOwn(
  { archive, actorOf }: Pick<SessionParts, 'archive' | 'actorOf'>,
  session: StoredSession,
  action: string,
): void {
  const user = actorOf(session);
  if (user) {
    archive.recordAudit(auditOf(ownActor(user, session), action, session));
  }
}

type User = Omit<Actor, 'origin' | 'sessionId'>;

/** Whoever sits before the session's browser. */
const ownActor = (user: User, { id, address }: Pick<StoredSession, 'id' | 'address'>): Actor => ({
  ...user,
  origin: { transport: 'http', address },
  sessionId: id,
});

/** Which session it was, by what its owner knows it by; never its secret. */
function auditOf(actor: Actor, action: string, { id, address, agent, createdAt }: StoredSession): AuditEntry {
  return { actor, action, objectType: 'session', objectId: id, detail: { address, agent, createdAt } };
}

/** Digests of the links that were printed and not yet used; a restart of the engine forgets them. */
class LinkTokens {
  readonly #clock: Clock;
  readonly #expiries = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(sha256: string): void {
    const now = this.#clock.monotonic();
    for (const [old, expiry] of this.#expiries) {
      if (expiry <= now || this.#expiries.size >= mostLinks) {
        this.#expiries.delete(old);
      }
    }
    this.#expiries.set(sha256, now + linkLifeMs);
  }

  /** True once, and only in time. */
  take(sha256: string): boolean {
    const expiry = this.#expiries.get(sha256);
    this.#expiries.delete(sha256);
    return expiry !== undefined && this.#clock.monotonic() < expiry;
  }
}

const newTimes = (now: number): Pick<StoredSession, 'createdAt' | 'lastSeenAt' | 'expiresAt' | 'revokedAt'> => ({
  createdAt: now,
  lastSeenAt: now,
  expiresAt: expiryOf(now, now),
  revokedAt: null,
});

function expiryOf(createdAt: number, lastSeenAt: number): number {
  return Math.min(createdAt + longestLifeMs, lastSeenAt + idleLifeMs);
}

function isLive(session: StoredSession, now: number): boolean {
  return session.revokedAt === null && now < session.expiresAt;
}

function toRow(session: StoredSession, currentId: string | null): SessionRow {
  const { id, createdAt, lastSeenAt, expiresAt, address, agent } = session;
  return { id, createdAt, lastSeenAt, expiresAt, address, agent, current: id === currentId };
}
