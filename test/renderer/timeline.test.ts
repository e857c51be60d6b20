import { describe, expect, it } from 'vitest';
import { batchesOf } from '../../src-renderer/features/run/progress.ts';
import {
  bandsOf,
  orderTargets,
  pausesOf,
  shareOf,
  spanOf,
  ticksOf,
  tookOf,
} from '../../src-renderer/features/run/timeline.ts';
import { hostOf } from './sample-hosts.ts';
import { runOf } from './sample-runs.ts';

const ran = (host: number, startedAt: number, endedAt: number | null) =>
  hostOf(host, { startedAt, endedAt, durationMs: endedAt === null ? null : endedAt - startedAt });

const hosts = [ran(0, 100, 400), ran(1, 100, 900), hostOf(2), ran(3, 200, null), ran(4, 150, 250)];
const order = (by: Parameters<typeof orderTargets>[1]) => orderTargets(hosts, by, 1_000).map(({ host }) => host);

describe('the timeline of a run', () => {
  it('stands in plan order, by start or the slowest first; what has not begun stands last', () => {
    expect(order('plan')).toEqual([0, 1, 2, 3, 4]);
    expect(order('start')).toEqual([0, 1, 4, 3, 2]);
    expect(order('slowest')).toEqual([1, 3, 0, 4, 2]);
  });

  it('spans from the start to the last end, or until now, and is never nothing', () => {
    expect(spanOf(runOf({ createdAt: 0, startedAt: 100, endedAt: 800 }), hosts, 5_000)).toEqual({ from: 100, to: 900 });
    expect(spanOf(runOf({ createdAt: 50, startedAt: null, endedAt: null }), [], 1_000)).toEqual({
      from: 50,
      to: 1_000,
    });
    expect(spanOf(runOf({ createdAt: 50, startedAt: 50, endedAt: 50 }), [], 50)).toEqual({ from: 50, to: 51 });
  });

  it('keeps every bar inside, whatever a clock has done', () => {
    const span = { from: 100, to: 300 };
    expect(shareOf(span, 150, 200)).toEqual({ left: 25, width: 25 });
    expect(shareOf(span, 0, 900)).toEqual({ left: 0, width: 100 });
    expect(shareOf(span, 250, 120)).toEqual({ left: 75, width: 0 });
    expect(tookOf(hostOf(0, { startedAt: 500 }), 400)).toBe(0);
  });

  it('shows batches and the pauses between them, and none for a run of one batch', () => {
    const rows = [ran(0, 0, 10), ran(1, 30, 40), ran(2, 30, 60), ran(3, 100, null), hostOf(4)];
    const bands = bandsOf(batchesOf(5, ['1', '2']), rows, 120);
    expect(bands).toEqual([
      { no: 1, from: 0, to: 10 },
      { no: 2, from: 30, to: 60 },
      { no: 3, from: 100, to: 120 },
    ]);
    expect(pausesOf(bands)).toEqual([
      { from: 10, to: 30 },
      { from: 60, to: 100 },
    ]);
    expect(bandsOf(batchesOf(5, undefined), rows, 120)).toEqual([]);
    expect(bandsOf(batchesOf(5, ['4']), rows, 120).map(({ no }) => no)).toEqual([1]);
  });

  it('has round moments, few enough to read', () => {
    expect(ticksOf({ from: 0, to: 4_000 }, 8)).toEqual([0, 500, 1_000, 1_500, 2_000, 2_500, 3_000, 3_500, 4_000]);
    expect(ticksOf({ from: 5, to: 6 }, 8)).toEqual([0]);
    expect(ticksOf({ from: 0, to: 10 * 86_400_000 * 30 }, 8).length).toBeLessThanOrEqual(9);
  });
});
