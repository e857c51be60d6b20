import { describe, expect, it } from 'vitest';
import type { Reached } from '#contract/target';
import { ReachRecorder } from '#core/target/reach-recorder';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';

const reached = (at: number): Reached => ({ at, ok: true, reason: null, message: '' });

function bench() {
  const clock = new FakeClock();
  const log = new CollectingLog();
  const saved: Record<string, Reached>[] = [];
  const disk = { isFull: false };
  const save = (results: ReadonlyMap<string, Reached>): void => {
    if (disk.isFull) {
      throw new Error('full');
    }
    saved.push(Object.fromEntries(results));
  };
  return { clock, log, saved, disk, recorder: new ReachRecorder({ clock, log, save }) };
}

describe('the reachability of targets', () => {
  it('is written once for all results of half a second, the last one of each target', async () => {
    const { clock, recorder, saved } = bench();
    recorder.record('a', reached(1));
    await clock.advance(300);
    recorder.record('b', reached(2));
    recorder.record('a', reached(3));
    expect(saved).toEqual([]);
    await clock.advance(200);
    expect(saved).toEqual([{ a: reached(3), b: reached(2) }]);
    await clock.advance(10_000);
    expect(saved).toHaveLength(1);
    recorder.record('a', reached(4));
    await clock.advance(500);
    expect(saved).toHaveLength(2);
  });

  it('is written at once when the engine closes, and leaves no timer behind', () => {
    const { clock, recorder, saved } = bench();
    recorder.record('a', reached(1));
    recorder.flush();
    recorder.flush();
    expect(saved).toEqual([{ a: reached(1) }]);
    expect(clock.waiting).toBe(0);
  });

  it('waits for the next result when it cannot be written', async () => {
    const { clock, recorder, saved, disk, log } = bench();
    disk.isFull = true;
    recorder.record('a', reached(1));
    await clock.advance(5_000);
    expect(log.messages('warn')).toHaveLength(1);
    disk.isFull = false;
    recorder.record('b', reached(2));
    await clock.advance(500);
    expect(saved).toEqual([{ a: reached(1), b: reached(2) }]);
  });
});
