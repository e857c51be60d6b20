import { describe, expect, it } from 'vitest';
import type { Actor, AuditEntry } from '#core/ports';
import type { StoredToken } from '#core/ports-operating';
import { metricsToken } from '#core/operating/metrics-token';

const actor = { name: 'Ada' } as Actor;

function bench(write: () => void = () => undefined) {
  let stored: StoredToken | null = null;
  let made = 0;
  const audit: AuditEntry[] = [];
  const compared: [string, string][] = [];
  const token = metricsToken({
    store: {
      read: () => stored,
      write(next) {
        write();
        stored = next;
      },
    },
    clock: { now: () => 1_000.4 },
    ids: { secret: (bytes) => `${(made += 1)}-of-${bytes}` },
    digest: { of: (text) => `digest of ${text}` },
    isSame: (one, other) => {
      compared.push([one, other]);
      return one === other;
    },
    recordAudit: (entry) => void audit.push(entry),
  });
  return { token, audit, compared, stored: () => stored };
}

describe('the token for metrics', () => {
  it('is kept as a digest only, and compared by digests', () => {
    const { token, stored, compared } = bench();
    expect(token.isRight('')).toBe(false);
    const { token: secret, createdAt } = token.make(actor);
    expect(secret).toBe('drover_metrics_1-of-32');
    expect(createdAt).toBe(1_000);
    expect(stored()).toEqual({ sha256: `digest of ${secret}`, createdAt: 1_000 });
    expect(token.isRight(secret)).toBe(true);
    expect(token.isRight('guess')).toBe(false);
    expect(compared.every(([, given]) => given.startsWith('digest of '))).toBe(true);
  });

  it('works no more when there is a new one, or when it was revoked', () => {
    const { token, audit } = bench();
    const first = token.make(actor).token;
    const second = token.make(actor).token;
    expect([token.isRight(first), token.isRight(second)]).toEqual([false, true]);
    expect([token.revoke(actor), token.revoke(actor)]).toEqual([true, false]);
    expect(token.isRight(second)).toBe(false);
    expect(audit.map(({ action }) => action)).toEqual(['metrics.token', 'metrics.token', 'metrics.revoke']);
    expect(JSON.stringify(audit)).not.toContain('-of-32');
  });

  it('is not given out when it could not be kept', () => {
    const { token } = bench(() => {
      throw new Error('the disk is full');
    });
    expect(() => token.make(actor)).toThrow('full');
  });
});
