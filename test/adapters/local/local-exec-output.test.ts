import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import type { OutputSink } from '#core/ports';
import { createLocalExec } from '#adapters/local/local-exec';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';
import { ended, isAlive, pidsOf, run, shellPlan, start, Stopping } from './local-script.ts';

const scratch = mkdtempSync(join(tmpdir(), 'drover-output-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** Hashes what comes. A slow one takes a chunk after the other, with pauses, and holds each until its turn. */
function hashing(pace: 'fast' | 'slow' = 'fast') {
  const seen = { out: createHash('sha256'), err: createHash('sha256') };
  const bytes = { out: 0, err: 0 };
  let peak = 0;
  let chunks = 0;
  let before = Promise.resolve();
  const take: OutputSink = (stream, chunk) => {
    seen[stream].update(chunk);
    bytes[stream] += chunk.length;
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const sink: OutputSink = (stream, chunk) => {
    if (pace === 'fast') {
      return take(stream, chunk);
    }
    before = before.then(async () => {
      chunks += 1;
      await (chunks % 4 === 0 ? setTimeout(1) : nextTurn());
      await take(stream, chunk);
    });
    return before;
  };
  return { sink, bytes, hex: (stream: 'out' | 'err') => seen[stream].digest('hex'), peakRss: () => peak };
}

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');
const daemonRemark =
  'Background processes keep the output open and were left running; what they write from now on is not kept';

describe('the output of a script', () => {
  it('comes whole and unmixed, 100 000 lines of each stream at once', async () => {
    const got = hashing();
    const text = 'seq -f "out %06.0f" 100000 & seq -f "err %06.0f" 100000 >&2 & wait';
    const lines = (word: string): string =>
      Array.from({ length: 100_000 }, (_, index) => `${word} ${String(index + 1).padStart(6, '0')}\n`).join('');
    expect((await run({ plan: shellPlan(text), sink: got.sink })).result).toEqual(ended(0));
    expect([got.hex('out'), got.hex('err')]).toEqual([sha256(lines('out')), sha256(lines('err'))]);
  });

  it('is exact to the byte when it is binary', async () => {
    const got = hashing();
    const file = join(scratch, 'random');
    const { result } = await run({
      plan: shellPlan('head -c 50M /dev/urandom >"$FILE"; cat "$FILE"'),
      environment: { FILE: file },
      sink: got.sink,
    });
    expect(result).toEqual(ended(0));
    expect(got.bytes).toEqual({ out: 50 * 1024 * 1024, err: 0 });
    expect(got.hex('out')).toBe(sha256(readFileSync(file)));
  });

  it('comes while the script still runs', async () => {
    const stop = new Stopping();
    const going = start({ plan: shellPlan('echo first; read never </dev/zero'), stop });
    await expect.poll(() => going.output.out).toBe('first\n');
    stop.askKill();
    await going.result;
  });

  it.each(['fast', 'slow'] as const)(
    'flows through a %s sink without growing memory, 512 MB in one line',
    async (pace) => {
      const before = process.memoryUsage.rss();
      const got = hashing(pace);
      const { result } = await run({ plan: shellPlan("head -c 512M /dev/zero | tr '\\0' a"), sink: got.sink });
      expect(result).toEqual(ended(0));
      expect(got.bytes.out).toBe(512 * 1024 * 1024);
      expect((got.peakRss() - before) / 1024 / 1024).toBeLessThan(100);
    },
  );

  it('waits for a sink that has not taken the last bytes when the script ends', async () => {
    const taken = Promise.withResolvers<void>();
    let held = 0;
    const sink: OutputSink = () => {
      held += 1;
      return held === 1 ? taken.promise : undefined;
    };
    let isOver = false;
    const going = start({
      plan: shellPlan('echo $$ >"$FILE"; echo first; head -c 150000 /dev/zero'),
      environment: { FILE: join(scratch, 'pid') },
      sink,
    });
    void going.result.then(() => (isOver = true));
    await expect.poll(() => held).toBe(1);
    expect(isOver).toBe(false);
    taken.resolve();
    expect(await going.result).toEqual(ended(0));
    expect(held).toBeGreaterThan(1);
  });

  it('stops one stream only while its sink waits', async () => {
    const gate = Promise.withResolvers<void>();
    const seen = { out: 0, err: 0 };
    const sink: OutputSink = (stream, bytes) => {
      seen[stream] += bytes.length;
      return stream === 'out' ? gate.promise : undefined;
    };
    const going = start({ plan: shellPlan('head -c 10M /dev/zero & head -c 10M /dev/zero >&2; wait'), sink });
    await expect.poll(() => seen.err).toBe(10 * 1024 * 1024);
    expect(seen.out).toBeLessThan(1024 * 1024);
    gate.resolve();
    expect(await going.result).toEqual(ended(0));
    expect(seen.out).toBe(10 * 1024 * 1024);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('archive is full');
      },
    ],
    ['rejects', () => Promise.reject(new Error('archive is full'))],
  ] as [string, OutputSink][])('is let go, and said so, when the sink %s', async (_, sink) => {
    const { result } = await run({ plan: shellPlan('head -c 1M /dev/zero; exit 5'), sink });
    expect(result).toEqual({ ...ended(5), message: 'Output could not be kept: archive is full' });
  });

  it('does not hold up a kill when the sink takes nothing', async () => {
    const stop = new Stopping();
    let came = false;
    const going = start({
      plan: shellPlan('while :; do echo more; done'),
      stop,
      sink: () => {
        came = true;
        return new Promise(() => undefined);
      },
    });
    await expect.poll(() => came).toBe(true);
    const began = performance.now();
    stop.askKill();
    expect(await going.result).toMatchObject({
      exitCode: 137,
      stopped: 'KILL to 1 process; none found',
      message: 'The last of the output may be missing',
    });
    expect(performance.now() - began).toBeLessThan(3_000);
  });
});

describe('a daemon that a script leaves behind', () => {
  const daemons = new Set<number>();
  afterAll(() => {
    for (const pid of [...daemons].filter(isAlive)) {
      process.kill(pid, 'SIGKILL');
    }
  });

  it('neither dies nor delays the result when it has its own output', async () => {
    const began = performance.now();
    const going = start({ plan: shellPlan('nohup setsid sleep 300 >/dev/null 2>&1 & echo $!') });
    const [pid = 0] = await pidsOf(going, 1);
    daemons.add(pid);
    expect(await going.result).toEqual(ended(0));
    expect(performance.now() - began).toBeLessThan(6_000);
    expect(isAlive(pid)).toBe(true);
  });

  it('is named when it keeps the output open in silence', async () => {
    const began = performance.now();
    const going = start({ plan: shellPlan('sleep 300 & echo $!; exit 2') });
    const [pid = 0] = await pidsOf(going, 1);
    daemons.add(pid);
    expect(await going.result).toEqual({ ...ended(2), message: daemonRemark });
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(isAlive(pid)).toBe(true);
  });

  it('goes on when it keeps writing, and its output is followed for a few seconds only', async () => {
    const file = join(scratch, 'count');
    const text = '(n=0; while :; do n=$((n+1)); echo line; echo $n >"$FILE"; sleep 0.05; done) & echo $!; exit 0';
    const count = (): number => Number(readFileSync(file, 'utf8')) || 0;
    const began = performance.now();
    const going = start({ plan: shellPlan(text), environment: { FILE: file } });
    const [pid = 0] = await pidsOf(going, 1);
    daemons.add(pid);
    expect(await going.result).toEqual({ ...ended(0), message: daemonRemark });
    expect(performance.now() - began).toBeLessThan(6_500);
    const written = count();
    await expect.poll(count, { timeout: 10_000 }).toBeGreaterThan(written + 5);
    const { out } = going.output;
    expect(isAlive(pid)).toBe(true);
    expect(going.output.out).toBe(out);
  });

  it('cannot hold up the result by a flood into a slow sink', async () => {
    const began = performance.now();
    let pid = 0;
    const sink: OutputSink = async (_, bytes) => {
      pid ||= Number.parseInt(Buffer.from(bytes).toString('latin1'), 10);
      await nextTurn();
    };
    const { result } = await run({ plan: shellPlan('yes & echo $! && exit 6'), sink });
    daemons.add(pid);
    expect(result).toEqual({ ...ended(6), message: daemonRemark });
    expect(performance.now() - began).toBeLessThan(8_000);
    process.kill(pid, 'SIGKILL');
  });

  it('is cut off at once by a kill, which leaves the result as it was', async () => {
    const stop = new Stopping();
    const log = new CollectingLog();
    const text = '(while :; do echo line; sleep 0.05; done) & echo $!; echo $$; exit 8';
    const going = start({ plan: shellPlan(text), stop }, createLocalExec({ log }));
    const [pid = 0, script = 0] = await pidsOf(going, 2);
    daemons.add(pid);
    await expect.poll(() => isAlive(script)).toBe(false);
    const began = performance.now();
    stop.askKill();
    expect(await going.result).toEqual({ ...ended(8), message: 'The last of the output may be missing' });
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(isAlive(pid)).toBe(true);
    expect(log.entries).toEqual([]);
  });
});
