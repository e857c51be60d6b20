import type { Run, RunStatus } from '#contract/run';

export type RunAction = 'cancel' | 'kill' | 'rerun';

const statusesFor: Record<RunAction, ReadonlySet<RunStatus>> = {
  cancel: new Set<RunStatus>(['pending', 'running']),
  kill: new Set<RunStatus>(['running', 'cancelling']),
  rerun: new Set<RunStatus>(['success', 'failed', 'timeout', 'cancelled']),
};

/** Whether an action is offered: exactly where the engine would not refuse it. */
export const allows = (run: Pick<Run, 'status'>, action: RunAction): boolean => statusesFor[action].has(run.status);

export type RerunOffer = { readonly hosts: 'all' | 'failed' | 'not-started'; readonly count: number };

/** The choices of targets that say something: failed ones and those never started only where there are any. */
export function rerunOffers({ counts }: Pick<Run, 'counts'>): readonly RerunOffer[] {
  const offers: RerunOffer[] = [
    { hosts: 'all', count: counts.total },
    { hosts: 'failed', count: counts.failed + counts.timeout },
    { hosts: 'not-started', count: counts.skipped },
  ];
  return offers.filter(({ hosts, count }) => hosts === 'all' || (count > 0 && counts.total > 1));
}
