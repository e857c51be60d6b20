import { beforeEach, describe, expect, it } from 'vitest';
import { Credential, credentialContract } from '#contract/credential';
import { TargetFields } from '#contract/target';
import { createCredentialService, type CredentialService } from '#core/credential/credential-service';
import { anna, refusalOf } from '../../support/fakes/engine-rig.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';
import { MemoryArchive } from '../../support/fakes/memory-archive.ts';
import { fakeKeys, FakeVault } from './fake-vault.ts';

let archive: MemoryArchive;
let vault: FakeVault;
let credentials: CredentialService;

beforeEach(() => {
  archive = new MemoryArchive();
  vault = new FakeVault();
  let ids = 0;
  credentials = createCredentialService({
    store: archive,
    targets: archive,
    vault,
    keys: fakeKeys,
    clock: new FakeClock(),
    ids: { next: () => `id-${(ids += 1)}` },
  });
});

const create = (input: object): Credential =>
  credentials.create(credentialContract['credential.create'].input.parse({ name: 'web', ...input }), anna);

const secretOf = (id: string): unknown => {
  const stored = archive.listCredentials(anna.teamId).find((credential) => credential.id === id);
  return stored && vault.unseal(id, stored.sealed);
};

/** Makes a target that names a credential for its login, and others on the way. */
function useIn(name: string, credentialId: string | null, hops: readonly (string | null)[] = []): void {
  const jump = hops.map((hop, index) => ({ address: `jump${index}`, credentialId: hop }));
  const fields = TargetFields.parse({ name, address: '10.0.0.1', credentialId, jump });
  const target = { ...fields, id: `target-${name}`, teamId: anna.teamId, createdBy: anna.userId, at: 0 };
  archive.createTarget(target, { actor: anna, action: 'x', objectType: 'target', objectId: '', detail: {} });
}

describe('a new credential', () => {
  it('is answered without its secrets, which are sealed under its id', () => {
    const secret = { privateKey: 'locked web s3same', passphrase: 's3same', becomePassword: 'sudo-pass' };
    const answer = create({ kind: 'key', user: 'deploy', become: { user: 'app' }, secret });
    expect(Credential.parse(answer)).toEqual(answer);
    expect(answer).toMatchObject({
      id: 'id-1',
      kind: 'key',
      user: 'deploy',
      become: { user: 'app' },
      publicKey: 'ssh-fake web',
      fingerprint: 'SHA256:web',
      holds: ['privateKey', 'passphrase', 'becomePassword'],
      usedBy: 0,
      rev: 1,
    });
    expect(secretOf('id-1')).toEqual(secret);
    expect(credentials.list(anna)).toEqual([answer]);
    expect(JSON.stringify([answer, archive.audits])).not.toMatch(/s3same|sudo-pass|locked web/);
    expect(archive.audits).toMatchObject([
      {
        action: 'credential.create',
        objectType: 'credential',
        objectId: 'id-1',
        detail: { name: 'web', kind: 'key', user: 'deploy', fingerprint: 'SHA256:web' },
      },
    ]);
  });

  it.each([
    ['password', {}, /needs a password/],
    ['winrm', { becomePassword: 'x' }, /needs a password/],
    ['key', { password: 'x' }, /needs a private key/],
    ['password', { password: 'x', privateKey: 'key a' }, /no use for a private key/],
    ['winrm', { password: 'x', becomePassword: 'y' }, /no use for a password for sudo/],
    ['agent', { privateKey: 'key a' }, /no use for a private key/],
  ])('of the kind %s with %j is refused', (kind, secret, words) => {
    const refusal = refusalOf(() => create({ kind, secret }));
    expect(refusal).toMatchObject({ code: 'bad-input', message: expect.stringMatching(words) });
    expect(credentials.list(anna)).toEqual([]);
    expect(vault.seals).toBe(0);
  });

  it('for the ssh-agent needs neither secrets nor an open vault', () => {
    vault.isLocked = true;
    expect(create({ kind: 'agent' })).toMatchObject({ holds: [], publicKey: null });
    expect(refusalOf(() => create({ name: 'other', kind: 'password', secret: { password: 'x' } })).code).toBe(
      'secrets-locked',
    );
  });

  it('with a key that cannot be read is refused before anything is sealed', () => {
    const secret = { privateKey: 'locked web s3same' };
    expect(refusalOf(() => create({ kind: 'key', secret })).code).toBe('bad-key');
    expect(vault.seals).toBe(0);
  });

  it('does not keep a passphrase that its key does not need', () => {
    expect(create({ kind: 'key', secret: { privateKey: 'key web', passphrase: 'x' } }).holds).toEqual(['privateKey']);
  });

  it('needs a free name, however it is written, before anything is sealed', () => {
    create({ kind: 'agent' });
    const refusal = refusalOf(() => create({ name: 'WEB', kind: 'password', secret: { password: 'x' } }));
    expect(refusal).toMatchObject({ code: 'name-taken', message: expect.stringContaining('web') });
    expect(vault.seals).toBe(0);
  });

  it('may be a key that is made here, whose public half alone leaves', () => {
    const input = credentialContract['credential.generate'].input.parse({ name: 'web', user: 'deploy' });
    const answer = credentials.generate(input, anna);
    expect(answer).toMatchObject({
      kind: 'key',
      user: 'deploy',
      publicKey: 'ssh-fake generated',
      holds: ['privateKey'],
    });
    expect(secretOf(answer.id)).toEqual({ privateKey: 'key generated' });
  });
});

