import { describe, expect, it } from 'vitest';
import { auditOf, bothArchives, forbidAudit, open, testFolder } from './archive-fixture.ts';

describe.each(bothArchives)('%s keeps settings, which', (_which, newOne) => {
  it('come back with who set them, each time with the next rev', () => {
    const { archive, auditRows } = newOne();
    const audit = auditOf(archive, 'settings.set');
    const first = archive.saveSetting({ name: 'limits.runsAtOnce', value: 3, rev: 0, at: 5 }, audit);
    expect(first).toEqual({ name: 'limits.runsAtOnce', value: 3, rev: 1, by: audit.actor.name, at: 5 });
    const second = archive.saveSetting({ name: 'limits.runsAtOnce', value: null, rev: 1, at: 9 }, audit);
    expect(second).toMatchObject({ value: null, rev: 2, at: 9 });
    archive.saveSetting({ name: 'quick.stopAfter', value: '10%', rev: 0, at: 9 }, audit);
    expect(archive.listSettings().map(({ name, value }) => [name, value])).toEqual([
      ['limits.runsAtOnce', null],
      ['quick.stopAfter', '10%'],
    ]);
    expect(auditRows()).toBe(3);
  });

  it('are not written over under another rev', () => {
    const { archive, auditRows } = newOne();
    const audit = auditOf(archive, 'settings.set');
    archive.saveSetting({ name: 'ssh.channels', value: 3, rev: 0, at: 5 }, audit);
    expect(archive.saveSetting({ name: 'ssh.channels', value: 4, rev: 0, at: 6 }, audit)).toBeUndefined();
    expect(archive.saveSetting({ name: 'ssh.connections', value: 4, rev: 1, at: 6 }, audit)).toBeUndefined();
    expect(archive.listSettings()).toHaveLength(1);
    expect(auditRows()).toBe(1);
  });
});

describe('a stored setting', () => {
  it('is there after the archive was closed', () => {
    const folder = testFolder();
    const archive = open(folder);
    archive.saveSetting({ name: 'ssh.channels', value: 3, rev: 0, at: 5 }, auditOf(archive, 'settings.set'));
    archive.close();
    expect(open(folder).listSettings()).toMatchObject([{ name: 'ssh.channels', value: 3, rev: 1 }]);
  });

  it('is not written without its audit row', () => {
    const folder = testFolder();
    const archive = open(folder);
    const audit = auditOf(archive, 'settings.set');
    archive.saveSetting({ name: 'ssh.channels', value: 3, rev: 0, at: 5 }, audit);
    forbidAudit(folder);
    expect(() => archive.saveSetting({ name: 'ssh.channels', value: 4, rev: 1, at: 6 }, audit)).toThrow();
    expect(archive.listSettings()).toMatchObject([{ name: 'ssh.channels', value: 3, rev: 1 }]);
  });
});
