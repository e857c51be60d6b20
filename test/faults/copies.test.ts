import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { type DroverSite, testSite } from '../support/drover-process.ts';
import { startRun, ended } from './runs.ts';

// Each step is a process of its own.
vi.setConfig({ testTimeout: 180_000 });

const copiesOf = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.zip'))
    .toSorted();

async function copyNow(site: DroverSite): Promise<string> {
  const made = await site.run(['copies', '--now']);
  expect(made, made.err).toMatchObject({ code: 0 });
  return made.out;
}

describe('copies of the archive', () => {
  it('are whole, can be restored, and the oldest of them goes when a newer one is there', async () => {
    const site = testSite();
    site.configure({ copies: { keep: 2 } });
    await site.serve();
    const run = await startRun(site, 'seq 3000');
    await ended(site, run);
    const folder = join(site.data, 'copies');
    for (let count = 0; count < 3; count += 1) {
      await copyNow(site);
    }
    const files = copiesOf(folder);
    expect(files).toHaveLength(2);
    expect(readdirSync(folder)).toEqual(files);
    expect(statSync(join(folder, files[0] ?? '')).mode & 0o777).toBe(0o600);
    const tried = await site.run(['restore', '--rehearse', join(folder, files[1] ?? ''), '--json']);
    expect(tried, tried.err).toMatchObject({ code: 0 });
    expect(JSON.parse(tried.out)).toMatchObject({ note: { runs: 1 }, auditBrokenAt: null });
    expect((await site.run(['copies'])).out).toMatch(/ removed +/);
  });

  it('never take away what they did not make, also under one of their names', async () => {
    const site = testSite();
    const folder = join(site.folder, 'elsewhere');
    mkdirSync(folder);
    site.configure({ copies: { keep: 1, folder } });
    await site.serve();
    await copyNow(site);
    const [first = ''] = copiesOf(folder);
    const strange = join(folder, 'drover-copy-00000000-2020-01-01-020000.zip');
    writeFileSync(strange, 'not one of ours');
    rmSync(join(folder, first));
    // Somebody else's file stands in the place of one that was made.
    copyFileSync(strange, join(folder, first));
    await copyNow(site);
    expect(readFileSync(join(folder, first), 'utf8')).toBe('not one of ours');
    expect(existsSync(strange)).toBe(true);
    expect(copiesOf(folder)).toHaveLength(3);
    expect((await site.run(['copies'])).out).toMatch(/ gone +/);
  });

  it('say why they failed, and take nothing away, when their folder is not there', async () => {
    const site = testSite();
    const folder = join(site.folder, 'mounted');
    mkdirSync(folder);
    site.configure({ copies: { keep: 1, folder } });
    await site.serve();
    await copyNow(site);
    rmSync(folder, { recursive: true });
    const failed = await site.run(['copies', '--now']);
    expect(failed.code).toBe(3);
    expect(failed.err).toContain('is not there: make or mount it, or name another');
    expect(existsSync(folder)).toBe(false);
    expect(readFileSync(join(site.data, 'drover.log'), 'utf8')).toContain('the archive could not be copied');
  });

  it('hold the key of the secrets only where that was asked for', async () => {
    const site = testSite();
    await site.serve();
    const words = ['credential', 'add', 'deploy', '--kind', 'password', '--user', 'deploy', '--password-file', '-'];
    expect((await site.run(words, { input: 'canary-55\n' })).code).toBe(0);
    const folder = join(site.data, 'copies');
    await copyNow(site);
    expect((await site.run(['settings', 'set', 'copies.withKey', 'yes'])).code).toBe(0);
    expect(await copyNow(site)).toContain('made, with key');
    const states: string[] = [];
    for (const file of copiesOf(folder)) {
      const { out } = await site.run(['restore', '--rehearse', join(folder, file), '--json']);
      states.push((JSON.parse(out) as { secrets: { state: string } }).secrets.state);
    }
    expect(states).toEqual(['locked', 'open']);
  });

  it('are made by a serving node at its start when one was missed, and one that was killed is made again', async () => {
    const site = testSite();
    site.configure({ copies: { at: '00:00' } });
    const first = await site.serve();
    await vi.waitFor(async () => expect((await site.run(['copies'])).out).toMatch(/made +[\d.]+ [kM]B/), {
      timeout: 60_000,
      interval: 500,
    });
    await first.kill();
    const folder = join(site.data, 'copies');
    const mark = copiesOf(folder)[0]?.slice('drover-copy-'.length, 'drover-copy-'.length + 8) ?? '';
    mkdirSync(join(folder, `.drover-copy-${mark}`));
    await site.serve();
    await copyNow(site);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
    expect(copiesOf(folder)).toHaveLength(2);
  });
});
