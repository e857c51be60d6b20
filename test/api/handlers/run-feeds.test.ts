import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { OutputFrame, OutputLine, OutputQuery, Stream } from '#contract/run';
import { runOutput } from '#api/handlers/run-feeds';
import { anna, storeRun } from '../../support/fakes/engine-rig.ts';
import { settled } from '../../support/fakes/fake-clock.ts';
import { FeedBench, type Follower, type Item } from '../../support/fakes/feed-bench.ts';

vi.setConfig({ testTimeout: 60_000 });

const linesOf = (items: readonly Item<OutputFrame>[]): OutputLine[] =>
  items.flatMap(({ item }) => (item.kind === 'lines' ? item.lines : []));
const seqsOf = (follower: Follower<OutputFrame>): number[] => linesOf(follower.items).map(({ seq }) => seq);
const upTo = (last: number, after = 0): number[] =>
  Array.from({ length: last - after }, (_, index) => after + 1 + index);

describe('the feed of a run’s output', () => {
  it('gives every line once and in order and ends with the final run, whatever is written while it reads', async () => {
    const anAppend = fc.record({
      lines: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 20 }) }, fc.integer({ min: 400, max: 700 })),
      from: fc.tuple(fc.nat({ max: 1 }), fc.constantFrom<Stream>('out', 'err')),
      /** Written in the very moment after the feed has read, before it knows what it read. */
      inRead: fc.boolean(),
      turns: fc.nat({ max: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(anAppend, { maxLength: 12 }),
        fc.record({ begins: fc.nat({ max: 12 }), after: fc.nat({ max: 500 }) }),
        fc.constantFrom<{ host?: number; stream?: Stream }>(
          {},
          { host: 1 },
          { stream: 'err' },
          { host: 0, stream: 'out' },
        ),
        async (appends, { begins, after }, filter) => {
          const bench = new FeedBench();
          const id = bench.working();
          const read = bench.archive.getLines;
          let inRead: (() => void)[] = [];
          bench.archive.getLines = (...range) => {
            const lines = read(...range);
            const acts = inRead;
            inRead = [];
            acts.forEach((act) => act());
            return lines;
          };
          const open = () => bench.follow({ run: id, after, ...filter });
          let follower = begins === 0 ? open() : undefined;
          for (const [index, { lines, from, inRead: late, turns }] of appends.entries()) {
            const act = (): void => bench.append(id, lines, from);
            if (late && follower) {
              inRead.push(act);
              bench.signals.hub.outputStored(id);
            } else {
              act();
            }
            if (index + 1 === begins) {
              follower = open();
            }
            for (let turn = 0; turn < turns; turn += 1) {
              await Promise.resolve();
            }
          }
          follower ??= open();
          await settled();
          inRead.forEach((act) => act());
          bench.finish(id);
          await settled();
          const wanted = read(id, { ...filter, after, limit: 100_000 }).map(({ seq }) => seq);
          expect(seqsOf(follower)).toEqual(wanted);
          expect(follower.items.at(-1)?.item).toEqual({ kind: 'final', run: bench.run(id) });
          expect(follower.items.filter(({ item }) => item.kind === 'final')).toHaveLength(1);
          expect([follower.ended, bench.signals.watching]).toEqual([true, 0]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('misses nothing that is stored between its reading and its waiting, the end of the run least of all', async () => {
    const bench = new FeedBench();
    const id = bench.working();
    const read = bench.archive.getLines;
    const last = (): void => {
      bench.append(id, 3);
      bench.finish(id);
    };
    const acts = [() => bench.append(id, 2), last];
    bench.archive.getLines = (...range) => {
      const lines = read(...range);
      if (lines.length === 0) {
        acts.shift()?.();
      }
      return lines;
    };
    const follower = bench.follow({ run: id });
    await settled();
    expect(seqsOf(follower)).toEqual([1, 2, 3, 4, 5]);
    expect(follower.ended).toBe(true);
  });

  it('can be left and taken up again after any number without a gap and without a repeat', async () => {
    const bench = new FeedBench();
    const id = bench.working();
    const seen: number[] = [];
    for (let leave = 0; leave < 20; leave += 1) {
      const follower = bench.follow({ run: id, after: seen.at(-1) ?? 0 });
      bench.append(id, 37 * (leave + 1));
      await settled();
      follower.stop();
      bench.append(id, 5);
      await settled();
      seen.push(...seqsOf(follower));
    }
    bench.finish(id);
    const last = bench.follow({ run: id, after: seen.at(-1) ?? 0 });
    await settled();
    seen.push(...seqsOf(last));
    expect(seen).toEqual(upTo(bench.run(id).lastSeq));
  });

  it('numbers each frame by its last line, so that whoever saw it can go on behind it', async () => {
    const bench = new FeedBench();
    const id = bench.working();
    bench.append(id, 1_200);
    bench.finish(id);
    const follower = bench.follow({ run: id });
    await settled();
    const frames = follower.items.filter(({ item }) => item.kind === 'lines');
    expect(frames.every(({ seq, item }) => item.kind === 'lines' && item.lines.at(-1)?.seq === seq)).toBe(true);
    expect(follower.items.at(-1)).toMatchObject({ seq: 1_200, item: { kind: 'final' } });
  });

  it('gives few frames of many short lines and small frames of long ones', async () => {
    const bench = new FeedBench();
    const id = bench.working();
    bench.append(id, 5_000);
    const bytes = new Uint8Array(64 * 1024).fill(0x61);
    for (let part = 0; part < 200; part += 1) {
      bench.archive.appendOutput(id, [{ host: 0, attempt: 1, stream: 'err', firstN: 1, slices: 1, at: 1, bytes }]);
    }
    bench.finish(id);
    const short = bench.follow({ run: id, stream: 'out' });
    const long = bench.follow({ run: id, stream: 'err' });
    await settled();
    expect(linesOf(short.items)).toHaveLength(5_000);
    expect(short.items.length).toBeLessThanOrEqual(14);
    expect(linesOf(long.items)).toHaveLength(200);
    const sizes = long.items.map((item) => linesOf([item]).reduce((sum, { text }) => sum + text.length, 0));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1024 * 1024);
  });

  it('begins so many lines before the present end, within the filter', async () => {
    const bench = new FeedBench();
    const id = bench.working();
    bench.append(id, 10, [0, 'out']);
    bench.append(id, 10, [1, 'out']);
    bench.finish(id);
    const cases: [Partial<OutputQuery>, number[]][] = [
      [{ tail: 3 }, [18, 19, 20]],
      [{ tail: 0 }, []],
      [{ tail: 100 }, upTo(20)],
      [{ tail: 2, host: 0 }, [9, 10]],
      [{ tail: 3, after: 19 }, [20]],
    ];
    for (const [query, seqs] of cases) {
      const follower = bench.follow({ run: id, ...query });
      await settled();
      expect(seqsOf(follower)).toEqual(seqs);
    }
  });

  it('is read at once a few times, and then waits for its turn', async () => {
    const bench = new FeedBench();
    bench.outputPace = { count: 2, windowMs: 30 };
    const id = bench.working();
    const follower = bench.follow({ run: id });
    await settled();
    await bench.clock.advance(100);
    for (let n = 0; n < 6; n += 1) {
      bench.append(id, 1);
      await settled();
    }
    expect(follower.items.map(({ seq }) => seq)).toEqual([1, 2]);
    await bench.clock.advance(30);
    expect(follower.items.map(({ seq }) => seq)).toEqual([1, 2, 6]);
    follower.stop();
  });

  it('goes on living after its tail', async () => {
    const bench = new FeedBench();
    const id = bench.working();
    bench.append(id, 10);
    const follower = bench.follow({ run: id, tail: 1 });
    await settled();
    bench.append(id, 2);
    await settled();
    expect(seqsOf(follower)).toEqual([10, 11, 12]);
    follower.stop();
  });

  it('waits without reading while nothing happens, and follows a run that has not begun', async () => {
    const bench = new FeedBench();
    const id = storeRun(bench.archive, 1);
    let reads = 0;
    const read = bench.archive.getLines;
    bench.archive.getLines = (...range) => {
      reads += 1;
      return read(...range);
    };
    const follower = bench.follow({ run: id });
    await bench.clock.advance(600_000);
    expect([reads, follower.items, bench.signals.watching]).toEqual([1, [], 1]);
    bench.archive.moveRun(id, 'pending', { status: 'cancelled', phase: 'by_user' });
    bench.signals.hub.stateChanged(id);
    await settled();
    expect(follower.items.map(({ seq, item }) => [seq, item.kind])).toEqual([[0, 'final']]);
  });

  it('stops at an abort and watches no longer, whether it waits or reads', async () => {
    const bench = new FeedBench();
    const id = bench.working();
    const waiting = bench.follow({ run: id });
    await settled();
    waiting.stop();
    await settled();
    bench.append(id, 10_000);
    const reading = bench.follow({ run: id });
    reading.stop();
    await settled();
    expect([waiting.ended, reading.ended, bench.signals.watching]).toEqual([true, true, 0]);
    expect(linesOf(reading.items).length).toBeLessThan(10_000);
  });

  it('watches no longer when its reader leaves', async () => {
    const bench = new FeedBench();
    const id = bench.working();
    bench.append(id, 1);
    for await (const { seq } of runOutput(
      bench.services,
      { run: id, after: 0 },
      { actor: anna, signal: new AbortController().signal },
    )) {
      expect(seq).toBe(1);
      break;
    }
    expect(bench.signals.watching).toBe(0);
  });

  it('fails when there is no such run', async () => {
    const bench = new FeedBench();
    const follower = bench.follow({ run: 99 });
    await settled();
    expect(follower.error).toMatchObject({ code: 'not-found' });
    expect(bench.signals.watching).toBe(0);
  });
});
