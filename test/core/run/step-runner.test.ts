import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { HostStatus, RunOptions } from '#contract/run';
import { batchSizes } from '#contract/share';
import { runStep, type StepEnd } from '#core/run/step-runner';
import { optionsWith, plannedHosts } from '../../support/fakes/engine-rig.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';

vi.setConfig({ testTimeout: 60_000 });

type Target = { readonly ms: number; readonly status: HostStatus };
type Seen = { readonly host: number; readonly from: number; readonly to: number };

/** Works through targets that take their time on a fake clock, and keeps when each was worked on. */
class Bench {
  readonly clock = new FakeClock();
  readonly began = this.clock.monotonic();
  readonly halt = new AbortController();
  readonly seen: Seen[] = [];
  readonly pauses: { readonly paused: boolean; readonly at: number }[] = [];
  started: number[] = [];
  running = 0;
  most = 0;
  end: StepEnd | undefined;

  constructor(targets: readonly Target[], options: Partial<RunOptions>) {
    void runStep({
      hosts: plannedHosts(targets.length),
      options: optionsWith(options),
      clock: this.clock,
      halted: this.halt.signal,
      onPause: (paused) => this.pauses.push({ paused, at: this.passed }),
      runHost: async ({ host }) => {
        const { ms, status } = targets[host] ?? { ms: 0, status: 'success' };
        const from = this.passed;
        this.started.push(host);
        this.running += 1;
        this.most = Math.max(this.most, this.running);
        await new Promise<void>((resolve) => void this.clock.after(ms, resolve));
        this.running -= 1;
        this.seen.push({ host, from, to: this.passed });
        return status;
      },
    }).then((end) => {
      this.end = end;
    });
  }

  get passed(): number {
    return this.clock.monotonic() - this.began;
  }

  finish(): Promise<void> {
    return this.clock.until(() => this.end !== undefined);
  }
}

const all = (count: number, ms = 10, status: HostStatus = 'success'): Target[] =>
  Array.from({ length: count }, () => ({ ms, status }));

const notStarted = (bench: Bench): number[] => (bench.end?.notStarted ?? []).map(({ host }) => host);

