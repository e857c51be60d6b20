import { describe, expect, it } from 'vitest';
import type { Clock } from '#core/ports';
import type { RunSlice } from '#core/ports-history';
import { listRuns } from '#core/history/list-runs';
import { sampleRun } from '../../cli/sample-runs.ts';

/** A clock on which every turn that is given away takes 50 ms. */
function slowClock(): Clock & { turns: number } {
  const clock = {
    turns: 0,
    now: () => 1_800_000_000_000,
    monotonic: () => clock.turns * 50,
    after(_ms: number, act: () => void): () => void {
      clock.turns += 1;
      queueMicrotask(act);
      return () => {};
    },
  };
  return clock;
}

const list = (slices: readonly RunSlice[], limit = 50, clock: Clock = slowClock()) =>
  listRuns({ archive: { searchRuns: () => slices }, clock }, 'team', { limit });

const run = (no: number) => sampleRun({ no });

describe('a page of runs', () => {
  it('gathers slices until nothing is left', async () => {
    const page = await list([
      { runs: [run(9)], reached: 8 },
      { runs: [], reached: 5 },
      { runs: [run(2)], reached: null },
    ]);
    expect([page.runs.map(({ no }) => no), page.next]).toEqual([[9, 2], null]);
  });

  it('ends when it is full, and says where the next one begins', async () => {
    const page = await list([{ runs: [run(9), run(7)], reached: 7 }], 2);
    expect([page.runs.length, page.next]).toEqual([2, 7]);
  });

  it('answers with what it has when it takes long, having given way between its steps', async () => {
    const clock = slowClock();
    const empty = Array.from({ length: 20 }, (_, at): RunSlice => ({ runs: [], reached: 1_000 - at }));
    const page = await list(empty, 50, clock);
    expect(page).toEqual({ runs: [], next: 997 });
    expect(clock.turns).toBe(3);
  });

  it('never leads back to where it began', async () => {
    const still: RunSlice = { runs: [], reached: Number.MAX_SAFE_INTEGER };
    const page = await list([still, still, still, still, still, { runs: [], reached: 40 }]);
    expect(page).toEqual({ runs: [], next: 40 });
  });

  it('of nothing is empty', async () => {
    expect(await list([])).toEqual({ runs: [], next: null });
  });
});
