import { z } from 'zod';

/** The seven run statuses (product §5.7); the last four are final. */
export const runStatuses = ['pending', 'running', 'cancelling', 'success', 'failed', 'timeout', 'cancelled'] as const;
const RunStatus = z.enum(runStatuses);
export type RunStatus = z.infer<typeof RunStatus>;

const runPhases = [
  'queued', 'waiting_slot', 'waiting_approval', 'dispatching', 'running', 'paused', 'requested', 'sent', 'forcing',
  'ok', 'tolerated', 'task_failed', 'stopped_early', 'refused', 'dispatch_failed', 'lost', 'run_limit', 'task_limit',
  'by_user', 'by_api', 'superseded', 'dependency', 'expired', 'forced', 'rejected',
] as const; // prettier-ignore
const RunPhase = z.enum(runPhases);
export type RunPhase = z.infer<typeof RunPhase>;
