import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Client } from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprintOf, hostKeyAlgorithms, hostKeyVerdict, randomart } from '#adapters/ssh/host-key-verdict';

const key = (type: string, content: string): { type: string; publicKey: string; fingerprint: string } => {
  const publicKey = Buffer.from(`${type} ${content}`).toString('base64');
  return { type, publicKey, fingerprint: fingerprintOf(publicKey) };
};
const ed25519 = key('ssh-ed25519', 'one');
const changed = key('ssh-ed25519', 'another');
const rsa = key('ssh-rsa', 'one');
const ecdsa = key('ecdsa-sha2-nistp256', 'one');
const nothing = {
  shown: ed25519,
  address: 'web.example',
  port: 22,
  trusted: [],
  revoked: [],
  hasAuthority: false,
  unreadable: null,
  policy: 'known',
} as const;
const generous = { ...nothing, policy: 'accept-new' } as const;

describe('the verdict on a host key', () => {
  it('trusts a key that is known, also beside others and in another spelling of base64', () => {
    expect(hostKeyVerdict({ ...nothing, trusted: [changed, rsa, ed25519] })).toEqual({ kind: 'trusted' });
    const shown = { ...ed25519, publicKey: ed25519.publicKey.replace(/=+$/, '') };
    expect(hostKeyVerdict({ ...nothing, shown, trusted: [ed25519] })).toEqual({ kind: 'trusted' });
  });

  it('refuses an unknown key with its fingerprint and the remedy, unless new keys are taken', () => {
    expect(hostKeyVerdict(nothing)).toMatchObject({ kind: 'refused', code: 'unknown', replaces: null });
    const { message } = hostKeyVerdict({ ...nothing, port: 2222 }) as { message: string };
    expect(message).toContain('web.example port 2222');
    expect(message).toContain(`ssh-ed25519 ${ed25519.fingerprint}`);
    expect(message).toContain('"drover hostkey accept web.example"');
    expect(hostKeyVerdict(generous)).toEqual({ kind: 'accept-new' });
  });

  it('refuses a changed key with both fingerprints, whatever the policy', () => {
    for (const evidence of [nothing, generous]) {
      const verdict = hostKeyVerdict({ ...evidence, shown: changed, trusted: [rsa, ed25519] });
      expect(verdict).toMatchObject({ kind: 'refused', code: 'changed', replaces: ed25519.fingerprint });
      expect(verdict).toHaveProperty('message', expect.stringContaining(changed.fingerprint));
      expect(verdict).toHaveProperty('message', expect.stringContaining(ed25519.fingerprint));
      expect(verdict).toHaveProperty('message', expect.not.stringContaining(rsa.fingerprint));
    }
  });

  it('refuses a key of a type that was never seen while others are known, and names those', () => {
    for (const evidence of [nothing, generous]) {
      const verdict = hostKeyVerdict({ ...evidence, trusted: [rsa, ecdsa] });
      expect(verdict).toMatchObject({ kind: 'refused', code: 'changed', replaces: rsa.fingerprint });
      expect(verdict).toHaveProperty('message', expect.stringContaining(`ssh-rsa ${rsa.fingerprint}`));
      expect(verdict).toHaveProperty('message', expect.stringContaining(`ecdsa-sha2-nistp256 ${ecdsa.fingerprint}`));
    }
  });

  it('takes the names of RSA signatures for the type of their key', () => {
    const shown = { ...key('ssh-rsa', 'other'), type: 'rsa-sha2-512' };
    const verdict = hostKeyVerdict({ ...nothing, shown, trusted: [ed25519, rsa] });
    expect(verdict).toMatchObject({ code: 'changed', replaces: rsa.fingerprint });
  });

  it('refuses a revoked key even when it is trusted and the store cannot be read', () => {
    const verdict = hostKeyVerdict({
      ...generous,
      trusted: [ed25519],
      revoked: [rsa, ed25519],
      unreadable: '/x (EACCES)',
    });
    expect(verdict).toMatchObject({ kind: 'refused', code: 'revoked', replaces: null });
    expect(hostKeyVerdict({ ...generous, revoked: [rsa] })).toEqual({ kind: 'accept-new' });
  });

  it('refuses when a store cannot be read, even a key that is trusted elsewhere', () => {
    const verdict = hostKeyVerdict({ ...generous, trusted: [ed25519], unreadable: '/x (EACCES)' });
    expect(verdict).toMatchObject({ kind: 'refused', code: 'unreadable' });
    expect(verdict).toHaveProperty('message', expect.stringContaining('/x (EACCES)'));
  });

  it('refuses a machine that only an authority vouches for, and names its key', () => {
    for (const evidence of [nothing, generous]) {
      const verdict = hostKeyVerdict({ ...evidence, hasAuthority: true });
      expect(verdict).toMatchObject({ kind: 'refused', code: 'host-certificate-unsupported', replaces: null });
      expect(verdict).toHaveProperty('message', expect.stringContaining(ed25519.fingerprint));
    }
    expect(hostKeyVerdict({ ...nothing, hasAuthority: true, trusted: [ed25519] })).toEqual({ kind: 'trusted' });
  });

  it('never accepts anything but a trusted key, or a first one where new keys are taken', () => {
    const keys = fc.subarray([ed25519, changed, rsa, ecdsa]);
    fc.assert(
      fc.property(
        fc.record({
          shown: fc.constantFrom(ed25519, rsa, ecdsa),
          trusted: keys,
          revoked: keys,
          hasAuthority: fc.boolean(),
          unreadable: fc.constantFrom(null, '/x (EACCES)'),
          policy: fc.constantFrom('known' as const, 'accept-new' as const),
        }),
        (evidence) => {
          const { kind } = hostKeyVerdict({ ...nothing, ...evidence });
          const { shown, trusted, revoked, hasAuthority, unreadable, policy } = evidence;
          const isClean = unreadable === null && !revoked.includes(shown);
          expect(kind === 'trusted').toBe(isClean && trusted.includes(shown));
          expect(kind === 'accept-new').toBe(
            isClean && trusted.length === 0 && !hasAuthority && policy === 'accept-new',
          );
        },
      ),
    );
  });

  it('shows nothing of a type that could steer a terminal', () => {
    const shown = { ...ed25519, type: `\u001B[2J\r\n${'x'.repeat(500)}` };
    const { message } = hostKeyVerdict({ ...nothing, shown }) as { message: string };
    expect(message).toMatch(/^[ -~]+$/);
    expect(message.length).toBeLessThan(400);
  });
});

