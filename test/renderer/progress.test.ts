import { describe, expect, it } from 'vitest';
import { batchesOf, batchProgress, doneOf, paceOf, stateCounts } from '../../src-renderer/features/run/progress.ts';
import { filterTargets, reasonsIn, statesIn } from '../../src-renderer/features/run/target-filter.ts';
import { readRunAddress } from '../../src-renderer/features/run/run-address.ts';
import { hostOf } from './sample-hosts.ts';
import { countsOf, runOf, sampleNow } from './sample-runs.ts';

describe('the progress of a run', () => {
  it('folds targets by state, what went wrong first, and no state that is empty', () => {
    const counts = countsOf({ total: 5_000, success: 4_000, failed: 3, running: 64, pending: 933 });
    expect(stateCounts({ counts, status: 'running' })).toEqual([
      { status: 'failed', count: 3 },
      { status: 'running', count: 64 },
      { status: 'pending', count: 933 },
      { status: 'success', count: 4_000 },
    ]);
    expect(stateCounts({ counts: countsOf({ running: 2 }), status: 'cancelling' })).toEqual([
      { status: 'cancelling', count: 2 },
    ]);
  });

  it('knows the batches and how far each of them is, also of targets not read yet', () => {
    const batches = batchesOf(10, ['1', '50%']);
    expect(batches).toEqual([
      { no: 1, from: 0, to: 1 },
      { no: 2, from: 1, to: 6 },
      { no: 3, from: 6, to: 10 },
    ]);
    const hosts = [
      hostOf(0, { status: 'success' }),
      hostOf(1, { status: 'failed' }),
      hostOf(2, { status: 'running' }),
      hostOf(3, { status: 'timeout' }),
    ];
    expect(batchProgress(batches, hosts).map(({ done, wrong }) => [done, wrong])).toEqual([
      [1, 0],
      [2, 2],
      [0, 0],
    ]);
    expect(batchesOf(3, undefined)).toEqual([{ no: 1, from: 0, to: 3 }]);
  });

  it('tells pace and rest only when something can be told', () => {
    const startedAt = sampleNow - 10_000;
    const counts = countsOf({ total: 100, success: 20, running: 10, pending: 70 });
    expect(doneOf(counts)).toBe(20);
    expect(paceOf(runOf({ counts, startedAt }), sampleNow)).toEqual({ perSecond: 2, leftMs: 40_000 });
    expect(paceOf(runOf({ counts, startedAt: sampleNow - 500 }), sampleNow)).toBeNull();
    expect(paceOf(runOf({ counts, startedAt: null }), sampleNow)).toBeNull();
    expect(paceOf(runOf({ counts: countsOf({ total: 5, success: 1, running: 4 }), startedAt }), sampleNow)).toEqual({
      perSecond: 0.1,
      leftMs: null,
    });
    // Targets that are never started do not make a run fast.
    expect(paceOf(runOf({ counts: countsOf({ total: 5, skipped: 4, running: 1 }), startedAt }), sampleNow)).toBeNull();
  });
});

describe('the list of targets', () => {
  const hosts = [
    hostOf(0, { name: 'local', address: 'This machine', status: 'success' }),
    hostOf(1, { name: 'Web1', status: 'failed', reason: 'unreachable', message: 'No route to host' }),
    hostOf(2, { name: 'web2', status: 'failed', reason: 'unreachable' }),
    hostOf(3, { name: 'db1', status: 'running' }),
    hostOf(4, { name: 'db2', status: 'failed', reason: 'exit-code' }),
  ];
  const run = { status: 'running' } as const;
  const none = { text: '', state: undefined, reason: undefined };
  const found = (
    filter: Partial<Parameters<typeof filterTargets>[2]>,
    status: { status: 'running' | 'cancelling' } = run,
  ) => filterTargets(hosts, status, { ...none, ...filter }).map(({ host }) => host);

  it('is narrowed by words, state and reason together', () => {
    expect(found({})).toEqual([0, 1, 2, 3, 4]);
    expect(found({ text: ' WEB ' })).toEqual([1, 2]);
    expect(found({ text: 'route' })).toEqual([1]);
    expect(found({ text: '10.0.0.4' })).toEqual([4]);
    expect(found({ state: 'failed', reason: 'unreachable', text: 'web2' })).toEqual([2]);
    expect(found({ state: 'running' }, { status: 'cancelling' })).toEqual([]);
    expect(found({ state: 'cancelling' }, { status: 'cancelling' })).toEqual([3]);
  });

  it('counts its states, what went wrong first, and its reasons, the most frequent first', () => {
    expect(statesIn(hosts, run)).toEqual([
      { value: 'failed', count: 3 },
      { value: 'running', count: 1 },
      { value: 'success', count: 1 },
    ]);
    expect(reasonsIn(hosts)).toEqual([
      { value: 'unreachable', count: 2 },
      { value: 'exit-code', count: 1 },
    ]);
  });
});

describe('the address of a run', () => {
  it('holds tab, target, state and reason, and nothing that it does not understand', () => {
    expect(readRunAddress({ tab: 'targets', host: 4, state: 'failed', reason: 'unreachable' })).toEqual({
      tab: 'targets',
      host: 4,
      state: 'failed',
      reason: 'unreachable',
    });
    expect(readRunAddress({ tab: 'output', host: -1, state: 'bad', reason: 7, more: 1 })).toEqual({});
    expect(readRunAddress({ tab: '<b>', host: '4' })).toEqual({});
  });
});
