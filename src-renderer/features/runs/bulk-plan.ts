import type { Run } from '#contract/run';
import { allows, rerunOffers } from '../run/run-actions.ts';

export type BulkKind = 'cancel' | 'all' | 'failed';

/** What a bulk action would do: the runs it can be asked of, those it leaves out, and the targets it starts on. */
export type BulkPlan = {
  readonly kind: BulkKind;
  readonly runs: readonly Run[];
  readonly leftOut: readonly Run[];
  readonly targets: number;
};

function targetsOf(kind: BulkKind, run: Run): number {
  switch (kind) {
    case 'cancel':
      return allows(run, 'cancel') ? run.counts.total : 0;
    case 'all':
      return allows(run, 'rerun') ? run.counts.total : 0;
    case 'failed':
      return allows(run, 'rerun') ? run.counts.failed + run.counts.timeout : 0;
  }
}

export function bulkPlan(kind: BulkKind, ticked: readonly Run[]): BulkPlan {
  const runs = ticked.filter((run) => targetsOf(kind, run) > 0);
  return {
    kind,
    runs,
    leftOut: ticked.filter((run) => !runs.includes(run)),
    targets: runs.reduce((sum, run) => sum + targetsOf(kind, run), 0),
  };
}

/** Numbers as a search takes them. */
export const numbersText = (runs: readonly Pick<Run, 'no'>[]): string => runs.map(({ no }) => `#${no}`).join(',');

/** The choices of targets that a row offers: with one target there is nothing to choose. */
export const rowOffers = (run: Run): ReturnType<typeof rerunOffers> => (allows(run, 'rerun') ? rerunOffers(run) : []);
