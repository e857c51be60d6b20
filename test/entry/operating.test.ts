import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type DroverProcess, type DroverSite, testSite } from '../support/drover-process.ts';
import { needService } from '../support/services.ts';

const urlOf = (engine: DroverProcess): string => /console is at (http:\S+)/.exec(engine.out)?.[1] ?? '';

const health = async (url: string): Promise<{ status: number; body: unknown }> => {
  const reply = await fetch(`${url}/healthz`);
  return { status: reply.status, body: await reply.json() };
};

const numberIn = (text: string, name: string): number =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.slice(name.length),
  );

it('a node gives its numbers to whoever has the token that the command line made', async () => {
  const site = testSite();
  const url = urlOf(await site.serve());
  const token = (await site.run(['metrics', 'token'])).out.trim();
  expect(token).toMatch(/^drover_metrics_[A-Za-z0-9_-]{43}$/);
  await site.exec(['--', 'true']);
  await site.exec(['--', 'false']);
  const ask = (given: string): Promise<Response> =>
    fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${given}` } });
  const text = await (await ask(token)).text();
  expect(numberIn(text, 'drover_healthy')).toBe(1);
  expect(numberIn(text, 'drover_runs_ended_total{status="success"}')).toBe(1);
  expect(numberIn(text, 'drover_runs_ended_total{status="failed"}')).toBe(1);
  expect(numberIn(text, 'drover_targets_ended_total{status="failed"}')).toBe(1);
  expect(numberIn(text, 'drover_runs{status="running"}')).toBe(0);
  expect(numberIn(text, 'drover_archive_bytes')).toBeGreaterThan(10_000);
  // The digest is all that is kept.
  for (const name of readdirSync(site.data).filter((one) => !one.endsWith('.sock') && one !== 'secrets')) {
    expect(readFileSync(join(site.data, name)).includes(token)).toBe(false);
  }
  expect((await site.run(['metrics', 'show'])).out).toContain('drover_info{version=');
  const second = (await site.run(['metrics', 'token', '--json'])).out;
  expect((await ask(token)).status).toBe(401);
  expect((await ask((JSON.parse(second) as { token: string }).token)).status).toBe(200);
  expect((await site.run(['metrics', 'revoke'])).out).toContain('works no more');
  expect((await ask((JSON.parse(second) as { token: string }).token)).status).toBe(401);
});

const system = (program: string, ...words: string[]): void => void execFileSync(program, words);

const ill = (code: string) => ({ status: 503, body: { ok: false, error: { code } } });

it.skipIf(needService('tmpfs').skip)('a node is ill while its disk is below its floor', async () => {
  const disk = mkdtempSync(join(tmpdir(), 'drover-health-'));
  system('mount', '-t', 'tmpfs', '-o', 'size=100m,mode=700', 'tmpfs', disk);
  onTestFinished(() => {
    system('umount', '-l', disk);
    rmSync(disk, { recursive: true });
  });
  const site = testSite(disk);
  const url = urlOf(await site.serve());
  expect(await health(url)).toEqual({ status: 200, body: { ok: true } });
  await site.run(['settings', 'set', 'limits.minFreeShare', '90%']);
  expect(await health(url)).toMatchObject(ill('no-space'));
  await site.run(['settings', 'reset', '--all']);
  expect((await health(url)).status).toBe(200);
});

it('a node is ill without its archive, and while it stops', async () => {
  const site = testSite();
  const engine = await site.serve();
  const url = urlOf(engine);
  renameSync(site.archive, `${site.archive}.away`);
  expect(await health(url)).toMatchObject(ill('archive-read-only'));
  renameSync(`${site.archive}.away`, site.archive);
  const run = site.start(['exec', '-t', 'local', '--', 'echo up; sleep 60']);
  await run.untilWritten('up');
  expect((await health(url)).status).toBe(200);
  engine.send('SIGTERM');
  await engine.untilWritten('Waiting for 1 live run');
  expect(await health(url)).toMatchObject(ill('engine-stopping'));
  engine.send('SIGTERM');
  await engine.ended;
});

it('a node goes on in a new log when it is told to, and does not end', async () => {
  const site = testSite();
  const engine = await site.serve();
  const log = join(site.data, 'drover.log');
  renameSync(log, `${log}.moved`);
  engine.send('SIGHUP');
  await untilThere(site);
  expect((await site.exec(['--', 'true'])).code).toBe(0);
  engine.send('SIGTERM');
  expect((await engine.ended).code).toBe(0);
  expect(site.log).toContain('"msg":"told to stop"');
  expect(readFileSync(`${log}.moved`, 'utf8')).toContain('"msg":"serving"');
});

async function untilThere(site: DroverSite): Promise<void> {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  while (!readdirSync(site.data).includes('drover.log') && !controller.signal.aborted) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
