import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type DroverSite, testSite } from '../support/drover-process.ts';
import { needService } from '../support/services.ts';
import { brokenAudit, integrityOf } from './archive-facts.ts';
import { ended, startRun, untilPrinted } from './runs.ts';

const mb = 1024 * 1024;

const system = (program: string, ...words: string[]): void => void execFileSync(program, words, { stdio: 'pipe' });

/** A disk of its own, of `size` as mount takes it, for as long as the test goes on. */
function smallDisk(size: string): string {
  const place = mkdtempSync(join(tmpdir(), 'drover-full-'));
  onTestFinished(() => rmSync(place, { recursive: true }));
  system('mount', '-t', 'tmpfs', '-o', `size=${size},mode=700`, 'tmpfs', place);
  onTestFinished(() => system('umount', place));
  return place;
}

const free = ({ data }: DroverSite): number => {
  const { bavail, bsize } = statfsSync(data);
  return bavail * bsize;
};

/** Takes all space, as another program would; the returned function gives it back. */
function takeSpace(site: DroverSite): () => void {
  const ballast = join(site.data, 'ballast');
  spawnSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=64k'], { stdio: 'ignore' });
  spawnSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=4k', 'oflag=append', 'conv=notrunc'], { stdio: 'ignore' });
  expect(free(site)).toBe(0);
  return () => rmSync(ballast);
}

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'accepted',
    (error: { code?: string }) => error.code ?? error,
  );

describe.skipIf(needService('tmpfs').skip)('a disk that is full', () => {
  it('ends a run with the output that had room and the exact count of the rest', async () => {
    const site = testSite(smallDisk('48m'));
    const engine = await site.serve();
    const id = await startRun(site, `head -c ${100 * mb} /dev/zero | tr '\\0' 'a' | fold -w 99; echo last >&2; exit 4`);
    const { run, host } = await ended(site, id, 60_000);
    const written = 100 * mb + Math.floor((100 * mb - 1) / 99);
    expect(run).toMatchObject({ status: 'failed', phase: 'task_failed' });
    expect(host).toMatchObject({ status: 'failed', reason: 'exit-code', exitCode: 4 });
    expect(host.out.bytes + host.out.omitted).toBe(written);
    expect(run.outputBytes).toBe(host.out.bytes + host.err.bytes);
    expect(run.omittedBytes).toBe(host.out.omitted + host.err.omitted);
    expect(host.out.bytes).toBeGreaterThan(8 * mb);
    expect(host.out.omitted).toBeGreaterThan(50 * mb);
    expect(integrityOf(site)).toBe('ok');
    const { sha256 } = host.out;
    const shown = await site.run(['output', String(run.no), '--raw', '--stream', 'out']);
    expect(shown.code).toBe(0);
    expect(shown.out.length).toBe(host.out.bytes);
    const { createHash } = await import('node:crypto');
    expect(createHash('sha256').update(shown.out).digest('hex')).toBe(sha256);
    expect(engine.hasEnded).toBe(false);
    engine.send('SIGTERM');
    expect(await engine.ended).toMatchObject({ code: 0 });
    expect(brokenAudit(site)).toBe(null);
  });

  it('refuses new runs, ends those in progress and takes new ones within ten seconds of having room again', async () => {
    const site = testSite(smallDisk('400m'));
    const engine = await site.serve();
    const spam = 'while [ ! -e "$TEST_SITE/enough" ]; do head -c 1000000 /dev/zero; sleep 0.05; done';
    const talking = await startRun(site, `echo ready; ${spam}`);
    const silent = await startRun(site, 'echo ready; while [ ! -e "$TEST_SITE/enough" ]; do sleep 0.05; done; exit 7');
    const cancelled = await startRun(site, 'echo ready; sleep 300');
    for (const id of [silent, cancelled]) {
      await untilPrinted(site, id, 'ready');
    }
    await untilPrinted(site, talking, 'ready');
    const makeRoom = takeSpace(site);
    expect(await codeOf(startRun(site, 'true'))).toBe('no-space');
    const refused = await site.exec(['--', 'true']);
    expect(refused).toMatchObject({ code: 3, out: '' });
    expect(refused.err).toContain('[no-space]');
    await site.client.call('run.cancel', { run: cancelled });
    expect((await ended(site, cancelled)).run).toMatchObject({ status: 'cancelled', phase: 'by_user' });
    await expect.poll(() => codeOf(startRun(site, 'true'))).toBe('no-space');
    system('touch', join(site.folder, 'enough'));
    expect((await ended(site, silent)).host).toMatchObject({ exitCode: 7, status: 'failed' });
    const { run, host } = await ended(site, talking);
    expect(run).toMatchObject({ status: 'success', outputBytes: host.out.bytes, omittedBytes: host.out.omitted });
    expect(host.out.bytes + host.out.omitted).toBeGreaterThan(0);
    expect((await site.client.call('node.info', {})).trouble).toContain('no new runs');
    expect(engine.hasEnded).toBe(false);
    makeRoom();
    const began = performance.now();
    await expect.poll(() => codeOf(startRun(site, 'true')), { timeout: 10_000 }).toBe('accepted');
    expect(performance.now() - began).toBeLessThan(10_000);
    await expect.poll(() => existsSync(join(site.data, 'reserve.bin')), { timeout: 15_000 }).toBe(true);
    await expect.poll(() => statSync(join(site.data, 'reserve.bin')).size).toBe(16 * mb);
    expect(integrityOf(site)).toBe('ok');
  });

  it('keeps nobody from reading, and an engine from starting', async () => {
    const site = testSite(smallDisk('400m'));
    expect(await site.exec(['--', 'echo here'])).toMatchObject({ code: 0 });
    takeSpace(site);
    const shown = await site.run(['output', '1']);
    expect(shown).toMatchObject({ code: 0, out: 'here\n' });
    expect(await site.run(['runs', '--json'])).toMatchObject({ code: 0 });
    await site.serve();
    expect(await codeOf(startRun(site, 'true'))).toBe('no-space');
  });

  it('says so when not even a new archive has room', async () => {
    const site = testSite(smallDisk('64k'));
    const end = await site.exec(['--', 'true']);
    expect(end).toMatchObject({ code: 3, out: '' });
    expect(end.err).toContain('[no-space]');
  });
});

