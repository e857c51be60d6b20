import type { Ailment } from '#core/ports-operating';

type State = {
  readonly isStopping: boolean;
  readonly isWritable: boolean;
  readonly freeShare: number;
  readonly minFreeShare: number;
};

/** What ails a node, the worst first; null when it takes work. */
export function ailmentOf({ isStopping, isWritable, freeShare, minFreeShare }: State): Ailment | null {
  if (!isWritable) {
    return 'archive-read-only';
  }
  if (freeShare < minFreeShare) {
    return 'no-space';
  }
  return isStopping ? 'engine-stopping' : null;
}
