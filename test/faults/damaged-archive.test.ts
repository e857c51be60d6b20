import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, renameSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { DroverSite, testSite } from '../support/drover-process.ts';
import { ended, startRun } from './runs.ts';

const commands = [['runs'], ['serve', '--listen', '127.0.0.1:0']];

/** Digests of what holds the results; the index of the log is made anew by whoever looks, and an empty log is none. */
function filesOf({ data }: DroverSite): Record<string, string> {
  const names = ['archive.db', 'archive.db-wal'].filter(
    (name) => statSync(join(data, name), { throwIfNoEntry: false })?.size,
  );
  const digest = (name: string): string =>
    createHash('sha256')
      .update(readFileSync(join(data, name)))
      .digest('hex');
  return Object.fromEntries(names.map((name) => [name, digest(name)]));
}

let template: DroverSite;
beforeAll(async () => {
  template = new DroverSite();
  expect(await template.exec(['--', 'seq 2000'])).toMatchObject({ code: 0 });
});
afterAll(() => template.close());

/** A site with an archive that holds a run. */
function filledSite({ onTestFinished }: TestContext): DroverSite {
  const site = testSite(undefined, onTestFinished);
  site.configure({});
  copyFileSync(template.archive, site.archive);
  return site;
}

/** Every command refuses, says what helps and leaves the files alone. */
async function expectRefusal(site: DroverSite, code: string, message: RegExp): Promise<void> {
  const before = filesOf(site);
  for (const words of commands) {
    const end = await site.run(words);
    expect(end).toMatchObject({ code: 3, out: '' });
    expect(end.err).toContain(`[${code}]`);
    expect(end.err).toMatch(message);
    expect(end.err).toMatch(/\n {2}\S/);
  }
  expect(filesOf(site)).toEqual(before);
}

function change(file: string, offset: number): void {
  const bytes = readFileSync(file);
  bytes[offset] = (bytes[offset] ?? 0) ^ 0xff;
  writeFileSync(file, bytes);
}

const damages: readonly (readonly [string, (site: DroverSite) => void])[] = [
  ['a changed first byte', (site) => change(site.archive, 0)],
  ['a changed page size', (site) => change(site.archive, 16)],
  ['a changed application id', (site) => change(site.archive, 70)],
  ['a changed root page', (site) => change(site.archive, 105)],
  ['half of it cut off', (site) => truncateSync(site.archive, 40_000)],
  ['nothing in it', (site) => truncateSync(site.archive, 0)],
  ['zeros only', (site) => writeFileSync(site.archive, Buffer.alloc(40_960))],
  [
    'a text in its place',
    (site) => writeFileSync(site.archive, 'not a database, and longer than a header\n'.repeat(99)),
  ],
];

describe.concurrent('an archive that cannot be used', () => {
  it.for(damages)('is refused with what helps and left alone: %s', async ([, damage], context) => {
    const site = filledSite(context);
    damage(site);
    await expectRefusal(site, 'archive-corrupt', /cannot be used: .* It was left as it is\. Move it away/s);
  });

  it('is refused when it belongs to another program', async ({ onTestFinished }) => {
    const site = testSite(undefined, onTestFinished);
    site.configure({});
    const db = new Database(site.archive);
    db.exec('CREATE TABLE songs (title TEXT)');
    db.close();
    await expectRefusal(site, 'archive-corrupt', /it is not an archive of Drover/);
  });

  it('is refused when a newer Drover has written it', async (context) => {
    const site = filledSite(context);
    const db = new Database(site.archive);
    db.pragma('user_version = 999');
    db.exec(`UPDATE node SET needs_version = '7.8.9'`);
    db.close();
    await expectRefusal(site, 'archive-newer', /needs Drover 7\.8\.9 or newer/);
  });

  it('is refused when its log, with all that was done last, is damaged', async ({ onTestFinished }) => {
    const site = testSite(undefined, onTestFinished);
    const engine = await site.serve();
    await ended(site, await startRun(site, 'seq 100'));
    await engine.kill();
    change(`${site.archive}-wal`, 3);
    await expectRefusal(site, 'archive-corrupt', /its log .* is damaged/);
  });

  it('gives its runs to a new one by drover salvage, and stays as it was', async (context) => {
    const site = filledSite(context);
    const bytes = readFileSync(site.archive);
    bytes.fill(0, 0, 100);
    writeFileSync(site.archive, bytes);
    const before = filesOf(site);
    const into = join(site.folder, 'salvaged');
    const saved = await site.run(['salvage', '--into', into]);
    expect(saved).toMatchObject({ code: 0, err: '' });
    expect(saved.out).toMatch(/^runs +1 +0 +0$/m);
    expect(saved.out).toContain(`The new archive is ${join(into, 'archive.db')}`);
    expect(filesOf(site)).toEqual(before);
    const output = await site.run(['output', '1', '--raw', '--data', into]);
    expect(output.out.split('\n')).toHaveLength(2_001);
    const again = await site.run(['salvage', '--into', into]);
    expect(again).toMatchObject({ code: 3, out: '' });
  });

  it('is replaced by a new one only after it was moved away', async (context) => {
    const site = filledSite(context);
    truncateSync(site.archive, 0);
    expect(await site.exec(['--', 'true'])).toMatchObject({ code: 3 });
    renameSync(site.archive, join(site.data, 'moved-away'));
    expect(await site.exec(['--', 'echo new'])).toMatchObject({ code: 0, out: 'new\n' });
  });
});
