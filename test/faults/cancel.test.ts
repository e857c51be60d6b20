import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostRow, Run } from '#contract/run';
import type { DroverError } from '#contract/errors';
import { DroverSite, testSite } from '../support/drover-process.ts';
import { auditOf } from './archive-facts.ts';
import { ended, present, startRun, untilPrinted } from './runs.ts';

const races = process.env['DROVER_SOAK'] === '1' ? 10_000 : 300;

/** Processes that were started with this word. */
function withWord(word: string): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').includes(word);
    } catch {
      return false;
    }
  });
}

/** Starts a script, waits until it says `ready`, cancels it and tells how it ended and how long that took. */
async function cancelled(site: DroverSite, text: string): Promise<{ run: Run; host: HostRow; ms: number }> {
  const id = await startRun(site, text);
  await untilPrinted(site, id, 'ready');
  const began = performance.now();
  await site.client.call('run.cancel', { run: id });
  const end = await ended(site, id);
  const ms = performance.now() - began;
  expect(site.processes(id)).toEqual([]);
  return { ...end, ms };
}

async function shown(site: DroverSite, no: number): Promise<{ run: Run }> {
  return JSON.parse((await site.run(['show', String(no), '--json'])).out) as { run: Run };
}

describe('a cancel', () => {
  let site: DroverSite;
  beforeAll(async () => {
    site = new DroverSite();
    site.configure({ limits: { killAfterS: 1 } });
    await site.serve();
  });
  afterAll(() => site.close());

  it('ends a script that obeys TERM within two seconds', async () => {
    const { run, host, ms } = await cancelled(site, 'sleep 300 & echo ready; wait');
    expect(run).toMatchObject({ status: 'cancelled', phase: 'by_user', cancel: { forced: false } });
    expect(host).toMatchObject({
      status: 'cancelled',
      reason: 'cancelled',
      stopped: 'TERM to 2 processes; none found',
    });
    expect(ms).toBeLessThan(2_000);
  });

  it('kills a script that ignores TERM, with its children, when its time is over', async () => {
    const { run, host, ms } = await cancelled(site, `trap '' TERM; sleep 300 & echo ready; while :; do wait; done`);
    expect(run).toMatchObject({ status: 'cancelled', phase: 'by_user', cancel: { forced: false } });
    expect(host.stopped).toBe('TERM to 2 processes, KILL to 2; none found');
    expect(ms).toBeGreaterThan(1_000);
    expect(ms).toBeLessThan(3_000);
  });

  it.each([
    ['nohup', 'nohup sleep WORD >/dev/null 2>&1 &'],
    ['setsid', 'setsid sleep WORD &'],
    ['a double fork', '( ( sleep WORD ) & )'],
    ['a double fork into a session of its own', '( setsid sleep WORD >/dev/null 2>&1 & )'],
    ['a process that ignores TERM in a session of its own', `(setsid sh -c 'trap "" TERM; sleep WORD' &)`],
    ['setsid with a cleared environment', 'env -i setsid sleep WORD &'],
    ['an orphan in a session of its own with a cleared environment', '(setsid env -i sleep WORD &)'],
    [
      'a daemon of Perl with a cleared environment',
      `perl -e 'fork && exit; %ENV = (); setpgrp; fork && exit; exec qw(setsid sleep), "WORD"'`,
    ],
  ])('leaves nothing alive that was started by %s', async (_by, child) => {
    const word = `300.${Math.random().toString().slice(2)}`;
    const until = `while ! grep -qzxs '${word}' /proc/[0-9]*/cmdline; do sleep 0.02; done`;
    const { host } = await cancelled(site, `${child.replace('WORD', word)}\n${until}; echo ready; sleep 300`);
    expect(host).toMatchObject({ status: 'cancelled', stopped: expect.stringMatching(/none found$/) });
    expect(withWord(word)).toEqual([]);
  });

  it('of a run that waits for its turn starts nothing', async () => {
    const queue = testSite();
    queue.configure({ limits: { runsAtOnce: 1 } });
    await queue.serve();
    const first = await startRun(queue, 'echo ready; sleep 300');
    const second = await startRun(queue, 'touch "$TEST_SITE/started"');
    await untilPrinted(queue, first, 'ready');
    const run = await queue.client.call('run.cancel', { run: second });
    expect(run).toMatchObject({ status: 'cancelled', phase: 'by_user', startedAt: null });
    expect((await present(queue, second)).host).toMatchObject({ status: 'skipped', reason: 'not-started' });
    await queue.client.call('run.cancel', { run: first });
    await ended(queue, first);
    expect(readdirSync(queue.folder)).not.toContain('started');
  });

  it(`meets the result in the same moment, ${races} times, and one of the two decides`, async () => {
    const seen = { cancelled: 0, success: 0, refused: 0 };
    const race = async (wait: number): Promise<boolean> => {
      const id = await startRun(site, 'true');
      await pause(wait);
      const refusal = await site.client.call('run.cancel', { run: id }).then(
        () => undefined,
        (error: DroverError) => error.code,
      );
      const { run, host } = await ended(site, id);
      const audit = auditOf(site, id);
      if (refusal === undefined) {
        expect(run.status).toBe('cancelled');
        // Cancelled before it began, that is its end.
        expect([
          ['run.start', 'run.cancel'],
          ['run.start', 'run.cancel', 'run.end'],
        ]).toContainEqual(audit);
        expect(['cancelled', 'skipped', 'success']).toContain(host.status);
      } else {
        expect({ refusal, status: run.status, audit }).toEqual({
          refusal: 'run-is-final',
          status: 'success',
          audit: ['run.start', 'run.end'],
        });
        seen.refused += 1;
      }
      const isCancelled = run.status === 'cancelled';
      seen[isCancelled ? 'cancelled' : 'success'] += 1;
      return isCancelled;
    };
    // A run takes as long as this machine is slow: each end moves the next cancel towards the moment where both can win.
    let next = 0;
    let edgeMs = 30;
    const lane = async (): Promise<void> => {
      while (next < races) {
        next += 1;
        edgeMs = Math.max(0, edgeMs + ((await race(edgeMs + ((next * 7) % 20))) ? 3 : -3));
      }
    };
    await Promise.all([lane(), lane(), lane()]);
    expect(seen.cancelled + seen.success).toBe(races);
    expect(Math.min(seen.cancelled, seen.success)).toBeGreaterThan(0);
    process.stdout.write(`cancel against result: ${JSON.stringify(seen)}\n`);
  }, 600_000);
});

