import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { testSite } from '../support/drover-process.ts';
import { brokenAudit } from './archive-facts.ts';
import { ended, linesOf, present, startRun, untilPrinted } from './runs.ts';

const day = 86_400_000;
const preload = [fileURLToPath(new URL('shifted-clock.ts', import.meta.url))];
const jumps = [
  '0',
  String(day),
  String(-day),
  '=0',
  String(Date.UTC(2040, 0, 1) - Date.now()),
  '3600000',
  '-1000',
  '0',
];

describe('a wall clock that jumps', () => {
  it('ends nothing, makes no duration wrong and disturbs no order', async () => {
    const site = testSite();
    site.configure({ limits: { killAfterS: 2 } });
    const engine = await site.serve({ preload, env: { TEST_CLOCK: jumps.join(',') } });
    const clock = async (): Promise<number> => (await site.client.call('node.info', {})).now;
    const long = await startRun(
      site,
      'n=0; while [ ! -e "$TEST_SITE/enough" ]; do n=$((n+1)); echo "line $n"; sleep 0.05; done',
      { timeoutS: 120, deadlineS: 240 },
    );
    await untilPrinted(site, long, 'line 1');
    const stubborn = await startRun(site, `trap '' TERM; echo ready; while :; do sleep 0.1; done`);
    await untilPrinted(site, stubborn, 'ready');
    const cancelledAt = performance.now();
    await site.client.call('run.cancel', { run: stubborn });
    const moments: number[] = [];
    for (const _ of jumps.slice(1)) {
      const before = await clock();
      engine.send('SIGUSR2');
      await expect.poll(async () => Math.abs((await clock()) - before)).toBeGreaterThan(500);
      moments.push(await clock());
      const { run, host } = await ended(site, await startRun(site, 'sleep 0.05', { timeoutS: 30, deadlineS: 60 }));
      expect(run).toMatchObject({ status: 'success', phase: 'ok' });
      for (const { durationMs } of [run, host]) {
        expect(durationMs).toBeGreaterThanOrEqual(50);
        expect(durationMs).toBeLessThan(20_000);
      }
      expect((await present(site, long)).run.status).toBe('running');
      if (performance.now() - cancelledAt < 1_900) {
        expect((await present(site, stubborn)).run.status).toBe('cancelling');
      }
    }
    expect(moments[0]).toBeGreaterThan(Date.now() + day / 2);
    expect(moments[2]).toBeLessThan(day);
    writeFileSync(join(site.folder, 'enough'), '');
    const { run } = await ended(site, long);
    expect(run).toMatchObject({ status: 'success', phase: 'ok' });
    expect(run.durationMs).toBeGreaterThan(0);
    expect(run.durationMs).toBeLessThan(120_000);
    const lines = await linesOf(site, long);
    expect(lines.map(({ text }) => text)).toEqual(lines.map((_, index) => `line ${index + 1}`));
    expect(lines.some(({ at }, index) => at < (lines[index - 1]?.at ?? 0))).toBe(true);
    const { runs } = await site.client.call('run.list', { limit: 100 });
    expect(runs.map(({ no }) => no)).toEqual(runs.map((_, index) => runs.length - index));
    expect((await ended(site, stubborn)).host.stopped).toMatch(/none found$/);
    engine.send('SIGTERM');
    expect(await engine.ended).toMatchObject({ code: 0 });
    expect(brokenAudit(site)).toBe(null);
  }, 60_000);

  it('may stand at 1970 when the engine starts and be right at its next start', async () => {
    const site = testSite();
    const early = await site.exec(['--json', '--', 'echo here'], { preload, env: { TEST_CLOCK: '=0' } });
    expect(early).toMatchObject({ code: 0 });
    expect(await site.exec(['--', 'echo here'])).toMatchObject({ code: 0, out: 'here\n' });
    const { out } = await site.run(['runs', '--json']);
    const runs = out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { no: number; createdAt: number });
    expect(runs.map(({ no }) => no)).toEqual([2, 1]);
    expect(runs[1]?.createdAt).toBeLessThan(day);
    expect((await site.run(['runs'])).code).toBe(0);
    expect((await site.run(['show', '1'])).out).toContain('1970');
    expect(brokenAudit(site)).toBe(null);
  });
});
