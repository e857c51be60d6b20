import { describe, expect, it } from 'vitest';
import { failureOf, type Progress } from '#adapters/ssh/reach-failure';

const where = 'web1 port 22';
const connecting: Progress = { user: 'anna', isConnected: false, hasKeys: false, tried: [] };
const greeting: Progress = { ...connecting, isConnected: true };
const loggingIn: Progress = {
  user: 'anna',
  isConnected: true,
  hasKeys: true,
  tried: ['the ed25519 key', 'the password'],
};
const failure = (message: string, some: { code?: string; level?: string } = {}): Error =>
  Object.assign(new Error(message), some);

describe('why a machine was not reached', () => {
  it.each([
    ['ECONNREFUSED', 'refused-connection', 'Nothing listens at web1 port 22'],
    ['ENOTFOUND', 'unreachable', 'web1 port 22 cannot be reached: its name is not known'],
    ['EHOSTUNREACH', 'unreachable', 'web1 port 22 cannot be reached: no route to it'],
    ['ESTRANGE', 'unreachable', 'web1 port 22 cannot be reached: strange'],
  ])('is told in words for %s', (code, reason, message) => {
    expect(failureOf(failure('strange', { code }), where, connecting)).toMatchObject({
      reason,
      message,
      isReset: false,
    });
  });

  it('is a reset only before the key exchange', () => {
    const reset = failure('read ECONNRESET', { code: 'ECONNRESET' });
    expect(failureOf(reset, where, greeting)).toMatchObject({ reason: 'unreachable', isReset: true });
    expect(failureOf(failure('Connection lost before handshake'), where, greeting).isReset).toBe(true);
    expect(failureOf(reset, where, loggingIn)).toMatchObject({ reason: 'unreachable', isReset: false });
    expect(failureOf(reset, where, connecting)).toMatchObject({ reason: 'unreachable', isReset: true });
    const timeout = failure('connect ETIMEDOUT', { code: 'ETIMEDOUT' });
    expect(failureOf(timeout, where, connecting).isReset).toBe(false);
  });

  it('is a refused login with what was tried, also when the machine takes no more tries', () => {
    const refused = failure('All configured authentication methods failed', { level: 'client-authentication' });
    expect(failureOf(refused, where, loggingIn)).toMatchObject({
      reason: 'auth-failed',
      message: 'web1 port 22 refused the login as anna; tried the ed25519 key, the password',
    });
    expect(failureOf(failure('Too many authentication failures'), where, loggingIn).reason).toBe('auth-failed');
    expect(failureOf(refused, where, { ...loggingIn, tried: [] }).message).toMatch(
      /^There is nothing to log in to web1/,
    );
  });

  it('says how weak algorithms are allowed', () => {
    const { message } = failureOf(failure('Handshake failed: no matching key exchange algorithm'), where, greeting);
    expect(message).toMatch(/allow weak algorithms for this target/);
  });
});
