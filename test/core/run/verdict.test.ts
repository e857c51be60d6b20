import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HostCounts } from '#contract/run';
import { countOf } from '#contract/share';
import { type EarlyEnd, verdictOf, verdictReason } from '#core/run/verdict';
import { optionsWith } from '../../support/fakes/engine-rig.ts';

const none: HostCounts = {
  total: 0,
  pending: 0,
  running: 0,
  success: 0,
  failed: 0,
  timeout: 0,
  cancelled: 0,
  skipped: 0,
  unreachable: 0,
};

const countsWith = (some: Partial<HostCounts>): HostCounts => {
  const counts = { ...none, ...some };
  const { success, failed, timeout, cancelled, skipped } = counts;
  return { ...counts, total: success + failed + timeout + cancelled + skipped };
};

const strict = optionsWith({});
const of = (some: Partial<HostCounts>, early: EarlyEnd = 'none', options = strict) =>
  verdictOf(countsWith(some), options, early);

describe('the verdict over the targets of a run', () => {
  it('is success when every target succeeded', () => {
    expect(of({ success: 3 })).toEqual({ status: 'success', phase: 'ok' });
  });

  it('is failed as soon as one failed, timed-out ones beside it or not', () => {
    expect(of({ success: 9, failed: 1 })).toEqual({ status: 'failed', phase: 'task_failed' });
    expect(of({ success: 7, failed: 1, timeout: 2 })).toEqual({ status: 'failed', phase: 'task_failed' });
  });

  it('is timeout when some timed out and none failed', () => {
    expect(of({ success: 49, timeout: 1 })).toEqual({ status: 'timeout', phase: 'task_limit' });
  });

  it('tolerates up to a count of failed and timed-out targets, and not one more', () => {
    const options = optionsWith({ tolerate: '2' });
    expect(of({ success: 8, failed: 1, timeout: 1 }, 'none', options)).toEqual({
      status: 'success',
      phase: 'tolerated',
    });
    expect(of({ success: 7, failed: 2, timeout: 1 }, 'none', options)).toEqual({
      status: 'failed',
      phase: 'task_failed',
    });
  });

  it('tolerates a share of all targets', () => {
    const options = optionsWith({ tolerate: '10%' });
    expect(of({ success: 45, failed: 5 }, 'none', options).status).toBe('success');
    expect(of({ success: 44, failed: 6 }, 'none', options).status).toBe('failed');
  });

  it('is failed when it stopped after too many failures, tolerated ones or not', () => {
    const options = optionsWith({ tolerate: '50%' });
    expect(of({ success: 1, failed: 1, skipped: 8 }, 'too-many-failures', options)).toEqual({
      status: 'failed',
      phase: 'stopped_early',
    });
  });

  it('is timeout when the limit of the run ended or kept back a target', () => {
    const limited = { status: 'timeout', phase: 'run_limit' };
    expect(of({ success: 1, timeout: 1 }, 'deadline')).toEqual(limited);
    expect(of({ success: 1, skipped: 1 }, 'deadline')).toEqual(limited);
  });

  it('is that of the targets when the limit of the run came as the last of them ended by itself', () => {
    expect(of({ success: 2 }, 'deadline')).toEqual({ status: 'success', phase: 'ok' });
    expect(of({ success: 1, failed: 1 }, 'deadline')).toEqual({ status: 'failed', phase: 'task_failed' });
  });

  it('is failed when a target was not started though nothing kept it back', () => {
    expect(of({ success: 2, skipped: 1 })).toEqual({ status: 'failed', phase: 'task_failed' });
  });

  it('is never success by guess when the work was lost', () => {
    expect(of({ success: 5 }, 'lost')).toEqual({ status: 'failed', phase: 'lost' });
  });

  it('is success exactly when no more targets went wrong than are tolerated', () => {
    const few = fc.nat({ max: 40 });
    const spec = fc.oneof(
      few.map(String),
      fc.nat({ max: 100 }).map((share) => `${share}%`),
    );
    fc.assert(
      fc.property(fc.tuple(few, few, few), spec, ([success, failed, timeout], tolerate) => {
        const { total } = countsWith({ success, failed, timeout });
        const verdict = of({ success, failed, timeout }, 'none', optionsWith({ tolerate }));
        expect(verdict.status === 'success').toBe(failed + timeout <= countOf(tolerate, total));
      }),
    );
  });
});

describe('the reason of a verdict', () => {
  it('is empty when there is nothing to say', () => {
    expect(verdictReason(countsWith({ success: 3 }), { status: 'success', phase: 'ok' })).toBe('');
  });

  it('counts what went wrong', () => {
    const counts = countsWith({ success: 4, failed: 2, timeout: 1, skipped: 3 });
    expect(verdictReason(counts, { status: 'failed', phase: 'stopped_early' })).toBe(
      'Stopped after too many failures: 2 failed, 1 timed out, 3 not started of 10 targets',
    );
    expect(verdictReason(countsWith({ failed: 1 }), { status: 'failed', phase: 'task_failed' })).toBe(
      '1 failed of 1 target',
    );
    expect(verdictReason(countsWith({ success: 9, failed: 1 }), { status: 'success', phase: 'tolerated' })).toBe(
      'Tolerated: 1 failed of 10 targets',
    );
  });
});
