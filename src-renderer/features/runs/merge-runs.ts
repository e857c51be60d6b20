import type { Run } from '#contract/run';

export type RunListState = {
  /** Rows shown, the newest first. */
  readonly rows: readonly Run[];
  /** New runs that wait until the reader asks for them, so that nothing moves under the eyes. */
  readonly waiting: readonly Run[];
};

const byNumber = (a: Run, b: Run): number => b.no - a.no;

function replaced(rows: readonly Run[], run: Run): readonly Run[] {
  return rows.map((row) => (row.no === run.no && run.rev > row.rev ? run : row));
}

/** A run has changed: its row changes in place, leaves when it belongs no more, or joins at the top; `hold` lets it wait. */
export function mergeRun(
  state: RunListState,
  run: Run,
  { belongs, hold }: { belongs: boolean; hold: boolean },
): RunListState {
  const without = (rows: readonly Run[]): readonly Run[] => rows.filter((row) => row.no !== run.no);
  const isShown = state.rows.some((row) => row.no === run.no);
  const isWaiting = state.waiting.some((row) => row.no === run.no);
  if (!belongs) {
    return isShown || isWaiting ? { rows: without(state.rows), waiting: without(state.waiting) } : state;
  }
  if (isShown || isWaiting) {
    return { rows: replaced(state.rows, run), waiting: replaced(state.waiting, run) };
  }
  const lowest = state.rows.at(-1)?.no;
  if (lowest !== undefined && run.no < lowest) {
    // It stands on a page that was not asked for yet.
    return state;
  }
  return hold
    ? { ...state, waiting: [...state.waiting, run].toSorted(byNumber) }
    : { ...state, rows: [run, ...state.rows].toSorted(byNumber) };
}

/** The waiting runs join. */
export function showWaiting(state: RunListState): RunListState {
  return { rows: [...state.waiting, ...state.rows].toSorted(byNumber), waiting: [] };
}

/** The next, older page. */
export function addPage(state: RunListState, page: readonly Run[]): RunListState {
  const known = new Set(state.rows.map((row) => row.no));
  return { ...state, rows: [...state.rows, ...page.filter((run) => !known.has(run.no))].toSorted(byNumber) };
}