describe('Ctrl-C at drover exec', () => {
  it.each(['an engine of its own', 'the engine that serves'])('cancels the run with %s', async (engine) => {
    const site = testSite();
    if (engine !== 'an engine of its own') {
      await site.serve();
    }
    const exec = site.start(['exec', '-t', 'local', '--json', '--', 'echo ready; sleep 300']);
    await exec.untilWritten('ready');
    exec.interrupt();
    const end = await exec.ended;
    expect(end.code).toBe(130);
    expect(end.err).toContain('cancelling; Ctrl-C again kills at once');
    expect(end.out).toContain('"phase":"by_user"');
    expect(site.processes()).toHaveLength(engine === 'an engine of its own' ? 0 : 1);
  });

  it('kills at the second and leaves at the third', async () => {
    const site = testSite();
    const exec = site.start(['exec', '-t', 'local', '--', `trap '' TERM; echo ready; while :; do sleep 1; done`]);
    await exec.untilWritten('ready');
    exec.interrupt();
    await exec.untilWritten('cancelling');
    const began = performance.now();
    exec.interrupt();
    const end = await exec.ended;
    expect(end).toMatchObject({ code: 130, signal: null });
    expect(performance.now() - began).toBeLessThan(2_500);
    expect(end.err).toContain('killing; Ctrl-C again leaves without waiting');
    expect(site.processes()).toEqual([]);
  });
});

