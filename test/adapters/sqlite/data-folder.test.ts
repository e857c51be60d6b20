import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prepareDataFolder } from '#adapters/sqlite/data-folder';
import { takeArchiveLock } from '#adapters/sqlite/lock';
import { needService } from '../../support/services.ts';
import { open, refusal, start, testFolder } from './archive-fixture.ts';
import { makeReadOnly, smallDisk } from './mounted-folder.ts';

describe('the data folder', () => {
  it('is made for its owner alone when it is absent', () => {
    const folder = join(testFolder(), 'deep', 'data');
    expect(prepareDataFolder(folder)).toBe(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(prepareDataFolder(folder)).toBe(folder);
  });

  it('may have blanks, quotes, question marks and other letters in its name', () => {
    const folder = join(testFolder(), ` file:a?b=c#d'"%20 Ordner für 数据 `);
    start(open(folder));
    expect(existsSync(join(folder, 'archive.db'))).toBe(true);
    open(folder).close();
  });

  it('may be a link', () => {
    const real = testFolder();
    const link = join(testFolder(), 'link');
    symlinkSync(real, link);
    open(link);
    expect(existsSync(join(real, 'archive.db'))).toBe(true);
  });

  it('cannot be a file', () => {
    const file = join(testFolder(), 'file');
    writeFileSync(file, '');
    expect(refusal(() => open(file)).code).toBe('data-folder');
    expect(refusal(() => open(join(file, 'below'))).code).toBe('data-folder');
  });

  it('cannot hold something else under the name of the archive', () => {
    const folder = testFolder();
    mkdirSync(join(folder, 'archive.db'));
    expect(() => open(folder)).toThrow();
    expect(readdirSync(join(folder, 'archive.db'))).toEqual([]);
  });

  it.skipIf(process.platform !== 'linux').each([
    [0x6969, 'NFS'],
    [0x517b, 'SMB'],
    [0xff534d42, 'CIFS'],
    [0xff534d42 | 0, 'CIFS'],
    [0xfe534d42, 'SMB2'],
  ])('cannot be on a network file system (type %d)', (type, name) => {
    const error = refusal(() => prepareDataFolder(testFolder(), () => type));
    expect(error).toMatchObject({ code: 'data-folder', detail: { fileSystem: name } });
    expect(error.message).toContain(`network file system (${name})`);
  });

  it('can be on a local disk', () => {
    const folder = testFolder();
    for (const type of [0xef53, 0x58465342, 0x9123683e, 0x01021994]) {
      expect(prepareDataFolder(folder, () => type)).toBe(folder);
    }
  });
});

describe.skipIf(needService('tmpfs').skip)('a read-only data folder', () => {
  it('is named as such, with an archive in it and without', () => {
    const disk = smallDisk(64);
    const folder = join(disk, 'data');
    const archive = open(folder);
    start(archive);
    archive.close();
    makeReadOnly(disk);
    const before = readdirSync(folder);
    const error = refusal(() => open(folder));
    expect(error.code).toBe('archive-read-only');
    expect(error.message).toContain('make it writable');
    expect(refusal(() => takeArchiveLock(folder)).code).toBe('archive-read-only');
    expect(refusal(() => open(join(disk, 'other'))).code).toBe('archive-read-only');
    expect(readdirSync(folder)).toEqual(before);
  });
});
