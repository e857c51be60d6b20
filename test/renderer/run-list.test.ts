import { describe, expect, it, vi } from 'vitest';
import { DroverClient } from '#contract/client';
import { runStatuses, runSources, RunQuery } from '#contract/run';
import {
  addPage,
  mergeRun,
  type RunListState,
  showWaiting,
  updateRun,
} from '../../src-renderer/features/runs/merge-runs.ts';
import {
  belongs,
  isDefaultFilter,
  queryOf,
  readRunFilter,
  sources,
  statuses,
} from '../../src-renderer/features/runs/run-filter.ts';
import { RunListing } from '../../src-renderer/features/runs/run-listing.ts';
import { FakeWire, Refused, settle } from './fake-wire.ts';
import { runOf, sampleNow } from './sample-runs.ts';

describe('the filter of runs', () => {
  it('offers exactly the statuses and sources of the contract', () => {
    expect(statuses).toEqual(runStatuses);
    expect(sources).toEqual(runSources);
  });

  it.each([[{ status: 'failed,timeout', source: 'api', text: 'df', window: '24h' }], [{ window: 'all' }], [{}]])(
    'stands in the address as it is: %j',
    (filter) => {
      expect(readRunFilter(filter)).toEqual(filter);
    },
  );

  it('leaves out what nobody knows and what is the default', () => {
    const read = readRunFilter({ status: 'failed,nonsense', source: 7, text: 12, window: '7d', other: 'x' });
    expect(read).toEqual({ status: 'failed', text: '12' });
    expect(isDefaultFilter({})).toBe(true);
    expect(isDefaultFilter(read)).toBe(false);
  });

  it('asks for the last seven days unless told otherwise', () => {
    expect(queryOf({}, sampleNow)).toEqual({ since: sampleNow - 7 * 86_400_000, limit: 100 });
    expect(queryOf({ window: 'all' }, sampleNow)).toEqual({ limit: 100 });
  });

  it('makes a question that the engine accepts', () => {
    const query = queryOf({ status: 'pending,running', source: 'manual', text: ' #12 ', window: '1h' }, sampleNow);
    expect(RunQuery.parse(query)).toMatchObject({
      status: ['pending', 'running'],
      source: ['manual'],
      text: '#12',
      since: sampleNow - 3_600_000,
    });
  });

  it('knows whether a changed run belongs', () => {
    expect(belongs(runOf(), {}, sampleNow)).toBe(true);
    expect(belongs(runOf({ status: 'failed' }), { status: 'running' }, sampleNow)).toBe(false);
    expect(belongs(runOf({ createdAt: sampleNow - 7_200_000 }), { window: '1h' }, sampleNow)).toBe(false);
    expect(belongs(runOf({ source: 'api' }), { source: 'manual' }, sampleNow)).toBe(false);
  });
});

