import type { Archive } from '#core/ports';
import type { EndedCounts } from '#core/ports-operating';

type Counted = Pick<Archive, 'together' | 'moveRun' | 'finishHost' | 'finishHosts'>;

type Tally<T> = { -readonly [S in keyof T]: number };
type Counts = { readonly runs: Tally<EndedCounts['runs']>; readonly targets: Tally<EndedCounts['targets']> };

const nothing = (): Counts => ({
  runs: { success: 0, failed: 0, timeout: 0, cancelled: 0 },
  targets: { success: 0, failed: 0, timeout: 0, cancelled: 0, skipped: 0 },
});

/**
 * The same archive, which counts what ends from now on. What a transaction writes is counted when it is stored: on a full
 * disk its work is done twice, and after a failure not at all.
 */
export function countedArchive<A extends Counted>(
  archive: A,
): { readonly archive: A; readonly ended: () => EndedCounts } {
  const total = nothing();
  let open: Counts | undefined;
  const counts = (): Counts => open ?? total;
  const together: Archive['together'] = (act) => {
    if (open) {
      return act();
    }
    try {
      const done = archive.together(() => {
        open = nothing();
        return act();
      });
      add(total, open);
      return done;
    } finally {
      open = undefined;
    }
  };
  const own: Counted = {
    together,
    moveRun(...asked) {
      const run = archive.moveRun(...asked);
      if (run) {
        addOne(counts().runs, run.status);
      }
      return run;
    },
    finishHost(runId, host, result) {
      const isStored = archive.finishHost(runId, host, result);
      if (isStored) {
        counts().targets[result.status] += 1;
      }
      return isStored;
    },
    finishHosts(runId, from, result) {
      const count = archive.finishHosts(runId, from, result);
      counts().targets[result.status] += count;
      return count;
    },
  };
  return { archive: { ...archive, ...own }, ended: () => structuredClone(total) };
}

/** Statuses that are not final are not counted. */
function addOne<S extends string>(tally: Tally<Record<S, number>>, status: string): void {
  if (Object.hasOwn(tally, status)) {
    tally[status as S] += 1;
  }
}

function add(total: Counts, more: Counts | undefined): void {
  for (const kind of ['runs', 'targets'] as const) {
    const sums: Record<string, number> = total[kind];
    for (const [status, count] of Object.entries(more?.[kind] ?? {})) {
      sums[status] = (sums[status] ?? 0) + count;
    }
  }
}
