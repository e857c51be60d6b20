import type { Run, RunQuery } from '#contract/run';
import type { Clock } from '../ports.ts';
import type { RunFinder } from '../ports-history.ts';
import { compileRunSearch } from './compile-run-search.ts';

type Parts = { readonly archive: Pick<RunFinder, 'searchRuns'>; readonly clock: Clock };

/** So long one answer may take; a screen shows what there is and asks for more. */
const patienceMs = 120;

/**
 * One page of the runs that fit, newest first. A search that takes long gives way to everything else between its steps
 * and answers with what it has; `next` says where it goes on, and is null when nothing is left. Throws `bad-selector`.
 */
export async function listRuns(
  { archive, clock }: Parts,
  teamId: string,
  query: RunQuery,
): Promise<{ runs: Run[]; next: number | null }> {
  const search = compileRunSearch(query, clock.now());
  const began = clock.monotonic();
  const runs: Run[] = [];
  for (const slice of archive.searchRuns(teamId, search)) {
    runs.push(...slice.runs);
    const { reached } = slice;
    if (reached === null || runs.length >= query.limit) {
      return { runs, next: reached };
    }
    // A page that led nowhere would be asked for again and again.
    if (reached < search.before && clock.monotonic() - began >= patienceMs) {
      return { runs, next: reached };
    }
    await turn(clock);
  }
  return { runs, next: null };
}

/** Lets everything else that waits have its turn. */
const turn = (clock: Clock): Promise<void> =>
  new Promise((resolve) => {
    clock.after(0, resolve);
  });
