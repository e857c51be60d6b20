import { describe, expect, it } from 'vitest';
import type { KeptRun } from '#core/ports-retention';
import { purgeJudge } from '#core/retention/purge-judge';

const now = Date.UTC(2026, 10, 28);
const day = 86_400_000;
const none = { days: 0, runs: 0, bytes: 0 };

const daysAgo = (no: number, days: number, bytes = 100): KeptRun => ({ no, bytes, endedAt: now - days * day });
const live = (no: number, bytes = 100): KeptRun => ({ no, bytes, endedAt: null });

const judged = (rules: Partial<typeof none>, runs: readonly KeptRun[]) => {
  const judge = purgeJudge({ ...none, ...rules }, now);
  return runs.flatMap((run) => {
    const doomed = judge(run);
    return doomed ? [[doomed.no, doomed.why?.rule ?? 'empty']] : [];
  });
};

describe('the rules of retention', () => {
  it('keep everything when none is set', () => {
    expect(judged({}, [daysAgo(2, 10), daysAgo(1, 9_000, 1e12)])).toEqual([]);
  });

  it('take what ended before so many days, to the millisecond', () => {
    const exact = { no: 2, bytes: 1, endedAt: now - 30 * day };
    expect(judged({ days: 30 }, [daysAgo(4, 1), exact, { ...exact, no: 1, endedAt: exact.endedAt - 1 }])).toEqual([
      [1, 'age'],
    ]);
  });

  it('take what is beyond the newest so many runs that have output', () => {
    const runs = [daysAgo(5, 1), daysAgo(4, 1, 0), daysAgo(3, 2), daysAgo(2, 3), daysAgo(1, 4, 0)];
    expect(judged({ runs: 2 }, runs)).toEqual([[2, 'count']]);
  });

  it('take what is beyond so many bytes of newer output', () => {
    const runs = [daysAgo(4, 1, 400), daysAgo(3, 2, 500), daysAgo(2, 3, 200), daysAgo(1, 4, 0)];
    expect(judged({ bytes: 1_000 }, runs)).toEqual([[2, 'bytes']]);
    expect(judged({ bytes: 899 }, runs).map(([no]) => no)).toEqual([3, 2]);
  });

  it('never take a live run, which counts all the same', () => {
    expect(judged({ days: 1, runs: 1, bytes: 1 }, [live(3), live(2), daysAgo(1, 1, 5)])).toEqual([[1, 'count']]);
  });

  it('leave a run of the last hour to its readers, whatever its size', () => {
    const fresh = { no: 1, bytes: 1e12, endedAt: now - 3_599_999 };
    expect(judged({ runs: 1, bytes: 10 }, [daysAgo(2, 0), fresh])).toEqual([]);
    expect(judged({ bytes: 10 }, [{ ...fresh, endedAt: now - 3_600_001 }])).toEqual([[1, 'bytes']]);
  });

  it('settle old runs that never had output without saying that something was removed', () => {
    expect(judged({ days: 10 }, [daysAgo(1, 11, 0)])).toEqual([[1, 'empty']]);
  });
});
