import type { Actor, AuditEntry, Clock, Digest, Ids } from '#core/ports';
import type { TokenStore } from '#core/ports-operating';

type TokenParts = {
  readonly store: TokenStore;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Pick<Ids, 'secret'>;
  readonly digest: Pick<Digest, 'of'>;
  /** Compares two digests in a time that does not depend on them. */
  readonly isSame: (one: string, other: string) => boolean;
  readonly recordAudit: (entry: AuditEntry) => void;
};

export type MetricsToken = {
  /** Makes a new one and forgets the one before; nobody can read it again. */
  make(actor: Actor): { readonly token: string; readonly createdAt: number };
  /** Whether there was one. */
  revoke(actor: Actor): boolean;
  isRight(token: string): boolean;
};

/** Lets secret scanners know what they have found. */
const prefix = 'drover_metrics_';
const secretBytes = 32;

/** The token that reads the metrics and nothing else. */
export function metricsToken({ store, clock, ids, digest, isSame, recordAudit }: TokenParts): MetricsToken {
  const audit = (actor: Actor, action: string): void =>
    recordAudit({ actor, action, objectType: 'metrics-token', objectId: '', detail: {} });
  return {
    make(actor) {
      const token = `${prefix}${ids.secret(secretBytes)}`;
      const createdAt = Math.round(clock.now());
      // First: a token that works and is in no audit row must not be.
      audit(actor, 'metrics.token');
      store.write({ sha256: digest.of(token), createdAt });
      return { token, createdAt };
    },
    revoke(actor) {
      if (store.read() === null) {
        return false;
      }
      audit(actor, 'metrics.revoke');
      store.write(null);
      return true;
    },
    isRight(token) {
      const stored = store.read();
      return stored !== null && isSame(stored.sha256, digest.of(token));
    },
  };
}
