import { describe, expect, it } from 'vitest';
import type { Archive, HostResult } from '#core/ports';
import { ailmentOf } from '#core/operating/ailment-of';
import { countedArchive } from '#core/operating/counted-archive';
import type { Run } from '#contract/run';

type Bare = Pick<Archive, 'together' | 'moveRun' | 'finishHost' | 'finishHosts'>;

const result = (status: HostResult['status']): HostResult => ({
  status,
  reason: null,
  message: '',
  exitCode: 0,
  stopped: null,
  endedAt: 1,
  durationMs: 1,
  out: { omitted: 0, sha256: null },
  err: { omitted: 0, sha256: null },
});

/** Stores nothing; every move is possible and every result is new, unless told otherwise. */
const bare = (changes: Partial<Bare> = {}): Bare => ({
  together: (act) => act(),
  moveRun: (_id, _from, change) => ({ status: change.status }) as Run,
  finishHost: () => true,
  finishHosts: () => 3,
  ...changes,
});

describe('an archive that counts what ends', () => {
  it('counts runs and targets by what they ended with, and nothing that goes on', () => {
    const { archive, ended } = countedArchive(bare());
    archive.moveRun('1', 'pending', { status: 'running', phase: 'running' });
    archive.moveRun('1', 'running', { status: 'failed', phase: 'task_failed' });
    archive.moveRun('2', 'running', { status: 'success', phase: 'ok' });
    archive.finishHost('1', 0, result('failed'));
    archive.finishHosts('1', ['pending'], result('skipped'));
    expect(ended()).toEqual({
      runs: { success: 1, failed: 1, timeout: 0, cancelled: 0 },
      targets: { success: 0, failed: 1, timeout: 0, cancelled: 0, skipped: 3 },
    });
  });

  it('does not count what was final already', () => {
    const { archive, ended } = countedArchive(bare({ moveRun: () => undefined, finishHost: () => false }));
    archive.moveRun('1', 'running', { status: 'failed', phase: 'task_failed' });
    archive.finishHost('1', 0, result('failed'));
    expect(ended().runs.failed).toBe(0);
    expect(ended().targets.failed).toBe(0);
  });

  it('counts work that a full disk had done twice once, and work that was undone not at all', () => {
    const twice = countedArchive(
      bare({
        together: (act) => {
          act();
          return act();
        },
      }),
    );
    twice.archive.together(() => {
      twice.archive.finishHost('1', 0, result('success'));
      twice.archive.together(() => twice.archive.finishHost('1', 1, result('success')));
    });
    expect(twice.ended().targets.success).toBe(2);
    const undone = countedArchive(
      bare({
        together: (act) => {
          act();
          throw new Error('the disk has a fault');
        },
      }),
    );
    expect(() => undone.archive.together(() => undone.archive.finishHost('1', 0, result('success')))).toThrow('fault');
    expect(undone.ended().targets.success).toBe(0);
    undone.archive.finishHost('1', 0, result('success'));
    expect(undone.ended().targets.success).toBe(1);
  });
});

describe('what ails a node', () => {
  const fine = { isStopping: false, isWritable: true, freeShare: 0.5, minFreeShare: 0.05 };

  it.each([
    [{}, null],
    [{ freeShare: 0.05 }, null],
    [{ freeShare: 0.049 }, 'no-space'],
    [{ isStopping: true }, 'engine-stopping'],
    [{ isStopping: true, freeShare: 0 }, 'no-space'],
    [{ isWritable: false, freeShare: 0 }, 'archive-read-only'],
  ] as const)('with %j is %s', (state, ailment) => {
    expect(ailmentOf({ ...fine, ...state })).toBe(ailment);
  });
});
