import { describe, expect, it } from 'vitest';
import { LiveRunWatch } from '#adapters/electron/live-run-watch';
import type { Frame } from '#contract';
import { DroverClient } from '#contract/client';
import type { Run } from '#contract/run';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';
import { FakeClock, settled } from '../../support/fakes/fake-clock.ts';
import { runOf } from '../../renderer/sample-runs.ts';

function rig(listed: readonly Run[]) {
  const feeds: ((frame: Frame) => void)[] = [];
  const ended: number[] = [];
  const clock = new FakeClock();
  let giveList: () => void = () => undefined;
  const watch = new LiveRunWatch({
    client: new DroverClient({
      send: () =>
        new Promise((resolve) => {
          giveList = () => resolve({ ok: true, value: { runs: listed, next: null } });
        }),
      open: (_name, _input, onFrame) => {
        feeds.push(onFrame);
        return () => undefined;
      },
    }),
    clock,
    log: new CollectingLog(),
    onChange: () => undefined,
    onEnd: (run) => ended.push(run.no),
  });
  watch.start();
  return {
    watch,
    clock,
    feeds,
    ended,
    numbers: () => watch.live.map(({ no }) => no),
    list: async () => {
      giveList();
      await settled();
    },
    change: (run: Run) => feeds.at(-1)?.({ seq: run.rev, item: { kind: 'run', run } }),
  };
}

describe('the watch over the live runs', () => {
  it('knows those that were live before and those that began since, newest first', async () => {
    const { numbers, list, change } = rig([runOf({ no: 1, rev: 1 })]);
    change(runOf({ no: 2, rev: 2 }));
    await list();
    expect(numbers()).toEqual([2, 1]);
  });

  it('forgets a run that has ended and tells of it', async () => {
    const { numbers, list, change, ended } = rig([runOf({ no: 1, rev: 1 })]);
    await list();
    change(runOf({ no: 1, rev: 5, status: 'failed' }));
    expect([numbers(), ended]).toEqual([[], [1]]);
  });

  it('does not bring a run back by a list that was read before its end', async () => {
    const { numbers, list, change } = rig([runOf({ no: 1, rev: 4 })]);
    change(runOf({ no: 1, rev: 5, status: 'success' }));
    await list();
    expect(numbers()).toEqual([]);
  });

  it('goes on after a feed that broke off, and not after it was closed', async () => {
    const { watch, clock, feeds } = rig([]);
    feeds[0]?.({ end: true, error: { code: 'internal', message: 'broken' } });
    await settled();
    await clock.advance(1_000);
    expect(feeds).toHaveLength(2);
    watch.close();
    await settled();
    await clock.advance(5_000);
    expect(feeds).toHaveLength(2);
  });
});
