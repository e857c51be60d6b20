import { batchSizes } from '#contract/share';
import type { HostRow, HostStatus, Run } from '#contract/run';
import { shownStatus } from './shown-status.ts';

/** Beyond this many targets a cell each would say nothing: they are folded by state. */
export const mostCells = 1_000;

/** What went wrong stands before what is well, what moves before what waits. */
export const stateOrder: readonly HostStatus[] = [
  'failed',
  'timeout',
  'cancelled',
  'cancelling',
  'running',
  'pending',
  'skipped',
  'success',
];

export type StateCount = { readonly status: HostStatus; readonly count: number };

/** How many targets stand at which state, only states that are there. */
export function stateCounts({ counts, status }: Pick<Run, 'counts' | 'status'>): readonly StateCount[] {
  const found = new Map<HostStatus, number>();
  for (const state of ['pending', 'running', 'success', 'failed', 'timeout', 'cancelled', 'skipped'] as const) {
    const shown = shownStatus(state, { status });
    found.set(shown, (found.get(shown) ?? 0) + counts[state]);
  }
  return stateOrder.flatMap((state) => {
    const count = found.get(state) ?? 0;
    return count > 0 ? [{ status: state, count }] : [];
  });
}

export const doneOf = ({ total, pending, running }: Run['counts']): number => total - pending - running;

export type Batch = {
  /** From 1. */
  readonly no: number;
  /** Places in the plan: the first one, and the one behind the last. */
  readonly from: number;
  readonly to: number;
};

/** The batches a run is rolled out in; one of all targets when it is not. */
export function batchesOf(total: number, specs: readonly string[] | undefined): readonly Batch[] {
  let from = 0;
  return batchSizes(total, specs).map((size, index) => {
    const batch = { no: index + 1, from, to: from + size };
    from = batch.to;
    return batch;
  });
}

const ended = ({ status }: Pick<HostRow, 'status'>): boolean =>
  status !== 'pending' && status !== 'running' && status !== 'cancelling';

export type BatchProgress = Batch & { readonly done: number; readonly wrong: number };

/** How far each batch is; targets that have not been read yet count as not done. */
export function batchProgress(batches: readonly Batch[], hosts: readonly HostRow[]): readonly BatchProgress[] {
  return batches.map((batch) => {
    const rows = hosts.slice(batch.from, batch.to);
    return {
      ...batch,
      done: rows.filter(ended).length,
      wrong: rows.filter(({ status }) => status === 'failed' || status === 'timeout').length,
    };
  });
}

export type Pace = {
  /** Targets done in a second. */
  readonly perSecond: number;
  /** Null while too little is done to tell. */
  readonly leftMs: number | null;
};

const leastDone = 3;
const leastMs = 2_000;

/** How fast a live run gets on, and about how long what is left will take at that pace; null before it can be told. */
export function paceOf({ counts, startedAt }: Pick<Run, 'counts' | 'startedAt'>, now: number): Pace | null {
  const done = doneOf(counts) - counts.skipped;
  const ms = startedAt === null ? 0 : now - startedAt;
  if (done < 1 || ms < leastMs) {
    return null;
  }
  const perSecond = (done / ms) * 1_000;
  const left = counts.pending + counts.running;
  return { perSecond, leftMs: done < leastDone ? null : (left / perSecond) * 1_000 };
}
