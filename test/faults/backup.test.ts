import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { type DroverSite, testSite } from '../support/drover-process.ts';
import { ended, linesOf, present, startRun } from './runs.ts';

// Each step is a process of its own.
vi.setConfig({ testTimeout: 120_000 });

type Note = {
  note: { runs: number; files: Record<string, unknown> };
  notStarted: number;
  secrets: { state: string };
  auditBrokenAt: number | null;
};

const json = (text: string): Note => JSON.parse(text) as Note;

async function backedUp(site: DroverSite, words: readonly string[] = []): Promise<string> {
  const file = join(site.folder, 'backup.zip');
  const made = await site.run(['backup', file, ...words]);
  expect(made, made.err).toMatchObject({ code: 0 });
  return file;
}

describe('a backup', () => {
  it('is made while the engine works under load, holds whole runs and is restored elsewhere with every line', async () => {
    const site = testSite();
    await site.serve();
    const first = await startRun(site, 'seq 5000');
    await ended(site, first);
    const flood = await startRun(site, 'i=0; while [ $i -lt 400 ]; do i=$((i+1)); seq 100; sleep 0.01; done');
    const file = await backedUp(site);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await site.client.call('run.kill', { run: flood });
    expect((await ended(site, flood)).run.status).toBe('cancelled');

    const other = testSite();
    const restored = await other.run(['restore', file, '--json']);
    expect(restored, restored.err).toMatchObject({ code: 0 });
    expect(json(restored.out)).toMatchObject({ note: { runs: 2 }, auditBrokenAt: null, secrets: { state: 'none' } });
    await other.serve();
    const lines = await linesOf(other, first);
    expect(lines.length).toBe(5_000);
    expect(lines.at(-1)?.text).toBe('5000');
    // It had begun when the copy was made, so nobody knows how it went on.
    expect((await present(other, flood)).run).toMatchObject({ status: 'failed', phase: 'lost' });
    expect((await other.exec(['--', 'echo still numbered'])).code).toBe(0);
    expect((await other.run(['runs', '--json'])).out).toContain('"no":3');
  });

  it('starts nothing that was waiting when it was made', async () => {
    const site = testSite();
    site.configure({ limits: { runsAtOnce: 1 } });
    await site.serve();
    const busy = await startRun(site, 'sleep 60');
    const waiting = await startRun(site, 'echo must not run later');
    const file = await backedUp(site);
    await site.client.call('run.kill', { run: busy });
    const other = testSite();
    expect(json((await other.run(['restore', file, '--json'])).out).notStarted).toBe(1);
    await other.serve();
    const { run, host } = await present(other, waiting);
    expect(run).toMatchObject({ status: 'cancelled', phase: 'expired' });
    expect(host).toMatchObject({ status: 'skipped', reason: 'not-started' });
    expect(await linesOf(other, waiting)).toEqual([]);
  });

  it('holds sealed secrets without their key, unless the key is asked for', async () => {
    const site = testSite();
    const canary = 'canary-3f8a1c';
    const words = ['credential', 'add', 'deploy', '--kind', 'password', '--user', 'deploy', '--password-file', '-'];
    const added = await site.run(words, { input: `${canary}\n` });
    expect(added, added.err).toMatchObject({ code: 0 });
    const plain = await backedUp(site);
    expect(readFileSync(plain).includes(canary)).toBe(false);
    const locked = await testSite().run(['restore', '--rehearse', plain, '--json']);
    expect(json(locked.out).secrets.state).toBe('locked');
    const withKey = await backedUp(site, ['--with-key', '--force']);
    const open = await testSite().run(['restore', '--rehearse', withKey, '--json']);
    expect(json(open.out).secrets.state).toBe('open');
  });

  it('is rehearsed without leaving anything behind', async () => {
    const site = testSite();
    expect((await site.exec(['--', 'true'])).code).toBe(0);
    const file = await backedUp(site);
    const before = readdirSync(site.folder).toSorted();
    const other = testSite();
    const ran = await other.run(['restore', '--rehearse', file]);
    expect(ran, ran.err).toMatchObject({ code: 0 });
    expect(ran.out).toContain('can be restored: 1 runs');
    expect(existsSync(other.archive)).toBe(false);
    expect(readdirSync(other.tmp)).toEqual([]);
    expect(readdirSync(site.folder).toSorted()).toEqual(before);
  });

  it('never overwrites: neither a file without --force, nor a folder that holds an archive', async () => {
    const site = testSite();
    expect((await site.exec(['--', 'true'])).code).toBe(0);
    const file = await backedUp(site);
    expect(await site.run(['backup', file])).toMatchObject({
      code: 2,
      err: expect.stringContaining('[name-taken]') as string,
    });
    expect(await site.run(['restore', file])).toMatchObject({
      code: 3,
      err: expect.stringContaining('[data-folder]') as string,
    });
    await site.serve();
    expect(await site.run(['restore', file])).toMatchObject({
      code: 3,
      err: expect.stringContaining('[archive-locked]') as string,
    });
  });

  it('is refused in words when it was changed, cut or is something else, and leaves no half a folder', async () => {
    const site = testSite();
    expect((await site.exec(['--', 'seq 20000'])).code).toBe(0);
    const file = await backedUp(site);
    const whole = readFileSync(file);
    const refused = async (words: RegExp): Promise<void> => {
      const other = testSite();
      const end = await other.run(['restore', file]);
      expect(end.code).not.toBe(0);
      expect(end.err).toMatch(words);
      expect(existsSync(other.archive)).toBe(false);
      const left = existsSync(other.data) ? readdirSync(other.data) : [];
      expect(left.filter((name) => name.startsWith('.restore'))).toEqual([]);
    };
    const changed = Buffer.from(whole);
    const middle = Math.floor(whole.length / 3);
    changed[middle] = (changed[middle] ?? 0) ^ 0xff;
    writeFileSync(file, changed);
    await refused(/is not a backup of Drover|was changed/);
    writeFileSync(file, whole);
    truncateSync(file, whole.length - 100);
    await refused(/is not a backup of Drover/);
    writeFileSync(file, 'something else');
    await refused(/is not a backup of Drover/);
    expect(await testSite().run(['backup', join(site.folder, 'none.zip')])).toMatchObject({ code: 2 });
  });
});