describe('the step runner', () => {
  it('works on every target once, in order, never on more than the limit at once', async () => {
    const targets = fc.array(
      fc.record({ ms: fc.nat({ max: 50 }), status: fc.constantFrom<HostStatus>('success', 'failed', 'timeout') }),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(targets, fc.integer({ min: 1, max: 20 }), async (chosen, concurrency) => {
        const bench = new Bench(chosen, { concurrency });
        await bench.finish();
        expect(bench.started).toEqual(chosen.map((_, host) => host));
        expect(bench.most).toBe(Math.min(concurrency, chosen.length));
        expect(bench.end).toEqual({ early: 'none', notStarted: [] });
      }),
      { numRuns: 100 },
    );
  });

  it('begins a batch when every target of the one before has ended and the pause is over', async () => {
    const spec = fc.constantFrom('1', '2', '5', '10%', '30%', '100%');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 40 }),
        fc.array(spec, { minLength: 1, maxLength: 3 }),
        fc.nat({ max: 5 }),
        async (times, batches, pauseS) => {
          const bench = new Bench(
            times.map((ms) => ({ ms, status: 'success' })),
            { batches, pauseS, concurrency: 3 },
          );
          await bench.finish();
          let next = 0;
          let free = 0;
          for (const size of batchSizes(times.length, batches)) {
            const batch = bench.seen.filter(({ host }) => host >= next && host < next + size);
            expect(batch).toHaveLength(size);
            expect(Math.min(...batch.map(({ from }) => from))).toBe(free);
            free = Math.max(...batch.map(({ to }) => to)) + pauseS * 1_000;
            next += size;
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('rolls out a canary, a tenth and the rest', async () => {
    const bench = new Bench(all(50), { batches: ['1', '10%', '100%'], pauseS: 30 });
    await bench.finish();
    const starts = (at: number): number => bench.seen.filter(({ from }) => from === at).length;
    expect([starts(0), starts(30_010), starts(60_020)]).toEqual([1, 5, 44]);
    expect(bench.pauses).toEqual([
      { paused: true, at: 10 },
      { paused: false, at: 30_010 },
      { paused: true, at: 30_020 },
      { paused: false, at: 60_020 },
    ]);
  });

  it('does not pause after the last batch', async () => {
    const bench = new Bench(all(2), { batches: ['1'], pauseS: 60 });
    await bench.finish();
    expect(bench.passed).toBe(60_020);
  });

  it('starts nothing more once a count of targets has failed, and waits for what was started', async () => {
    const targets = [...all(2, 10, 'failed'), { ms: 100, status: 'success' } as const, ...all(5)];
    const bench = new Bench(targets, { concurrency: 3, stopAfter: '2' });
    await bench.finish();
    expect(bench.started).toEqual([0, 1, 2, 3]);
    expect(bench.passed).toBe(100);
    expect(bench.end?.early).toBe('too-many-failures');
    expect(notStarted(bench)).toEqual([4, 5, 6, 7]);
  });

  it('starts nothing more once a share of all targets has failed, timed-out ones among them', async () => {
    const targets = [...all(3, 10, 'timeout'), ...all(2, 10, 'failed'), ...all(45)];
    const bench = new Bench(targets, { concurrency: 1, stopAfter: '10%' });
    await bench.finish();
    expect(bench.started).toEqual([0, 1, 2, 3, 4]);
    expect(notStarted(bench)).toHaveLength(45);
  });

  it('does not begin the next batch when the canary has failed', async () => {
    const bench = new Bench([...all(1, 10, 'failed'), ...all(9)], {
      batches: ['1', '100%'],
      pauseS: 60,
      stopAfter: '1',
    });
    await bench.finish();
    expect(bench.passed).toBe(10);
    expect(bench.pauses).toEqual([]);
    expect(notStarted(bench)).toHaveLength(9);
  });

  it('has not ended early when the last target was the one failure too many', async () => {
    const bench = new Bench([...all(4), ...all(1, 10, 'failed')], { stopAfter: '1' });
    await bench.finish();
    expect(bench.end).toEqual({ early: 'none', notStarted: [] });
  });

  it('does not count cancelled and skipped targets as failures', async () => {
    const bench = new Bench([...all(2, 1, 'cancelled'), ...all(2, 1, 'skipped'), ...all(2)], {
      concurrency: 1,
      stopAfter: '1',
    });
    await bench.finish();
    expect(bench.started).toHaveLength(6);
  });

  it('starts nothing more when it is halted, and gives what was not started', async () => {
    const bench = new Bench(all(10, 100), { concurrency: 2 });
    await bench.clock.advance(150);
    bench.halt.abort();
    await bench.finish();
    expect(bench.started).toEqual([0, 1, 2, 3]);
    expect(bench.passed).toBe(200);
    expect(bench.end?.early).toBe('none');
    expect(notStarted(bench)).toEqual([4, 5, 6, 7, 8, 9]);
  });

  it('ends at once when it is halted in a pause', async () => {
    const bench = new Bench(all(4), { batches: ['1'], pauseS: 3_600 });
    await bench.clock.advance(1_000);
    bench.halt.abort();
    await bench.clock.advance(0);
    expect(notStarted(bench)).toEqual([1, 2, 3]);
    expect(bench.clock.waiting).toBe(0);
  });

  it('starts nothing when it was halted before', async () => {
    const bench = new Bench(all(0), {});
    await bench.finish();
    expect(bench.end).toEqual({ early: 'none', notStarted: [] });
    const end = await runStep({
      hosts: plannedHosts(3),
      options: optionsWith({ batches: ['1'], pauseS: 5 }),
      clock: bench.clock,
      halted: AbortSignal.abort(),
      runHost: () => Promise.reject(new Error('a target was contacted')),
    });
    expect(end.notStarted).toHaveLength(3);
  });
});
