import type { RerunChoice, Run, RunStatus } from '#contract/run';

export type RunAction = 'cancel' | 'kill' | 'rerun';

const statusesFor: Record<RunAction, ReadonlySet<RunStatus>> = {
  cancel: new Set<RunStatus>(['pending', 'running']),
  kill: new Set<RunStatus>(['running', 'cancelling']),
  rerun: new Set<RunStatus>(['success', 'failed', 'timeout', 'cancelled']),
};

/** Whether an action is offered: exactly where the engine would not refuse it. */
export const allows = (run: Pick<Run, 'status'>, action: RunAction): boolean => statusesFor[action].has(run.status);

/** Whether something waits that could be kept from starting while the rest goes on. */
export const mayHalt = ({ status, phase, counts }: Pick<Run, 'status' | 'phase' | 'counts'>): boolean =>
  status === 'running' && phase !== 'finishing' && counts.pending > 0;

export type RerunOffer = { readonly hosts: Exclude<RerunChoice, number[]>; readonly count: number };

/** The choices of targets that say something: parts only where there are any, and no part that is the same as another. */
export function rerunOffers({ counts }: Pick<Run, 'counts'>): readonly RerunOffer[] {
  const offers: RerunOffer[] = [
    { hosts: 'all', count: counts.total },
    { hosts: 'failed', count: counts.failed + counts.timeout },
    { hosts: 'timeout', count: counts.timeout },
    { hosts: 'unreachable', count: counts.unreachable },
    { hosts: 'not-started', count: counts.skipped },
  ];
  const wrong = counts.failed + counts.timeout;
  const isPart = (hosts: RerunOffer['hosts'], count: number): boolean =>
    (hosts !== 'timeout' && hosts !== 'unreachable') || count < wrong;
  return offers.filter(
    ({ hosts, count }) => hosts === 'all' || (count > 0 && counts.total > 1 && isPart(hosts, count)),
  );
}
