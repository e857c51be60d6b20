import type { HostCounts, RunOptions } from '#contract/run';
import type { Verdict } from './run-state.ts';
import { countOf } from '#contract/share';

/** What ended the work before every target was through. */
export type EarlyEnd = 'none' | 'too-many-failures' | 'deadline' | 'lost';

/**
 * The outcome of a run over the outcomes of its targets: any failure is failed, else any timeout is timeout, else
 * success. Timed-out targets count as failed for the thresholds; up to the tolerated number leave the run a success.
 */
export function verdictOf(counts: HostCounts, options: RunOptions, early: EarlyEnd): Verdict {
  if (early === 'lost') {
    return { status: 'failed', phase: 'lost' };
  }
  // A limit that found every target through has ended nothing.
  if (early === 'deadline' && counts.timeout + counts.cancelled + counts.skipped > 0) {
    return { status: 'timeout', phase: 'run_limit' };
  }
  if (early === 'too-many-failures') {
    return { status: 'failed', phase: 'stopped_early' };
  }
  if (counts.skipped > 0) {
    // Nothing kept it back and still it was not started: the archive did not take its start.
    return { status: 'failed', phase: 'task_failed' };
  }
  const bad = counts.failed + counts.timeout;
  if (bad === 0) {
    return { status: 'success', phase: 'ok' };
  }
  if (bad <= countOf(options.tolerate, counts.total)) {
    return { status: 'success', phase: 'tolerated' };
  }
  return counts.failed > 0 ? { status: 'failed', phase: 'task_failed' } : { status: 'timeout', phase: 'task_limit' };
}

/** The same in a sentence, with the counts; empty for a plain success. */
export function verdictReason(counts: HostCounts, verdict: Verdict): string {
  const list = countsInWords(counts);
  const lead: Partial<Record<Verdict['phase'], string>> = {
    tolerated: 'Tolerated: ',
    stopped_early: 'Stopped after too many failures: ',
    run_limit: 'The run reached its time limit: ',
    lost: 'The node was restarted while this ran: ',
  };
  return list === '' ? '' : `${lead[verdict.phase] ?? ''}${list}`;
}

/** How a run ended that was told to begin nothing more. */
export const haltReason = (counts: HostCounts): string => `Nothing more was begun: ${countsInWords(counts)}`;

/** `2 failed, 7 not started of 10 targets`; empty when all went well. */
function countsInWords(counts: HostCounts): string {
  const parts = [
    [counts.failed, 'failed'],
    [counts.timeout, 'timed out'],
    [counts.cancelled, 'cancelled'],
    [counts.skipped, 'not started'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return said.length === 0 ? '' : `${said.join(', ')} of ${counts.total} ${counts.total === 1 ? 'target' : 'targets'}`;
}
