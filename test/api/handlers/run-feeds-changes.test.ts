import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { HostRow, Run, RunChange } from '#contract/run';
import type { HostResult } from '#core/ports';
import { notStarted } from '#core/run/not-started';
import { storeRun } from '../../support/fakes/engine-rig.ts';
import { settled } from '../../support/fakes/fake-clock.ts';
import { FeedBench, type Item } from '../../support/fakes/feed-bench.ts';

vi.setConfig({ testTimeout: 60_000 });

const done: HostResult = { ...notStarted('', 1), status: 'success', reason: null, exitCode: 0, durationMs: 1 };

/** The last that was told of each run. */
function toldRuns(items: readonly Item<RunChange>[]): Map<string, Run> {
  return new Map(items.flatMap(({ item }) => (item.kind === 'run' ? [[item.run.id, item.run]] : [])));
}

/** The last that was told of each target. */
function toldHosts(items: readonly Item<RunChange>[]): Map<number, HostRow> {
  return new Map(
    items.flatMap(({ item }) =>
      item.kind === 'hosts' ? item.hosts.map((row): [number, HostRow] => [row.host, row]) : [],
    ),
  );
}

const isRising = (items: readonly Item<RunChange>[]): boolean =>
  items.every(({ seq }, index) => seq > (items[index - 1]?.seq ?? 0));

describe('the feed of changes', () => {
  it('never misses the last state of any run, however the changes come', async () => {
    const aChange = fc.record({
      run: fc.nat({ max: 3 }),
      host: fc.nat({ max: 2 }),
      pause: fc.constantFrom(0, 0, 0, 20, 60),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(aChange, { minLength: 1, maxLength: 30 }),
        fc.nat({ max: 30 }),
        async (changes, leaves) => {
          const bench = new FeedBench();
          const ids = [0, 1, 2, 3].map(() => storeRun(bench.archive, 3));
          let feed = bench.watch();
          const items: Item<RunChange>[] = [];
          const changed = new Set<string>();
          for (const [index, { run, host, pause }] of changes.entries()) {
            const id = ids[run] ?? '';
            bench.archive.startHost(id, host, 1);
            bench.archive.finishHost(id, host, done);
            changed.add(id);
            bench.signals.hub.stateChanged(id);
            await bench.clock.advance(pause);
            if (index === leaves) {
              feed.stop();
              await settled();
              items.push(...feed.items);
              feed = bench.watch(items.length > 0 ? { after: items.at(-1)?.seq ?? 0 } : { after: 0 });
            }
          }
          await bench.clock.advance(200);
          items.push(...feed.items);
          const told = toldRuns(items);
          for (const id of changed) {
            expect(told.get(id)).toEqual(bench.run(id));
          }
          expect(isRising(items)).toBe(true);
          feed.stop();
          await bench.clock.advance(100);
          expect(bench.signals.watching).toBe(0);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('tells many changes in a row as few', async () => {
    const bench = new FeedBench();
    const id = bench.working(1);
    const feed = bench.watch();
    for (let step = 0; step < 1_000; step += 1) {
      bench.append(id, 1);
      bench.signals.hub.stateChanged(id);
      await bench.clock.advance(1);
    }
    await bench.clock.advance(200);
    expect(feed.items.length).toBeLessThanOrEqual(22);
    expect(toldRuns(feed.items).get(id)?.lastSeq).toBe(1_000);
    feed.stop();
  });

  it('begins with what changes from now on, and does not poll', async () => {
    const bench = new FeedBench();
    bench.working();
    const feed = bench.watch();
    let reads = 0;
    const since = bench.archive.runsSince.bind(bench.archive);
    bench.archive.runsSince = (...query) => {
      reads += 1;
      return since(...query);
    };
    await bench.clock.advance(600_000);
    expect([feed.items, reads]).toEqual([[], 0]);
    const id = bench.working();
    bench.signals.hub.stateChanged(id);
    await bench.clock.advance(100);
    expect([...toldRuns(feed.items).keys()]).toEqual([id]);
    feed.stop();
  });

  it('tells of more runs than one page holds', async () => {
    const bench = new FeedBench();
    const ids = Array.from({ length: 1_100 }, () => storeRun(bench.archive, 1));
    const feed = bench.watch({ after: 0 });
    await bench.clock.advance(1_000);
    expect([...toldRuns(feed.items).keys()]).toEqual(ids);
    feed.stop();
  });

  it('of one run tells all its targets from the beginning, then each change, targets before their run', async () => {
    const bench = new FeedBench();
    const id = storeRun(bench.archive, 1_200);
    const feed = bench.watch({ run: id });
    await bench.clock.advance(1_000);
    expect(toldHosts(feed.items).size).toBe(1_200);
    expect(feed.items.at(-1)?.item).toEqual({ kind: 'run', run: bench.run(id) });
    bench.archive.startHost(id, 7, 1);
    bench.signals.hub.stateChanged(id);
    await bench.clock.advance(100);
    const [hosts, run] = feed.items.slice(-2);
    expect(hosts?.item).toMatchObject({ kind: 'hosts', hosts: [{ host: 7, status: 'running' }] });
    expect(run?.item).toMatchObject({ kind: 'run', run: { counts: { running: 1 } } });
    expect(isRising(feed.items)).toBe(true);
    feed.stop();
  });

  it('of one run never misses the last state of the run or of a target, left and taken up again anywhere', async () => {
    const aChange = fc.record({ host: fc.nat({ max: 4 }), pause: fc.constantFrom(0, 10, 60), leaves: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(aChange, { maxLength: 20 }), async (changes) => {
        const bench = new FeedBench();
        const id = storeRun(bench.archive, 5);
        let feed = bench.watch({ run: id });
        const items: Item<RunChange>[] = [];
        for (const { host, pause, leaves } of changes) {
          if (!bench.archive.startHost(id, host, 1)) {
            bench.archive.finishHost(id, host, done);
          }
          bench.signals.hub.stateChanged(id);
          await bench.clock.advance(pause);
          if (leaves) {
            feed.stop();
            await settled();
            items.push(...feed.items);
            feed = bench.watch({ run: id, after: items.at(-1)?.seq ?? 0 });
          }
        }
        await bench.clock.advance(200);
        items.push(...feed.items);
        expect(toldRuns(items).get(id)).toEqual(bench.run(id));
        expect([...toldHosts(items).values()].toSorted((one, other) => one.host - other.host)).toEqual(
          bench.archive.getHosts(id, { after: -1, limit: 10 }),
        );
        feed.stop();
        await bench.clock.advance(100);
        expect([bench.signals.watching, bench.clock.waiting]).toEqual([0, 0]);
      }),
      { numRuns: 150 },
    );
  });
});
