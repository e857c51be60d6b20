import { describe, expect, it } from 'vitest';
import { LiveRuns } from '../../src-renderer/client/live-runs.ts';
import { runOf } from './sample-runs.ts';

describe('live runs', () => {
  it('are those that have not ended, the newest first', () => {
    const runs = new LiveRuns();
    runs.takeAll([runOf({ no: 1 }), runOf({ no: 3, status: 'pending' }), runOf({ no: 2, status: 'failed' })]);
    expect(runs.live.map((run) => run.no)).toEqual([3, 1]);
  });

  it('leave when they have ended', () => {
    const runs = new LiveRuns();
    runs.takeAll([runOf({ no: 1, rev: 1 })]);
    runs.take({ kind: 'run', run: runOf({ no: 1, rev: 2, status: 'success' }) });
    expect(runs.live).toEqual([]);
  });

  it('are not brought back by an older row that comes late', () => {
    const runs = new LiveRuns();
    runs.take({ kind: 'run', run: runOf({ no: 1, rev: 5, status: 'success' }) });
    runs.takeAll([runOf({ no: 1, rev: 4, status: 'running' })]);
    expect(runs.live).toEqual([]);
    expect(runs.byNumber(1)?.status).toBe('success');
  });

  it('tell each change once', () => {
    const runs = new LiveRuns();
    const seen: number[] = [];
    const leave = runs.watch((change) => change.kind === 'run' && seen.push(change.run.rev));
    runs.take({ kind: 'run', run: runOf({ rev: 1 }) });
    runs.take({ kind: 'run', run: runOf({ rev: 1 }) });
    runs.take({ kind: 'run', run: runOf({ rev: 2 }) });
    leave();
    runs.take({ kind: 'run', run: runOf({ rev: 3 }) });
    expect(seen).toEqual([1, 2]);
  });

  it('keep the same array while nothing changes, so that nothing is drawn anew', () => {
    const runs = new LiveRuns();
    runs.takeAll([runOf({ no: 1 })]);
    const before = runs.live;
    runs.takeAll([runOf({ no: 1 })]);
    expect(runs.live).toBe(before);
  });

  it('forget ended runs after the newest 500', () => {
    const runs = new LiveRuns();
    runs.takeAll(Array.from({ length: 600 }, (_, index) => runOf({ no: index + 1, status: 'success' })));
    expect(runs.byNumber(1)).toBeUndefined();
    expect(runs.byNumber(600)).toBeDefined();
  });
});