describe('the algorithms to ask for', () => {
  const strong = [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'rsa-sha2-512',
    'rsa-sha2-256',
  ];

  it('have no SHA-1 and no DSA unless weak ones are allowed', () => {
    expect(hostKeyAlgorithms([], false)).toEqual(strong);
    expect(hostKeyAlgorithms([{ type: 'ssh-dss' }], false)).toEqual(strong);
    expect(hostKeyAlgorithms([], true)).toEqual([...strong, 'ssh-rsa', 'ssh-dss']);
  });

  it('begin with those of known keys', () => {
    expect(hostKeyAlgorithms([rsa, ecdsa], false)).toEqual([
      'ecdsa-sha2-nistp256',
      'rsa-sha2-512',
      'rsa-sha2-256',
      'ssh-ed25519',
      'ecdsa-sha2-nistp384',
      'ecdsa-sha2-nistp521',
    ]);
    expect(hostKeyAlgorithms([rsa], true).slice(0, 4)).toEqual([
      'rsa-sha2-512',
      'rsa-sha2-256',
      'ssh-rsa',
      'ssh-ed25519',
    ]);
    expect(hostKeyAlgorithms([{ type: 'sk-ssh-ed25519@openssh.com' }], false)).toEqual(strong);
  });

  it('are all known to ssh2', () => {
    const serverHostKey = hostKeyAlgorithms([rsa], true);
    const client = new Client();
    client.on('error', () => {});
    const connect = (names: string[]): void =>
      void client.connect({
        host: '127.0.0.1',
        port: 1,
        username: 'nobody',
        algorithms: { serverHostKey: names as never },
      });
    expect(() => connect([...serverHostKey, 'made-up'])).toThrow('made-up');
    expect(() => connect(serverHostKey)).not.toThrow();
    client.destroy();
  });
});

describe('fingerprint and picture', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'drover-picture-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['ed25519', '256', 'ED25519 256'],
    ['ed25519', '256', 'ED25519 256'],
    ['ecdsa', '521', 'ECDSA 521'],
    ['rsa', '2048', 'RSA 2048'],
  ])('of a key of type %s are those of ssh-keygen', (type, bits, title) => {
    const path = join(folder, 'key');
    rmSync(path, { force: true });
    execFileSync('ssh-keygen', ['-q', '-t', type, '-b', bits, '-N', '', '-f', path]);
    const shown = execFileSync('ssh-keygen', ['-lvf', `${path}.pub`], { encoding: 'utf8' });
    const publicKey = readFileSync(`${path}.pub`, 'utf8').split(' ')[1] ?? '';
    const [summary, ...picture] = shown.trimEnd().split('\n');
    expect(summary).toContain(` ${fingerprintOf(publicKey)} `);
    expect(randomart(publicKey, title)).toBe(picture.join('\n'));
  });

  it('keep the shape of the picture for a title that is too long', () => {
    const [border] = randomart(ed25519.publicKey, 'x'.repeat(40)).split('\n');
    expect(border).toHaveLength(19);
  });
});
