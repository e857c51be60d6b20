import { Run } from '#contract/run';
import type { Store } from './store.ts';

type RunRow = {
  readonly no: number;
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly task_type: string;
  readonly language: string | null;
  readonly summary: string;
  readonly status: string;
  readonly phase: string;
  readonly reason: string;
  readonly source: string;
  readonly executor: string;
  readonly selector: string;
  readonly first_target: string;
  readonly rerun_of_id: string | null;
  readonly rerun_of_no: number | null;
  readonly cancel: string | null;
  readonly created_at: number;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly duration_ms: number | null;
  readonly total: number;
  readonly pending: number;
  readonly running: number;
  readonly success: number;
  readonly failed: number;
  readonly timeout: number;
  readonly cancelled: number;
  readonly skipped: number;
  readonly unreachable: number;
  readonly last_seq: number;
  readonly output_bytes: number;
  readonly omitted_bytes: number;
  readonly purged_at: number | null;
  readonly purge_rule: string | null;
  readonly purge_limit: number | null;
  readonly rev: number;
};

/** Selects whole runs; what follows may speak of `r` (runs) and `p` (run_progress). */
const selectRuns = 'SELECT r.*, p.* FROM runs r JOIN run_progress p ON p.run_no = r.no';

/** The same along the revisions; the join is crossed so that the planner keeps to that way. */
const selectChanged = 'SELECT r.*, p.* FROM run_progress p CROSS JOIN runs r ON r.no = p.run_no';

/** Runs of a team with a greater revision, in its rising order. */
export const changedRuns = (store: Store, since: { teamId: string; rev: number; limit: number }): Run[] =>
  store
    .statement<[object], RunRow>(
      `${selectChanged} WHERE p.rev > @rev AND r.team_id = @teamId ORDER BY p.rev LIMIT @limit`,
    )
    .all(since)
    .map(toRun);

/** The runs that `rest` of the statement selects, in its order. */
export function selectRun<P extends unknown[]>(store: Store, rest: string, ...values: P): Run[] {
  return store
    .statement<P, RunRow>(`${selectRuns} ${rest}`)
    .all(...values)
    .map(toRun);
}

/** Numbers of a run and of its one step. */
export type RunPlace = { readonly runNo: number; readonly stepNo: number };

/** A run never changes its place, and while it is worked on it is asked for with every line. */
const mostPlaces = 1_000;
const places = new WeakMap<Store, Map<string, RunPlace>>();

/** Throws when there is no such run: whoever asks has found it before. */
export function placeOf(store: Store, runId: string): RunPlace {
  const known = places.get(store) ?? new Map<string, RunPlace>();
  places.set(store, known);
  const place = known.get(runId) ?? readPlace(store, runId);
  if (known.size >= mostPlaces) {
    known.clear();
  }
  known.set(runId, place);
  return place;
}

function readPlace(store: Store, runId: string): RunPlace {
  const place = store
    .statement<[string], RunPlace>(
      `SELECT r.no AS runNo, s.no AS stepNo FROM runs r JOIN steps s ON s.run_no = r.no AND s.ordinal = 1 WHERE r.id = ?`,
    )
    .get(runId);
  if (!place) {
    throw new Error(`no run ${runId}`);
  }
  return place;
}

function toRun(row: RunRow): Run {
  return Run.parse({
    id: row.id,
    no: row.no,
    name: row.name,
    kind: row.kind,
    taskType: row.task_type,
    language: row.language,
    summary: row.summary,
    status: row.status,
    phase: row.phase,
    reason: row.reason,
    source: row.source,
    executor: JSON.parse(row.executor),
    selector: row.selector,
    firstTarget: row.first_target,
    counts: {
      total: row.total,
      pending: row.pending,
      running: row.running,
      success: row.success,
      failed: row.failed,
      timeout: row.timeout,
      cancelled: row.cancelled,
      skipped: row.skipped,
      unreachable: row.unreachable,
    },
    rerunOf: row.rerun_of_id === null ? null : { id: row.rerun_of_id, no: row.rerun_of_no },
    cancel: row.cancel === null ? null : JSON.parse(row.cancel),
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    durationMs: row.duration_ms,
    lastSeq: row.last_seq,
    outputBytes: row.output_bytes,
    omittedBytes: row.omitted_bytes,
    purged: row.purged_at === null ? null : { at: row.purged_at, rule: row.purge_rule, limit: row.purge_limit },
    rev: row.rev,
  });
}
