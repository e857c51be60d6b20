import { describe, expect, it } from 'vitest';
import { bulkPlan, numbersText } from '../../src-renderer/features/runs/bulk-plan.ts';
import { bulkWork } from '../../src-renderer/features/runs/bulk-work.ts';
import { runOf } from './sample-runs.ts';

const { counts } = runOf();
const ended = (no: number, failed: number) =>
  runOf({ no, status: failed > 0 ? 'failed' : 'success', counts: { ...counts, total: 5, failed, timeout: 0 } });

describe('a plan for many runs', () => {
  const ticked = [runOf({ no: 4 }), runOf({ no: 3, status: 'cancelling' }), ended(2, 2), ended(1, 0)];
  const of = (kind: 'cancel' | 'all' | 'failed') => {
    const { runs, leftOut, targets } = bulkPlan(kind, ticked);
    return [numbersText(runs), numbersText(leftOut), targets];
  };

  it('holds the runs that would not refuse, and says which are left out', () => {
    expect(of('cancel')).toEqual(['#4', '#3,#2,#1', counts.total]);
    expect(of('all')).toEqual(['#2,#1', '#4,#3', 10]);
    expect(of('failed')).toEqual(['#2', '#4,#3,#1', 2]);
  });
});

describe('asking many times', () => {
  it('goes on after a refusal and keeps the order in what it tells', async () => {
    const progress: number[] = [];
    const result = await bulkWork([1, 2, 3, 4, 5, 6], {
      ask: async (item) => {
        await Promise.resolve();
        if (item === 2) {
          throw new Error('no');
        }
        return item * 10;
      },
      signal: new AbortController().signal,
      onProgress: (asked) => progress.push(asked),
    });
    expect(result.done.map(({ answer }) => answer)).toEqual([10, 30, 40, 50, 60]);
    expect(result.refused.map(({ item }) => item)).toEqual([2]);
    expect(result.unasked).toEqual([]);
    expect(progress).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('ends what is under way when it is stopped, and asks no more', async () => {
    const stopping = new AbortController();
    const result = await bulkWork([1, 2, 3, 4, 5, 6, 7, 8], {
      ask: async (item) => {
        await Promise.resolve();
        return item;
      },
      signal: stopping.signal,
      onProgress: () => stopping.abort(),
    });
    expect(result.done.map(({ item }) => item)).toEqual([1, 2, 3, 4]);
    expect(result.unasked).toEqual([5, 6, 7, 8]);
  });
});
