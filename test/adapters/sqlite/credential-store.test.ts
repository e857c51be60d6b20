import { describe, expect, it } from 'vitest';
import type { Archive } from '#core/ports';
import type { StoredCredential } from '#core/ports-reach';
import {
  auditOf,
  behind,
  bothArchives,
  forbidAudit,
  newCredential,
  open,
  refusal,
  testFolder,
} from './archive-fixture.ts';

type New = ReturnType<typeof newCredential>;
type Change = Parameters<Archive['updateCredential']>[1]['fields'];

/** Every byte there is. */
const allBytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);

const full = (archive: Archive): New =>
  newCredential(archive, {
    name: 'Deploy',
    kind: 'password',
    user: 'deploy',
    become: { user: 'root' },
    publicKey: 'ssh-ed25519 AAAA deploy',
    fingerprint: 'SHA256:abc',
    holds: ['privateKey', 'passphrase', 'becomePassword'],
    sealed: allBytes,
  });

const create = (archive: Archive, more: Partial<New> = {}): StoredCredential =>
  archive.createCredential(newCredential(archive, more), auditOf(archive, 'credential.create'));

const list = (archive: Archive): StoredCredential[] => archive.listCredentials(archive.builtIn.teamId);

const change = (archive: Archive, { id, rev }: StoredCredential, fields: Change): StoredCredential | undefined =>
  archive.updateCredential(id, { rev, fields }, auditOf(archive, 'credential.update'));

describe.each(bothArchives)('%s keeps credentials, which', (_which, newOne) => {
  it('come back with every field as it was given, the sealed bytes as well', () => {
    const { archive } = newOne();
    const given = full(archive);
    const { createdBy: _by, ...fields } = given;
    const created = archive.createCredential({ ...given, sealed: Buffer.from(allBytes) }, auditOf(archive));
    expect(created).toStrictEqual({ ...fields, no: 1, rev: 1 });
    const plain = create(archive, { name: 'plain' });
    expect(list(archive)).toStrictEqual([created, plain]);
    expect(archive.listCredentials('another team')).toEqual([]);
  });

  it('are changed field by field, but for the time they were made', () => {
    const { archive } = newOne();
    let credential = create(archive);
    const { id: _id, teamId: _team, createdBy: _by, createdAt: _at, updatedAt: _then, ...fields } = full(archive);
    for (const [name, value] of Object.entries(fields)) {
      const next = change(archive, credential, { [name]: value, updatedAt: 9, createdAt: 3 });
      expect(next, name).toStrictEqual({ ...credential, [name]: value, updatedAt: 9, rev: credential.rev + 1 });
      credential = next ?? credential;
    }
    expect(list(archive)).toStrictEqual([credential]);
    expect(change(archive, credential, { user: null, become: null, holds: [] })).toMatchObject({
      user: null,
      become: null,
      holds: [],
    });
  });

  it('are not changed by who has seen an older revision, or none', () => {
    const { archive, auditRows } = newOne();
    const credential = create(archive);
    change(archive, credential, { user: 'anna' });
    expect(change(archive, credential, { user: 'bert' })).toBeUndefined();
    expect(change(archive, { ...credential, id: 'nobody' }, { user: 'bert' })).toBeUndefined();
    expect(list(archive)).toMatchObject([{ user: 'anna', rev: 2 }]);
    expect(auditRows()).toBe(2);
  });

  it('stay as they are when a change changes nothing', () => {
    const { archive, auditRows } = newOne();
    const credential = create(archive, { sealed: allBytes, holds: ['password'] });
    const same = { sealed: Buffer.from(allBytes), holds: ['password' as const], updatedAt: 9 };
    expect(change(archive, credential, same)).toStrictEqual(credential);
    expect(auditRows()).toBe(1);
    expect(change(archive, credential, { sealed: allBytes.toReversed() })?.rev).toBe(2);
    expect(auditRows()).toBe(2);
  });

  it('have names of their own in their team, whatever their case', () => {
    const { archive, auditRows } = newOne();
    const [one, two] = [create(archive, { name: 'Deploy' }), create(archive, { name: 'other' })];
    const taken = refusal(() => create(archive, { name: 'DEPLOY' }));
    expect(taken.code).toBe('name-taken');
    expect(taken.message).toBe(
      'The name DEPLOY is taken by the credential Deploy of the kind key: choose another name',
    );
    expect(taken.detail).toEqual({ name: 'DEPLOY', id: one.id, no: 1 });
    expect(refusal(() => change(archive, two, { name: 'deploy' })).code).toBe('name-taken');
    expect(list(archive)).toStrictEqual([one, two]);
    expect(auditRows()).toBe(2);
    expect(change(archive, one, { name: 'deploy' })).toMatchObject({ name: 'deploy', rev: 2 });
  });

  it('are removed by their own team only, and their numbers with them', () => {
    const { archive, auditRows } = newOne();
    const [one, two] = [create(archive, { name: 'one' }), create(archive, { name: 'two' })];
    expect(archive.removeCredential('another team', two.id, auditOf(archive))).toBe(false);
    expect(archive.removeCredential(archive.builtIn.teamId, two.id, auditOf(archive))).toBe(true);
    expect(archive.removeCredential(archive.builtIn.teamId, two.id, auditOf(archive))).toBe(false);
    expect(list(archive)).toStrictEqual([one]);
    expect(auditRows()).toBe(3);
    expect(create(archive, { name: 'two' }).no).toBe(two.no + 1);
  });

  it('are written all or not at all when they are written together', () => {
    const { archive, auditRows } = newOne();
    const one = create(archive, { name: 'one' });
    const act = () =>
      archive.together(() => {
        change(archive, one, { user: 'anna' });
        create(archive, { name: 'two' });
        create(archive, { name: 'ONE' });
      });
    expect(refusal(act).code).toBe('name-taken');
    expect(list(archive)).toStrictEqual([one]);
    expect(auditRows()).toBe(1);
  });
});

describe('a stored credential', () => {
  it('changes only together with its audit row', () => {
    const folder = testFolder();
    const archive = open(folder);
    const credential = create(archive);
    forbidAudit(folder);
    expect(() => create(archive, { name: 'another' })).toThrow('no audit');
    expect(() => change(archive, credential, { user: 'anna' })).toThrow('no audit');
    expect(() => archive.removeCredential(archive.builtIn.teamId, credential.id, auditOf(archive))).toThrow('no audit');
    expect(list(archive)).toStrictEqual([credential]);
  });

  it('says when it was changed by the clock of the archive if nobody else does', () => {
    const archive = open(testFolder(), { now: () => 77 });
    expect(change(archive, create(archive), { user: 'anna' })).toMatchObject({ updatedAt: 77 });
  });

  it('is gone from its table and there after a restart, with who made it', () => {
    const folder = testFolder();
    const archive = open(folder);
    const [one, two] = [create(archive, { name: 'one', sealed: allBytes }), create(archive, { name: 'two' })];
    archive.removeCredential(archive.builtIn.teamId, two.id, auditOf(archive));
    archive.close();
    const again = open(folder);
    expect(list(again)).toStrictEqual([one]);
    expect(behind(folder, { readonly: true }).prepare('SELECT no, created_by FROM credentials').all()).toEqual([
      { no: 1, created_by: archive.builtIn.userId },
    ]);
  });
});