describe('merging runs', () => {
  const state = (rows: number[], waiting: number[] = []): RunListState => ({
    rows: rows.map((no) => runOf({ no })),
    waiting: waiting.map((no) => runOf({ no })),
    faded: new Set(),
  });
  const numbers = ({ rows, waiting }: RunListState) => [rows.map((run) => run.no), waiting.map((run) => run.no)];

  it('changes a row in its place', () => {
    const next = mergeRun(state([3, 2, 1]), runOf({ no: 2, rev: 9, status: 'failed' }), { belongs: true, hold: false });
    expect(next.rows.map((run) => run.status)).toEqual(['running', 'failed', 'running']);
  });

  it('does not let an older row overwrite a newer one', () => {
    const next = mergeRun(state([1]), runOf({ no: 1, rev: 0, status: 'pending' }), { belongs: true, hold: false });
    expect(next.rows[0]?.status).toBe('running');
  });

  it('puts a new run on top, or lets it wait while the reader is elsewhere', () => {
    expect(numbers(mergeRun(state([2, 1]), runOf({ no: 3 }), { belongs: true, hold: false }))).toEqual([[3, 2, 1], []]);
    expect(numbers(mergeRun(state([2, 1]), runOf({ no: 3 }), { belongs: true, hold: true }))).toEqual([[2, 1], [3]]);
  });

  it('leaves a row in its place that belongs no more, and takes it out when the reader asks', () => {
    const next = mergeRun(state([3, 2, 1], [4]), runOf({ no: 2, rev: 9 }), { belongs: false, hold: false });
    expect(numbers(next)).toEqual([[3, 2, 1], [4]]);
    expect([...next.faded]).toEqual([2]);
    expect(numbers(showWaiting(next))).toEqual([[4, 3, 1], []]);
    expect([...mergeRun(next, runOf({ no: 2, rev: 10 }), { belongs: true, hold: false }).faded]).toEqual([]);
  });

  it('drops a waiting run that belongs no more, and takes no notice of one that never did', () => {
    expect(numbers(mergeRun(state([2, 1], [3]), runOf({ no: 3 }), { belongs: false, hold: false }))).toEqual([
      [2, 1],
      [],
    ]);
    expect(numbers(mergeRun(state([2, 1]), runOf({ no: 5 }), { belongs: false, hold: false }))).toEqual([[2, 1], []]);
  });

  it('brings a row up to date before it is known whether it fits', () => {
    const next = updateRun(state([2, 1]), runOf({ no: 2, rev: 9, status: 'success' }));
    expect(next.rows.map(({ status }) => status)).toEqual(['success', 'running']);
    expect(numbers(updateRun(state([2, 1]), runOf({ no: 3 })))).toEqual([[2, 1], []]);
  });

  it('leaves runs to their page when that was not asked for yet', () => {
    expect(numbers(mergeRun(state([9, 8]), runOf({ no: 2 }), { belongs: true, hold: false }))).toEqual([[9, 8], []]);
  });

  it('shows what waited, and adds pages without doubles', () => {
    expect(numbers(showWaiting(state([2], [4, 3])))).toEqual([[4, 3, 2], []]);
    expect(numbers(addPage(state([5, 4]), [runOf({ no: 4 }), runOf({ no: 3 })]))).toEqual([[5, 4, 3], []]);
  });
});

