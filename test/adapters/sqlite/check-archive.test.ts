import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { archiveSummary, machineNames } from '#adapters/sqlite/archive-summary';
import { checkArchive } from '#adapters/sqlite/check-archive';
import { auditOf, hosts, newTarget, open, start, testFolder } from './archive-fixture.ts';

describe('an archive that is looked through', () => {
  it('is sound and counted, also while an engine writes to it', () => {
    const folder = testFolder();
    open(folder);
    expect(checkArchive(folder)).toMatchObject({
      kind: 'sound',
      runs: 0,
      credentials: 0,
      newestAt: null,
      isWhole: true,
    });
    const summary = archiveSummary(folder);
    expect(summary.schema).toBeGreaterThanOrEqual(40);
    expect(summary.rows['runs']).toBe(0);
    expect(summary.migrations[0]).toMatch(/^10 /);
    expect(machineNames(folder)).toEqual([]);
  });

  it('knows the machines of runs and targets by name and address', () => {
    const folder = testFolder();
    const archive = open(folder);
    start(archive, 2);
    archive.createTarget(newTarget(archive, { name: 'saved-one', address: 'saved.example' }), auditOf(archive));
    const [first] = hosts(2);
    expect(machineNames(folder)).toEqual(
      expect.arrayContaining([first?.name, first?.address, 'saved-one', 'saved.example']),
    );
    expect(archiveSummary(folder)).toMatchObject({
      rows: { runs: 1, host_results: 2, targets: 1 },
      runs: { byStatus: { pending: 1 } },
    });
    expect(JSON.stringify(archiveSummary(folder))).not.toContain('saved-one');
  });

  it('is absent, damaged, foreign or newer, and never touched', () => {
    expect(checkArchive(testFolder())).toEqual({ kind: 'absent' });
    const foreign = testFolder();
    new Database(join(foreign, 'archive.db')).exec('CREATE TABLE a (b)').close();
    expect(checkArchive(foreign)).toMatchObject({
      kind: 'unusable',
      message: expect.stringContaining('not an archive') as string,
    });
    const broken = testFolder();
    writeFileSync(join(broken, 'archive.db'), 'x'.repeat(5_000));
    expect(checkArchive(broken)).toMatchObject({ kind: 'unusable' });
    const folder = testFolder();
    open(folder).close();
    const db = new Database(join(folder, 'archive.db'));
    db.pragma('user_version = 9990');
    db.close();
    expect(checkArchive(folder)).toMatchObject({
      kind: 'unusable',
      message: expect.stringContaining('newer') as string,
    });
    truncateSync(join(folder, 'archive.db'), 4_096);
    expect(checkArchive(folder)).toMatchObject({ kind: 'unusable' });
  });
});