describe.skipIf(needService('tmpfs').skip)('a disk that cannot be written to', () => {
  it.each([['runs'], ['serve', '--listen', '127.0.0.1:0'], ['exec', '-t', 'local', '--', 'true']])(
    'is named by drover %s, with exit code 3',
    async (...words) => {
      const site = testSite(smallDisk('64m'));
      expect(await site.exec(['--', 'true'])).toMatchObject({ code: 0 });
      system('mount', '-o', 'remount,ro', site.data);
      const end = await site.run(words);
      expect(end).toMatchObject({ code: 3, out: '' });
      expect(end.err).toMatch(/\[archive-read-only\]\n {2}\S/);
      expect(end.err).toContain(site.data);
    },
  );

  it('is named when there is no archive on it yet', async () => {
    const site = testSite(smallDisk('64m'));
    system('mount', '-o', 'remount,ro', site.data);
    for (const data of [site.data, join(site.data, 'deeper')]) {
      const end = await site.run(['runs', '--data', data]);
      expect(end).toMatchObject({ code: 3, out: '' });
      expect(end.err).toMatch(/\[(archive-read-only|data-folder)\]/);
    }
  });

  it('may become so while the engine works, and back again', async () => {
    const site = testSite(smallDisk('64m'));
    const engine = await site.serve();
    await ended(site, await startRun(site, 'true'));
    // Open files would keep it busy: a bind mount over it does what a failing disk does.
    system('mount', '--bind', site.data, site.data);
    onTestFinished(() => system('umount', site.data));
    system('mount', '-o', 'remount,bind,ro', site.data);
    const code = await codeOf(startRun(site, 'true'));
    expect(['accepted', 'archive-read-only']).toContain(code);
    system('mount', '-o', 'remount,bind,rw', site.data);
    await ended(site, await startRun(site, 'true'));
    expect(engine.hasEnded).toBe(false);
    expect(readdirSync(site.data)).toContain('archive.db');
  });
});
