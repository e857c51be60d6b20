import { describe, expect, it } from 'vitest';
import type { HostKey } from '#contract/host-key';
import type { HostRow } from '#contract/run';
import { keysOfRefused, machineText, trustedSince } from '../../src-renderer/features/run/refused-keys.ts';

const run = { createdAt: 1_000 };

const key = (address: string, fingerprint: string, more: Partial<HostKey> = {}): HostKey => ({
  id: `${address} ${fingerprint}`,
  address,
  port: 22,
  type: 'ssh-ed25519',
  publicKey: 'AAAA',
  fingerprint,
  state: 'offered',
  replaces: null,
  acceptedBy: null,
  seenAt: 2_000,
  ...more,
});

const nothing = { lines: 0, bytes: 0, omitted: 0, sha256: null };

const refused = (host: number, address: string, fingerprint: string): HostRow => ({
  host,
  targetId: null,
  name: address,
  address,
  status: 'failed',
  reason: 'host-key',
  message: `unknown host key ${fingerprint}`,
  exitCode: null,
  attempt: 1,
  startedAt: 1,
  endedAt: 2,
  durationMs: 1,
  stopped: null,
  lateResult: null,
  out: nothing,
  err: nothing,
});

describe('host keys of refused targets', () => {
  it('are those each of them has shown in this run', () => {
    const rows = [refused(0, 'a', 'SHA256:one'), refused(3, 'b', 'SHA256:two')];
    const offered = [key('a', 'SHA256:one'), key('b', 'SHA256:two'), key('c', 'SHA256:three')];
    const found = keysOfRefused(rows, [...offered, key('a', 'SHA256:one', { id: 'old', seenAt: 500 })], run);
    expect(found.unknown.map(({ id }) => id)).toEqual(['a SHA256:one', 'b SHA256:two']);
    expect(found.trustable.map(({ host }) => host)).toEqual([0, 3]);
    expect(found.changed).toEqual([]);
  });

  it('never offer a changed key, nor the target that showed one', () => {
    const rows = [refused(0, 'a', 'SHA256:one'), refused(1, 'b', 'SHA256:two')];
    const offered = [key('a', 'SHA256:one'), key('b', 'SHA256:two', { replaces: 'SHA256:before' })];
    const { unknown, changed, trustable } = keysOfRefused(rows, offered, run);
    expect([unknown, changed].map((keys) => keys.map(({ address }) => address))).toEqual([['a'], ['b']]);
    expect(trustable.map(({ host }) => host)).toEqual([0]);
  });

  it('are those of a machine on the way where the target itself showed none', () => {
    const found = keysOfRefused([refused(0, 'a', 'SHA256:jump')], [key('bastion', 'SHA256:jump')], run);
    expect(found.unknown.map(machineText)).toEqual(['bastion']);
  });

  it('that were all trusted since no longer stand in the way, a changed one beside a known one does', () => {
    const rows = [
      refused(0, 'a', 'SHA256:one'),
      refused(1, 'b', 'SHA256:new, trusted was SHA256:one'),
      refused(2, 'c', ''),
    ];
    expect(trustedSince(rows, [{ fingerprint: 'SHA256:one' }]).map(({ host }) => host)).toEqual([0]);
    expect(trustedSince(rows, [])).toEqual([]);
  });

  it('write a machine as the command line takes it', () => {
    expect([key('a', ''), key('a', '', { port: 2222 }), key('fe80::1', '', { port: 2222 })].map(machineText)).toEqual([
      'a',
      'a:2222',
      '[fe80::1]:2222',
    ]);
  });
});