describe('a change', () => {
  const update = (change: Parameters<CredentialService['update']>[0]['change'], rev = 1): Credential =>
    credentials.update({ id: 'id-1', rev, change }, anna);

  it('leaves what it does not name, also while the vault is locked', () => {
    create({ kind: 'password', user: 'deploy', secret: { password: 'one' } });
    vault.isLocked = true;
    expect(update({ name: 'db' })).toMatchObject({ name: 'db', user: 'deploy', holds: ['password'], rev: 2 });
    expect(update({ user: null }, 2)).toMatchObject({ name: 'db', user: null });
    vault.isLocked = false;
    expect(secretOf('id-1')).toEqual({ password: 'one' });
  });

  it('of one secret leaves the others', () => {
    create({ kind: 'password', secret: { password: 'one', becomePassword: 'two' } });
    expect(update({ secret: { password: 'three' } }).holds).toEqual(['password', 'becomePassword']);
    expect(secretOf('id-1')).toEqual({ password: 'three', becomePassword: 'two' });
    expect(archive.audits.at(-1)).toMatchObject({ action: 'credential.update', detail: { changed: ['secret'] } });
    expect(JSON.stringify(archive.audits)).not.toContain('three');
  });

  it('of the key takes its public half and the passphrase it needs with it', () => {
    create({ kind: 'key', secret: { privateKey: 'locked old s3same', passphrase: 's3same' } });
    expect(update({ secret: { privateKey: 'locked new s3same' } })).toMatchObject({
      fingerprint: 'SHA256:new',
      holds: ['privateKey', 'passphrase'],
    });
    expect(update({ secret: { privateKey: 'key plain' } }, 2)).toMatchObject({
      publicKey: 'ssh-fake plain',
      holds: ['privateKey'],
    });
    expect(refusalOf(() => update({ secret: { privateKey: 'locked more other' } }, 3)).code).toBe('bad-key');
  });

  it('mends a record whose secret cannot be opened any more', () => {
    create({ kind: 'password', secret: { password: 'one' } });
    vault.damage();
    expect(refusalOf(() => update({ secret: { becomePassword: 'two' } })).code).toBe('bad-input');
    update({ secret: { password: 'new' } });
    expect(secretOf('id-1')).toEqual({ password: 'new' });
  });

  it('that is based on an older one is refused', () => {
    create({ kind: 'agent' });
    update({ name: 'db' });
    expect(refusalOf(() => update({ name: 'mail' }))).toMatchObject({ code: 'changed-meanwhile', detail: { rev: 2 } });
    expect(credentials.list(anna)[0]?.name).toBe('db');
  });

  it('may write its own name in another way, but take no other', () => {
    create({ kind: 'agent' });
    create({ name: 'db', kind: 'agent' });
    expect(update({ name: 'Web' }).name).toBe('Web');
    expect(refusalOf(() => update({ name: 'DB' }, 2)).code).toBe('name-taken');
  });

  it('of a credential that is gone or of another team is refused', () => {
    create({ kind: 'agent' });
    const stranger = { ...anna, teamId: 'team-2' };
    expect(refusalOf(() => credentials.update({ id: 'id-1', rev: 1, change: {} }, stranger)).code).toBe(
      'unknown-credential',
    );
    expect(refusalOf(() => credentials.remove('id-2', anna)).code).toBe('unknown-credential');
    expect(credentials.list(stranger)).toEqual([]);
  });
});

describe('a credential that targets name', () => {
  it('counts each of them once, for login or on the way', () => {
    create({ kind: 'agent' });
    useIn('web1', 'id-1', ['id-1', 'id-1']);
    useIn('web2', null, [null, 'id-1']);
    useIn('web3', 'id-2');
    expect(credentials.list(anna)[0]?.usedBy).toBe(2);
    expect(credentials.update({ id: 'id-1', rev: 1, change: { name: 'db' } }, anna).usedBy).toBe(2);
  });

  it('is not removed, and five of them are named', () => {
    create({ kind: 'agent' });
    for (let index = 1; index <= 7; index += 1) {
      useIn(`web${index}`, 'id-1');
    }
    expect(refusalOf(() => credentials.remove('id-1', anna))).toMatchObject({
      code: 'credential-in-use',
      message:
        '7 targets use the credential web (web1, web2, web3, web4, web5 and 2 more): give them another one first',
      detail: { targets: ['web1', 'web2', 'web3', 'web4', 'web5'], count: 7 },
    });
    expect(credentials.list(anna)).toHaveLength(1);
  });

  it('is removed when no target names it, also while the vault is locked', () => {
    create({ kind: 'password', secret: { password: 'x' } });
    vault.isLocked = true;
    credentials.remove('id-1', anna);
    expect(credentials.list(anna)).toEqual([]);
    expect(archive.audits.at(-1)).toMatchObject({ action: 'credential.remove', detail: { name: 'web' } });
  });
});