// Most of these wait for the most part.
describe.concurrent('a stop that takes its time', () => {
  it('kills after ten seconds without settings', async ({ onTestFinished }) => {
    const site = testSite(undefined, onTestFinished);
    await site.serve();
    const { host, ms } = await cancelled(site, `trap '' TERM; echo ready; while :; do sleep 1; done`);
    expect(host.stopped).toMatch(/^TERM to \d processes, KILL to \d; none found$/);
    expect(ms).toBeGreaterThan(10_000);
    expect(ms).toBeLessThan(13_000);
  });

  it('by a time-out leaves nothing alive and exits with 124', async ({ onTestFinished }) => {
    const site = testSite(undefined, onTestFinished);
    const end = await site.exec(['--timeout', '1', '--', 'setsid sleep 300 & echo ready; sleep 300']);
    expect(end).toMatchObject({ code: 124, out: 'ready\n' });
    expect(end.err).toContain('Took longer than 1 s');
    expect(site.processes()).toEqual([]);
  });

  it('by SIGTERM to drover serve waits for a live run and takes no new one', async ({ onTestFinished }) => {
    const site = testSite(undefined, onTestFinished);
    site.configure({ limits: { runsAtOnce: 1 } });
    const engine = await site.serve();
    const id = await startRun(site, 'echo ready; while [ ! -e "$TEST_SITE/enough" ]; do sleep 0.05; done; echo done');
    const waiting = await startRun(site, 'echo later');
    await untilPrinted(site, id, 'ready');
    engine.send('SIGTERM');
    await engine.untilWritten('Waiting for 1 live run');
    await expect(startRun(site, 'true')).rejects.toMatchObject({ code: 'engine-stopping' });
    writeFileSync(join(site.folder, 'enough'), '');
    expect(await engine.ended).toMatchObject({ code: 0, signal: null });
    expect((await shown(site, 1)).run).toMatchObject({ status: 'success', lastSeq: 2 });
    await site.serve();
    expect((await ended(site, waiting)).run).toMatchObject({ no: 2, status: 'success', lastSeq: 1 });
  });

  it('by a second SIGTERM cancels the run', async ({ onTestFinished }) => {
    const site = testSite(undefined, onTestFinished);
    const engine = await site.serve();
    const id = await startRun(site, 'echo ready; sleep 300');
    await untilPrinted(site, id, 'ready');
    engine.send('SIGTERM');
    await engine.untilWritten('Waiting for 1 live run');
    engine.send('SIGTERM');
    expect(await engine.ended).toMatchObject({ code: 0, signal: null });
    expect((await shown(site, 1)).run).toMatchObject({ status: 'cancelled', phase: 'by_user' });
    expect(site.processes()).toEqual([]);
  });

  it('is quick when nothing runs, and leaves neither socket nor note', async ({ onTestFinished }) => {
    const site = testSite(undefined, onTestFinished);
    const engine = await site.serve();
    engine.send('SIGTERM');
    expect(await engine.ended).toMatchObject({ code: 0, signal: null });
    expect(readdirSync(site.data).toSorted()).toEqual(['archive.db', 'archive.lock', 'drover.log', 'reserve.bin']);
  });

  it('is heard while the engine starts', async ({ onTestFinished }) => {
    for (const after of [100, 200, 300, 400]) {
      const site = testSite(undefined, onTestFinished);
      const engine = site.start(['serve', '--listen', '127.0.0.1:0']);
      await pause(after);
      engine.send('SIGTERM');
      const { code, signal } = await Promise.race([engine.ended, pause(10_000, { code: 'it goes on', signal: null })]);
      // Before it has heard of signals it dies of them.
      expect(signal ?? code).toBe(signal ? 'SIGTERM' : 0);
    }
  });
});