describe('the listing', () => {
  function listing(filter = {}) {
    const wire = new FakeWire();
    const made = new RunListing(filter, { client: new DroverClient(wire), now: () => sampleNow, onListed: () => {} });
    return { wire, made, rows: () => made.state.rows.map((run) => run.no) };
  }

  it('goes from page to page', async () => {
    const { wire, made, rows } = listing();
    wire.answers = {
      'run.list': ({ before }: { before?: number }) =>
        before === undefined
          ? { runs: [runOf({ no: 9 }), runOf({ no: 8 })], next: 8 }
          : { runs: [runOf({ no: 7 })], next: null },
    };
    made.load();
    await settle();
    made.loadMore();
    made.loadMore();
    await settle();
    expect(rows()).toEqual([9, 8, 7]);
    expect(wire.sent.map(({ input }) => (input as { before?: number }).before)).toEqual([undefined, 8]);
    expect(made.state.next).toBeNull();
  });

  it('says what went wrong and recovers', async () => {
    const { wire, made, rows } = listing();
    wire.answers = { 'run.list': () => new Refused('internal') };
    made.load();
    await settle();
    expect(made.state.error?.code).toBe('internal');
    wire.answers = { 'run.list': () => ({ runs: [runOf({ no: 1 })], next: null }) };
    made.load();
    await settle();
    expect([made.state.error, rows()]).toEqual([null, [1]]);
  });

  it('shows what changed, and what began, while the first page was on its way', async () => {
    const { wire, made } = listing();
    wire.answers = {
      'run.list': () => {
        made.take(runOf({ no: 1, rev: 5, status: 'success' }), false);
        made.take(runOf({ no: 2, rev: 6 }), false);
        return { runs: [runOf({ no: 1, rev: 4 })], next: null };
      },
    };
    made.load();
    await settle();
    expect(made.state.rows.map(({ no, status }) => [no, status])).toEqual([
      [2, 'running'],
      [1, 'success'],
    ]);
  });

  it('lets a row fade that came as it was before it changed', async () => {
    const { wire, made } = listing({ status: 'running' });
    wire.answers = {
      'run.list': () => {
        made.take(runOf({ no: 1, rev: 5, status: 'success' }), false);
        return { runs: [runOf({ no: 1, rev: 4 })], next: null };
      },
    };
    made.load();
    await settle();
    expect([made.state.rows.map(({ status }) => status), [...made.state.faded]]).toEqual([['success'], [1]]);
  });

  it('does not take a change that a page already shows for another one', async () => {
    const { wire, made } = listing({ status: 'running' });
    wire.answers = {
      'run.list': () => {
        made.take(runOf({ no: 1, rev: 3, status: 'pending' }), false);
        return { runs: [runOf({ no: 1, rev: 4 })], next: null };
      },
    };
    made.load();
    await settle();
    expect([made.state.rows.map(({ status }) => status), [...made.state.faded]]).toEqual([['running'], []]);
  });

  it('takes no notice of an answer that comes after it was left', async () => {
    const { wire, made, rows } = listing();
    wire.answers = { 'run.list': () => ({ runs: [runOf({ no: 1 })], next: null }) };
    made.load();
    made.stop();
    await settle();
    expect(rows()).toEqual([]);
  });

  it('goes on by itself while a search finds little, and can be stopped', async () => {
    const { wire, made, rows } = listing({ text: 'rare' });
    wire.answers = {
      'run.list': ({ before = 1_000 }: { before?: number }) => ({
        runs: before === 900 ? [runOf({ no: 850 })] : [],
        next: before > 700 ? before - 100 : null,
      }),
    };
    made.load();
    await settle();
    expect([rows(), made.state.phase, made.state.next]).toEqual([[850], 'ready', null]);
    expect(wire.sent.map(({ input }) => (input as { before?: number }).before)).toEqual([undefined, 900, 800, 700]);
    made.load();
    made.stopLooking();
    await settle();
    expect([rows(), made.state.phase]).toEqual([[850], 'ready']);
  });

  describe('with a search', () => {
    const fitting = (...fits: number[]) => ({
      'run.list': ({ numbers }: { numbers?: number[] }) => ({
        runs: fits.filter((no) => numbers?.includes(no) ?? no < 3).map((no) => runOf({ no })),
        next: null,
      }),
    });

    it('asks the engine which of the changed runs fit, however fast they change', async () => {
      vi.useFakeTimers();
      try {
        const { wire, made, rows } = listing({ text: 'df' });
        wire.answers = fitting(1);
        made.load();
        await settle();
        wire.answers = fitting(1, 4);
        for (let change = 0; change < 10; change += 1) {
          made.take(runOf({ no: 3 + (change % 2), rev: change }), false);
          await vi.advanceTimersByTimeAsync(100);
        }
        await settle();
        expect(rows()).toEqual([4, 1]);
        expect(wire.sent.length).toBeLessThanOrEqual(4);
        expect(wire.sent[1]?.input).toMatchObject({ text: 'df', numbers: [4, 3] });
      } finally {
        vi.useRealTimers();
      }
    });

    it('judges a run once more that changed while it was judged', async () => {
      vi.useFakeTimers();
      try {
        const { wire, made } = listing({ text: 'status:running' });
        wire.answers = fitting(2, 1);
        made.load();
        await settle();
        made.take(runOf({ no: 2, rev: 8 }), false);
        wire.answers = {
          'run.list': () => {
            made.take(runOf({ no: 2, rev: 9, status: 'success' }), false);
            wire.answers = fitting(1);
            return { runs: [runOf({ no: 2, rev: 8 })], next: null };
          },
        };
        await vi.advanceTimersByTimeAsync(1_000);
        await settle();
        expect([...made.state.faded]).toEqual([2]);
      } finally {
        vi.useRealTimers();
      }
    });

    it('lets a row fade that changed so that it fits no more', async () => {
      vi.useFakeTimers();
      try {
        const { wire, made, rows } = listing({ text: 'status:running' });
        wire.answers = fitting(2, 1);
        made.load();
        await settle();
        wire.answers = fitting(1);
        made.take(runOf({ no: 2, rev: 9, status: 'success' }), false);
        expect(made.state.rows[0]?.status).toBe('success');
        await vi.advanceTimersByTimeAsync(500);
        await settle();
        expect([rows(), [...made.state.faded]]).toEqual([[2, 1], [2]]);
        made.showWaiting();
        expect(rows()).toEqual([1]);
      } finally {
        vi.useRealTimers();
      }
    });
  });
});
