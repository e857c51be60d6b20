import { describe, expect, it } from 'vitest';
import type { HostKey } from '#contract/host-key';
import type { Archive } from '#core/ports';
import { actorOf, auditOf, behind, bothArchives, forbidAudit, open, shownKey, testFolder } from './archive-fixture.ts';

const save = (archive: Archive, more: Partial<HostKey> = {}): HostKey =>
  archive.saveHostKey(shownKey(more), auditOf(archive, 'hostkey.accept'));

describe.each(bothArchives)('%s keeps host keys, which', (_which, newOne) => {
  it('come back with every field as it was given, in the order they came', () => {
    const { archive } = newOne();
    const accepted = save(archive);
    const offered = save(archive, {
      address: '2001:db8::1',
      port: 2222,
      type: 'ecdsa-sha2-nistp256',
      publicKey: 'AAAAE2',
      fingerprint: 'SHA256:def',
      state: 'offered',
      replaces: 'SHA256:abc',
      acceptedBy: null,
      seenAt: 7,
    });
    expect(accepted).toEqual({ ...shownKey(), id: accepted.id });
    expect(offered).toMatchObject({ replaces: 'SHA256:abc', acceptedBy: null, seenAt: 7 });
    expect(archive.listHostKeys()).toEqual([accepted, offered]);
    expect(offered.id).not.toBe(accepted.id);
  });

  it('only renew their time when they are seen again, which is not worth an audit row', () => {
    const { archive, auditRows } = newOne();
    const key = save(archive, { state: 'offered' });
    const seen = save(archive, {
      address: key.address.toUpperCase(),
      state: 'offered',
      replaces: 'SHA256:other',
      acceptedBy: 'somebody',
      seenAt: key.seenAt + 5,
    });
    expect(seen).toEqual({ ...key, seenAt: key.seenAt + 5 });
    expect(archive.listHostKeys()).toEqual([seen]);
    expect(auditRows()).toBe(1);
  });

  it('are told apart by address, port, type, key and state', () => {
    const { archive } = newOne();
    save(archive);
    save(archive, { address: 'web-2.example.net' });
    save(archive, { port: 23 });
    save(archive, { type: 'ssh-rsa' });
    save(archive, { publicKey: 'AAAAanother' });
    save(archive, { state: 'offered' });
    expect(archive.listHostKeys()).toHaveLength(6);
  });

  it('are offered no longer once the same key is accepted', () => {
    const { archive, auditRows } = newOne();
    save(archive, { state: 'offered' });
    const other = save(archive, { state: 'offered', publicKey: 'AAAAanother' });
    const accepted = save(archive, { address: 'WEB-1.example.net' });
    expect(archive.listHostKeys()).toEqual([other, accepted]);
    expect(auditRows()).toBe(3);
  });

  it('are offered no longer also when the same key was accepted before, and that is told', () => {
    const { archive, auditRows } = newOne();
    const accepted = save(archive);
    save(archive, { state: 'offered' });
    expect(save(archive, { seenAt: 9 })).toEqual({ ...accepted, seenAt: 9 });
    expect(archive.listHostKeys()).toEqual([{ ...accepted, seenAt: 9 }]);
    expect(auditRows()).toBe(3);
  });

  it('may be saved without anybody to tell about', () => {
    const { archive, auditRows } = newOne();
    const offered = archive.saveHostKey(shownKey({ state: 'offered' }), undefined);
    expect(archive.listHostKeys()).toEqual([offered]);
    expect(auditRows()).toBe(0);
  });

  it('are removed with one audit row', () => {
    const { archive, auditRows } = newOne();
    const [one, two, three] = [save(archive), save(archive, { port: 23 }), save(archive, { port: 24 })];
    expect(archive.removeHostKeys([one.id, three.id, three.id, 'nobody'], auditOf(archive))).toBe(2);
    expect(archive.removeHostKeys([one.id], auditOf(archive))).toBe(0);
    expect(archive.listHostKeys()).toEqual([two]);
    expect(auditRows()).toBe(4);
  });

  it('are written all or not at all when they are written together', () => {
    const { archive, auditRows } = newOne();
    const offered = save(archive, { state: 'offered' });
    const act = () =>
      archive.together(() => {
        save(archive);
        archive.removeHostKeys([offered.id], auditOf(archive));
        throw new Error('no more');
      });
    expect(act).toThrow('no more');
    expect(archive.listHostKeys()).toEqual([offered]);
    expect(auditRows()).toBe(1);
  });
});

describe('a stored host key', () => {
  it('changes only together with its audit row', () => {
    const folder = testFolder();
    const archive = open(folder);
    const offered = save(archive, { state: 'offered' });
    forbidAudit(folder);
    expect(() => save(archive)).toThrow('no audit');
    expect(() => archive.removeHostKeys([offered.id], auditOf(archive))).toThrow('no audit');
    expect(archive.listHostKeys()).toEqual([offered]);
    expect(save(archive, { state: 'offered', seenAt: 9 })).toEqual({ ...offered, seenAt: 9 });
  });

  it('belongs to who accepted it, else to the built-in user, and its number is never given again', () => {
    const folder = testFolder();
    const archive = open(folder, { now: () => 77 });
    const actor = { ...actorOf(archive), userId: 'user-anna' };
    const first = archive.saveHostKey(shownKey({ port: 1 }), undefined);
    archive.saveHostKey(shownKey({ port: 2 }), { ...auditOf(archive), actor });
    archive.removeHostKeys([first.id], auditOf(archive));
    archive.close();
    const again = open(folder, { now: () => 78 });
    again.saveHostKey(shownKey({ port: 3 }), undefined);
    expect(
      behind(folder, { readonly: true }).prepare('SELECT no, port, created_by, created_at, rev FROM host_keys').all(),
    ).toEqual([
      { no: 2, port: 2, created_by: 'user-anna', created_at: 77, rev: 1 },
      { no: 3, port: 3, created_by: archive.builtIn.userId, created_at: 78, rev: 1 },
    ]);
  });
});
