import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OutputSink } from '#core/ports';
import { needService } from '../../support/services.ts';
import { ended, isAlive, pidsOf, shellPlan, SshBench, Stopping } from './ssh-bench.ts';

/** Hashes what comes; a slow one takes a chunk after the other, with pauses. */
function hashing(pace: 'fast' | 'slow' = 'fast') {
  const seen = { out: createHash('sha256'), err: createHash('sha256') };
  const bytes = { out: 0, err: 0 };
  let chunks = 0;
  const sink: OutputSink = (stream, chunk) => {
    const take = (): void => {
      seen[stream].update(chunk);
      bytes[stream] += chunk.length;
    };
    chunks += 1;
    return pace === 'fast' ? take() : (chunks % 4 === 0 ? pause(1) : nextTurn()).then(take);
  };
  return { sink, bytes, hex: (stream: 'out' | 'err') => seen[stream].digest('hex') };
}

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');
const daemonRemark =
  'Background processes keep the output open and were left running; what they write from now on is not kept';

describe.skipIf(needService('ssh-accounts').skip)('the output of a script over SSH', () => {
  let bench: SshBench;
  const daemons = new Set<number>();
  beforeAll(async () => {
    bench = await SshBench.start();
  });
  afterAll(async () => {
    [...daemons].filter(isAlive).forEach((pid) => process.kill(pid, 'SIGKILL'));
    await bench.stop();
  });

  it.each(['fast', 'slow'] as const)(
    'comes whole and unmixed into a %s sink, 100 000 lines of each stream at once',
    async (pace) => {
      const got = hashing(pace);
      const text = 'seq -f "out %06.0f" 100000 & seq -f "err %06.0f" 100000 >&2 & wait';
      const lines = (word: string): string =>
        Array.from({ length: 100_000 }, (_, index) => `${word} ${String(index + 1).padStart(6, '0')}\n`).join('');
      expect((await bench.run({ plan: shellPlan(text), sink: got.sink })).result).toEqual(ended(0));
      expect([got.hex('out'), got.hex('err')]).toEqual([sha256(lines('out')), sha256(lines('err'))]);
    },
  );

  it('does not hold up a kill when the sink takes nothing', async () => {
    const stop = new Stopping();
    let came = false;
    const sink: OutputSink = () => {
      came = true;
      return new Promise(() => undefined);
    };
    const going = bench.run({ plan: shellPlan('while :; do echo more; done'), stop, sink });
    await expect.poll(() => came, { timeout: 5_000 }).toBe(true);
    stop.askKill();
    expect((await going).result).toMatchObject({
      exitCode: 137,
      stopped: 'KILL to 1 process; none found',
      message: 'The last of the output may be missing',
    });
  });

  it.each(['fast', 'slow'] as const)('is exact to the byte when it is binary, into a %s sink', async (pace) => {
    const got = hashing(pace);
    const text = 'head -c 20M /dev/urandom >random; cat random';
    const { result } = await bench.run({ plan: shellPlan(text), sink: got.sink });
    expect(result).toEqual(ended(0));
    expect(got.bytes).toEqual({ out: 20 * 1024 * 1024, err: 0 });
    expect(got.hex('out')).toBe(sha256(readFileSync(join(bench.sshd.account.home, 'random'))));
  });

  it('comes while the script still runs', async () => {
    const stop = new Stopping();
    const going = bench.start({ plan: shellPlan('echo first; sleep 300'), stop });
    await expect.poll(() => going.output.out).toBe('first\n');
    stop.askKill();
    await going.result;
  });

  it('waits on the far side while the sink waits, and nothing of it is lost', async () => {
    const gate = Promise.withResolvers<void>();
    const seen = { out: 0, err: 0 };
    const sink: OutputSink = (stream, bytes) => {
      seen[stream] += bytes.length;
      return stream === 'out' ? gate.promise : undefined;
    };
    const file = join(bench.sshd.account.home, 'written');
    const text = 'n=0; while [ $n -lt 400 ]; do head -c 100000 /dev/zero; n=$((n+1)); echo $n >written; done';
    const { result } = bench.start({ plan: shellPlan(`echo 0 >written; ${text}`), sink });
    const written = (): number => {
      try {
        return Number(readFileSync(file, 'utf8')) * 100_000;
      } catch {
        return 0;
      }
    };
    await expect.poll(() => seen.out).toBeGreaterThan(0);
    let before = -1;
    // It stands still when what lies in between is full.
    await expect
      .poll(() => [before, (before = written())].every((value) => value === before && value > 0), { interval: 300 })
      .toBe(true);
    expect(before).toBeLessThan(8_000_000);
    expect(seen.out).toBeLessThan(100_000);
    gate.resolve();
    expect(await result).toEqual(ended(0));
    expect(seen.out).toBe(40_000_000);
  });

  it.concurrent('is waited for when its sink takes longer for the last of it than a background process is followed', async () => {
    const gate = Promise.withResolvers<void>();
    let bytes = 0;
    const sink: OutputSink = (_stream, chunk) => {
      bytes += chunk.length;
      return gate.promise;
    };
    const going = bench.start({ plan: shellPlan('head -c 1500000 /dev/zero; exit 5'), sink });
    await expect.poll(() => bytes).toBeGreaterThan(0);
    await pause(6_000);
    gate.resolve();
    expect(await going.result).toEqual(ended(5));
    expect(bytes).toBe(1_500_000);
  });

  it.each(['out', 'err'] as const)(
    'is taken to its last byte when the other stream ends long before std%s',
    async (slow) => {
      let bytes = 0;
      const sink: OutputSink = async (stream, chunk) => {
        bytes += stream === slow ? chunk.length : 0;
        await (stream === slow ? pause(5) : nextTurn());
      };
      const text = `head -c 1500000 /dev/zero ${slow === 'err' ? '>&2' : ''}; exit 5`;
      expect((await bench.run({ plan: shellPlan(text), sink })).result).toEqual(ended(5));
      expect(bytes).toBe(1_500_000);
    },
  );

  it.each([
    [
      'throws',
      () => {
        throw new Error('archive is full');
      },
    ],
    ['rejects', () => Promise.reject(new Error('archive is full'))],
  ] as [string, OutputSink][])('is let go, and said so, when the sink %s', async (_, sink) => {
    const { result } = await bench.run({ plan: shellPlan('head -c 10M /dev/zero; exit 5'), sink });
    expect(result).toEqual({ ...ended(5), message: 'Output could not be kept: archive is full' });
  });

  it('is not waited for from a daemon that has its own', async () => {
    const began = performance.now();
    const going = bench.start({ plan: shellPlan('nohup setsid sleep 300 >/dev/null 2>&1 & echo $!') });
    const [pid = 0] = await pidsOf(going, 1);
    daemons.add(pid);
    expect(await going.result).toEqual(ended(0));
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(isAlive(pid)).toBe(true);
  });

  it('is said to be open when a background process keeps it so in silence', async () => {
    const began = performance.now();
    const going = bench.start({ plan: shellPlan('sleep 300 & echo $!; exit 2') });
    const [pid = 0] = await pidsOf(going, 1);
    daemons.add(pid);
    expect(await going.result).toEqual({ ...ended(2), message: daemonRemark });
    expect(performance.now() - began).toBeLessThan(4_000);
    expect(isAlive(pid)).toBe(true);
  });

  it.concurrent('is followed for a few seconds only when a background process goes on writing', async () => {
    const going = bench.start({ plan: shellPlan('(trap "" PIPE; while :; do echo line; sleep 0.05; done) & echo $!') });
    const [pid = 0] = await pidsOf(going, 1);
    daemons.add(pid);
    const began = performance.now();
    expect(await going.result).toEqual({ ...ended(0), message: daemonRemark });
    expect(performance.now() - began).toBeLessThan(8_000);
    expect(isAlive(pid)).toBe(true);
  });

  it.concurrent('cannot hold up the result by a flood of a background process into a slow sink', async () => {
    let pid = 0;
    const began = performance.now();
    const sink: OutputSink = async (_, bytes) => {
      pid ||= Number.parseInt(Buffer.from(bytes).toString('latin1'), 10);
      await nextTurn();
    };
    const { result } = await bench.run({ plan: shellPlan('yes & echo $! && exit 6'), sink });
    daemons.add(pid);
    expect(result).toEqual({ ...ended(6), message: daemonRemark });
    expect(performance.now() - began).toBeLessThan(12_000);
  });
});
