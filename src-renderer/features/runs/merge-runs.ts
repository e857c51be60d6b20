import type { Run } from '#contract/run';

export type RunListState = {
  /** Rows shown, the newest first. */
  readonly rows: readonly Run[];
  /** New runs that wait until the reader asks for them, so that nothing moves under the eyes. */
  readonly waiting: readonly Run[];
  /** Numbers of rows that fit no more: they stay in their place until the reader asks. */
  readonly faded: ReadonlySet<number>;
};

export const nothingListed: RunListState = { rows: [], waiting: [], faded: new Set() };

const byNumber = (a: Run, b: Run): number => b.no - a.no;

function replaced(rows: readonly Run[], run: Run): readonly Run[] {
  return rows.map((row) => (row.no === run.no && run.rev > row.rev ? run : row));
}

const holds = (rows: readonly Run[], { no }: Run): boolean => rows.some((row) => row.no === no);

/** A run that is shown has changed: its row changes in place, whether it still fits or not. */
export function updateRun(state: RunListState, run: Run): RunListState {
  return holds(state.rows, run) || holds(state.waiting, run)
    ? { ...state, rows: replaced(state.rows, run), waiting: replaced(state.waiting, run) }
    : state;
}

/**
 * A run has changed: its row changes in place and fades when it belongs no more, or it joins at the top; `hold` lets it
 * wait.
 */
export function mergeRun(
  state: RunListState,
  run: Run,
  { belongs, hold }: { belongs: boolean; hold: boolean },
): RunListState {
  if (holds(state.rows, run)) {
    const faded = new Set(state.faded);
    if (belongs) {
      faded.delete(run.no);
    } else {
      faded.add(run.no);
    }
    return { ...state, rows: replaced(state.rows, run), faded };
  }
  if (holds(state.waiting, run)) {
    const waiting = belongs ? replaced(state.waiting, run) : state.waiting.filter(({ no }) => no !== run.no);
    return { ...state, waiting };
  }
  const lowest = state.rows.at(-1)?.no;
  if (!belongs || (lowest !== undefined && run.no < lowest)) {
    // An older one stands on a page that was not asked for yet.
    return state;
  }
  return hold
    ? { ...state, waiting: [...state.waiting, run].toSorted(byNumber) }
    : { ...state, rows: [run, ...state.rows].toSorted(byNumber) };
}

/** The waiting runs join, and rows that fit no more leave. */
export function showWaiting({ rows, waiting, faded }: RunListState): RunListState {
  return {
    ...nothingListed,
    rows: [...waiting, ...rows].filter(({ no }) => !faded.has(no)).toSorted(byNumber),
  };
}

/** The next, older page. */
export function addPage(state: RunListState, page: readonly Run[]): RunListState {
  const known = new Set(state.rows.map((row) => row.no));
  return { ...state, rows: [...state.rows, ...page.filter((run) => !known.has(run.no))].toSorted(byNumber) };
}
