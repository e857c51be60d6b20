import type { HostReason, HostStatus, Run, RunPhase, RunStatus } from '#contract/run';

/** A target that works while its run is being cancelled has been asked to stop as well. */
export const shownStatus = (status: HostStatus, run: Pick<Run, 'status'> | undefined): HostStatus =>
  status === 'running' && run?.status === 'cancelling' ? 'cancelling' : status;

/** Reasons that say no more than the status, the exit code or the sentence beside them. */
export const toldByStatus: ReadonlySet<HostReason> = new Set<HostReason>([
  'exit-code',
  'cancelled',
  'timed-out',
  'not-started',
]);

/** Phases that say no more than the status of the run, or than the words about its cancel beside it. */
export const toldByRunStatus: ReadonlySet<`${RunStatus} ${RunPhase}`> = new Set<`${RunStatus} ${RunPhase}`>([
  'running running',
  'success ok',
  'failed task_failed',
  'cancelled by_user',
]);
