import { describe, expect, it } from 'vitest';
import { longerBy } from '../../src-renderer/features/run/usual.ts';
import { runOf } from './sample-runs.ts';

const earlier = { runs: 3, durationMs: 20_000 };
const began = 1_000_000;
const live = runOf({ startedAt: began });

describe('a run beside earlier ones of its text', () => {
  it('takes longer than usual once it has clearly passed the middle of them', () => {
    expect(longerBy(live, earlier, began + 20_000)).toBeNull();
    expect(longerBy(live, earlier, began + 22_000)).toBeNull();
    expect(longerBy(live, earlier, began + 22_001)).toBe(2_001);
  });

  it('gets a second where the earlier ones were short', () => {
    const short = { runs: 1, durationMs: 100 };
    expect(longerBy(live, short, began + 1_100)).toBeNull();
    expect(longerBy(live, short, began + 1_101)).toBe(1_001);
  });

  it('is judged by its whole time when it has ended, unless it was stopped', () => {
    const ended = runOf({ startedAt: began, status: 'success', durationMs: 30_000 });
    expect(longerBy(ended, earlier, 0)).toBe(10_000);
    expect(longerBy({ ...ended, status: 'cancelled' }, earlier, 0)).toBeNull();
  });

  it('is not compared with nothing, nor before it has begun', () => {
    expect(longerBy(live, null, began + 99_999)).toBeNull();
    expect(longerBy(runOf({ status: 'pending', startedAt: null }), earlier, began)).toBeNull();
  });
});
