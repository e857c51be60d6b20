import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HostTrust } from '#adapters/ssh/host-trust';
import { KnownHosts } from '#adapters/ssh/known-hosts';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';
import { newTestKey, type TestKey } from '../../support/ssh-keys.ts';
import { KeyBook, noKnownHosts } from './fault-bench.ts';

const [key, other, rsa] = [newTestKey(), newTestKey(), newTestKey('rsa')];
const bytes = ({ publicKey }: TestKey): Buffer => Buffer.from(publicKey.split(' ')[1] ?? '', 'base64');
const web = { address: 'web', port: 2222, policy: 'known' } as const;

describe('trust in host keys', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'drover-trust-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const over = (line: string, book: KeyBook): HostTrust => {
    const file = join(folder, 'known_hosts');
    writeFileSync(file, `${line}\n`);
    return new HostTrust(new KnownHosts([file], new CollectingLog()), book);
  };

  it('is in what known_hosts holds under [host]:port, and in what the book holds', () => {
    const book = new KeyBook();
    expect(over(`[web]:2222 ${key.publicKey}`, book).refusalOf(bytes(key), web)).toBeNull();
    expect(over(`web ${key.publicKey}`, book).refusalOf(bytes(key), web)).toMatch(/is not known/);
    book.trust('web', 2222, key);
    expect(new HostTrust(noKnownHosts, book).refusalOf(bytes(key), web)).toBeNull();
    expect(new HostTrust(noKnownHosts, book).refusalOf(bytes(key), { ...web, port: 22 })).toMatch(/is not known/);
  });

  it('tells the book of an unknown key, and of what a changed one would replace', () => {
    const book = new KeyBook();
    const trust = new HostTrust(noKnownHosts, book);
    expect(trust.refusalOf(bytes(key), web)).toContain(key.fingerprint);
    book.trust('web', 2222, key);
    expect(trust.refusalOf(bytes(other), web)).toMatch(/has changed/);
    expect(trust.refusalOf(bytes(rsa), { ...web, policy: 'accept-new' })).toMatch(/of a type that is not known for it/);
    expect(book.offered).toEqual([
      {
        key: expect.objectContaining({ address: 'web', port: 2222, type: 'ssh-ed25519', fingerprint: key.fingerprint }),
        replaces: null,
      },
      { key: expect.objectContaining({ fingerprint: other.fingerprint }), replaces: key.fingerprint },
      { key: expect.objectContaining({ type: 'ssh-rsa' }), replaces: key.fingerprint },
    ]);
    expect(book.accepted).toEqual([]);
  });

  it('takes a new key where that is the policy, and only that one from then on', () => {
    const book = new KeyBook();
    const trust = new HostTrust(noKnownHosts, book);
    const eager = { ...web, policy: 'accept-new' } as const;
    expect(trust.refusalOf(bytes(key), eager)).toBeNull();
    expect(book.accepted).toMatchObject([{ fingerprint: key.fingerprint }]);
    expect(trust.refusalOf(bytes(key), eager)).toBeNull();
    expect(book.accepted).toHaveLength(1);
    expect(trust.refusalOf(bytes(other), eager)).toMatch(/has changed/);
  });

  it('never takes nor offers a revoked key, or one of which only an authority is known', () => {
    const book = new KeyBook();
    const eager = { ...web, policy: 'accept-new' } as const;
    book.trust('web', 2222, other);
    expect(over(`@revoked * ${other.publicKey}`, book).refusalOf(bytes(other), eager)).toMatch(/marked @revoked/);
    const fresh = new KeyBook();
    const authority = over(`@cert-authority [web]:2222 ${other.publicKey}`, fresh);
    expect(authority.refusalOf(bytes(key), eager)).toMatch(/@cert-authority line only/);
    expect([...book.offered, ...fresh.offered, ...book.accepted, ...fresh.accepted]).toEqual([]);
  });

  it('asks for the types of known keys first', () => {
    const trust = new HostTrust(noKnownHosts, new KeyBook().trust('web', 2222, rsa));
    expect(trust.algorithms('web', 2222, false)[0]).toBe('rsa-sha2-512');
    expect(trust.algorithms('web', 22, false)[0]).toBe('ssh-ed25519');
    expect(trust.algorithms('web', 2222, false)).not.toContain('ssh-rsa');
  });

  it('bears a key that is none', () => {
    const trust = new HostTrust(noKnownHosts, new KeyBook());
    for (const shown of [Buffer.alloc(0), Buffer.from([255, 255, 255, 255, 1]), Buffer.from([0, 0, 0, 3, 65])]) {
      expect(trust.refusalOf(shown, web)).toMatch(/is not known/);
    }
  });
});
