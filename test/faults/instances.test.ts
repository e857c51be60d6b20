import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type DroverSite, testSite } from '../support/drover-process.ts';
import { countRuns } from './archive-facts.ts';

const serveWords = ['serve', '--listen', '127.0.0.1:0'];

/** Two seconds, or more where even a program that does nothing is slow at the moment. */
async function soon(site: DroverSite): Promise<number> {
  return Math.max(2_000, 4 * (await site.run(['version'])).ms);
}

/** Kills the engine, so that its socket and its lock file stay behind. */
async function leaveRemains(site: DroverSite): Promise<void> {
  const engine = await site.serve();
  await engine.kill();
  expect(readdirSync(site.data)).toEqual(expect.arrayContaining(['archive.lock', 'control.sock', 'lock.json']));
}

/** Numbers of all that a script descends from, in one line: what holds it may stand between it and the engine. */
const ancestors =
  'p=$$; a=" "; while [ "$p" -gt 1 ]; do p=$(ps -o ppid= -p $p | tr -d " "); a="$a$p "; done; echo "$a"';

describe('two processes and one data folder', () => {
  it('says within two seconds that another engine serves it', async () => {
    const site = testSite();
    const engine = await site.serve();
    const second = await site.run(serveWords);
    expect(second).toMatchObject({ code: 3, out: '' });
    expect(second.err).toContain(`The data folder ${site.data} is in use by process ${engine.pid} [archive-locked]`);
    expect(second.ms).toBeLessThan(await soon(site));
    expect(engine.hasEnded).toBe(false);
  });

  it('shares the engine that serves', async () => {
    const site = testSite();
    const engine = await site.serve();
    expect(await site.exec(['--', ancestors])).toMatchObject({
      code: 0,
      out: expect.stringContaining(` ${engine.pid} `),
    });
  });

  it('shares the engine of another drover exec, which waits for the runs of others', async () => {
    const site = testSite();
    const until = (name: string): string => `while [ ! -e "$TEST_SITE/${name}" ]; do sleep 0.05; done`;
    const first = site.start(['exec', '-t', 'local', '--', `echo ready; ${until('second')}`]);
    await first.untilWritten('ready');
    await expect.poll(() => existsSync(join(site.data, 'control.sock'))).toBe(true);
    const words = [
      'exec',
      '-t',
      'local',
      '--',
      `${ancestors}; touch "$TEST_SITE/second"; ${until('third')}; echo done`,
    ];
    const second = site.start(words);
    await first.untilWritten('works on runs of others');
    writeFileSync(join(site.folder, 'third'), '');
    const { code, out } = await second.ended;
    expect([code, out]).toEqual([0, expect.stringMatching(new RegExp(`^ .* ${first.pid} .*\\ndone\\n$`))]);
    expect(await first.ended).toMatchObject({ code: 0, out: 'ready\n' });
  });

  it('gives eight at once distinct numbers on an empty folder', async () => {
    const site = testSite();
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, index) => site.exec(['--json', '--', `echo "I am ${index}"`])),
    );
    expect(all.map(({ code, err }) => ({ code, err }))).toEqual(all.map(() => ({ code: 0, err: expect.anything() })));
    const lines = all.map(({ out }) =>
      out
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as object),
    );
    const numbers = lines.map(([started]) => (started as { no: number }).no);
    expect(numbers.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    all.forEach(({ out }, index) => expect(out).toContain(`I am ${index}`));
    expect(countRuns(site)).toBe(8);
  });

  it('follows close upon one another without a failure', async () => {
    const site = testSite();
    const lane = async (): Promise<void> => {
      for (let count = 0; count < 8; count += 1) {
        const end = await site.exec(['--', 'echo here']);
        expect(end).toMatchObject({ code: 0, out: 'here\n' });
      }
    };
    await Promise.all([lane(), lane(), lane()]);
    expect(countRuns(site)).toBe(24);
  });

  it.each(['serve', 'exec'])('takes over what a killed engine left, at once, with %s', async (word) => {
    const site = testSite();
    await leaveRemains(site);
    if (word === 'exec') {
      const end = await site.exec(['--', 'echo here']);
      expect(end).toMatchObject({ code: 0, out: 'here\n', err: '' });
      expect(end.ms).toBeLessThan(await soon(site));
    } else {
      const began = performance.now();
      await site.serve();
      const ms = performance.now() - began;
      expect(ms).toBeLessThan(await soon(site));
      expect(await site.client.call('node.info', {})).toMatchObject({ trouble: null });
    }
  });

  it('tells how a run ended over a restart of the engine', async () => {
    const site = testSite();
    const engine = await site.serve();
    const exec = site.start(['exec', '-t', 'local', '--', 'echo ready; sleep 60']);
    await exec.untilWritten('ready');
    await engine.kill();
    await site.serve();
    const end = await exec.ended;
    expect(end).toMatchObject({ code: 1, out: 'ready\n' });
    expect(end.err).toContain('Outcome unknown: the node was restarted; it may still run on local');
  });
});

// All of these are waiting for the most part.
describe.concurrent('an engine that does not answer', () => {
  it('says that an engine which hangs cannot be reached, and does not hang with it', async ({ onTestFinished }) => {
    const site = testSite(undefined, onTestFinished);
    const engine = await site.serve();
    engine.send('SIGSTOP');
    const end = await Promise.race([site.exec(['--', 'echo here']), pause(15_000)]);
    expect(end).toMatchObject({ code: 3, out: '' });
    expect(end?.err).toContain(`is in use by process ${engine.pid}, which does not answer [engine-unreachable]`);
    expect(end?.ms).toBeLessThan(7_000 + (await soon(site)));
    engine.send('SIGCONT');
    expect(await site.exec(['--', 'echo here'])).toMatchObject({ code: 0, out: 'here\n' });
  });

  it('says of a run that it has lost sight of when the engine is killed', async ({ onTestFinished }) => {
    const site = testSite(undefined, onTestFinished);
    const engine = await site.serve();
    const exec = site.start(['exec', '-t', 'local', '--', 'echo ready; sleep 60']);
    await exec.untilWritten('ready');
    await engine.kill();
    const end = await exec.ended;
    expect(end.code).toBe(3);
    expect(end.err).toContain('Lost sight of run #1, which may go on');
  });

  it('goes on with a run when the engine was stopped for a while', async ({ onTestFinished }) => {
    const site = testSite(undefined, onTestFinished);
    const engine = await site.serve();
    const exec = site.start(['exec', '-t', 'local', '--', 'echo ready; sleep 1; echo done']);
    await exec.untilWritten('ready');
    engine.send('SIGSTOP');
    await pause(2_000);
    engine.send('SIGCONT');
    expect(await exec.ended).toMatchObject({ code: 0, out: 'ready\ndone\n' });
  });
});
