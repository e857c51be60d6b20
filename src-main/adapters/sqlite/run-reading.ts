import { z } from 'zod';
import { type RunDetail, RunOptions, Task } from '#contract/run';
import { DroverError } from '#contract/errors';
import type { Archive } from '#core/ports';
import type { LiveCounts } from '#core/ports-operating';
import { getPlan } from './host-reading.ts';
import type { Numbers } from './numbers.ts';
import { changedRuns, selectRun } from './run-rows.ts';
import type { Store } from './store.ts';

type RunReading = Pick<
  Archive,
  'findRun' | 'getDetail' | 'earlierRuns' | 'currentRev' | 'runsSince' | 'unendedRuns' | 'countLive'
> & {
  /** What has not ended, by the status of the run; a status without runs is left out. */
  liveCounts(): LiveCounts[];
};

const live = `status IN ('pending', 'running', 'cancelling')`;

/** Finds runs and tells what they are. */
export function runReading(store: Store, numbers: Numbers): RunReading {
  return {
    findRun: (teamId, key) =>
      store.read('findRun', () => {
        const column = typeof key === 'number' || /^\d+$/.test(key) ? 'no' : 'id';
        const value = column === 'no' ? Number(key) : key;
        return selectRun(store, `WHERE r.${column} = ? AND r.team_id = ?`, value, teamId)[0];
      }),
    getDetail: (runId) => store.read('getDetail', () => getDetail(store, runId)),
    earlierRuns: (teamId, of) => store.read('earlierRuns', () => earlierRuns(store, teamId, of)),
    currentRev: () => store.read('currentRev', () => numbers.currentRev()),
    runsSince: (teamId, rev, limit) => store.read('runsSince', () => changedRuns(store, { teamId, rev, limit })),
    unendedRuns: () =>
      store.read('unendedRuns', () =>
        selectRun(store, `WHERE r.${live} ORDER BY r.no`).map((run) => ({
          run,
          detail: getDetail(store, run.id),
          hosts: getPlan(store, run.id),
        })),
      ),
    countLive: () =>
      store.read(
        'countLive',
        () =>
          store
            .statement<[], { count: number }>(`SELECT count(*) AS count FROM runs INDEXED BY runs_live WHERE ${live}`)
            .get()?.count ?? 0,
      ),
    liveCounts: () =>
      store.read('liveCounts', () =>
        store
          .statement<[], LiveCounts>(
            `SELECT r.status AS status, count(*) AS runs, sum(p.running) AS targetsRunning, sum(p.pending) AS targetsPending
             FROM runs r INDEXED BY runs_live CROSS JOIN run_progress p ON p.run_no = r.no WHERE r.${live} GROUP BY r.status`,
          )
          .all(),
      ),
  };
}

const runsLookedAt = 5_000;
const mostEarlier = 100;

/** The digest stands behind the text in its row, so only rows of runs with the same summary are opened. */
function earlierRuns(
  store: Store,
  teamId: string,
  { before = Number.MAX_SAFE_INTEGER, ...of }: Parameters<Archive['earlierRuns']>[1],
): { runs: number; durationMs: number } | null {
  const rows = store
    .statement<[object], { ms: number }>(
      `SELECT r.duration_ms AS ms
       FROM (SELECT no, summary, status, duration_ms FROM runs WHERE team_id = @teamId AND no < @before
             ORDER BY no DESC LIMIT ${runsLookedAt}) r
       CROSS JOIN run_inputs i ON i.run_no = r.no
       WHERE r.summary = @summary AND r.status IN ('success', 'failed', 'timeout') AND r.duration_ms IS NOT NULL
         AND i.text_sha256 = @textSha256
       LIMIT ${mostEarlier}`,
    )
    .all({ teamId, before, ...of });
  const durations = rows.map(({ ms }) => ms).toSorted((one, other) => one - other);
  const median = durations[Math.floor(durations.length / 2)];
  return median === undefined ? null : { runs: durations.length, durationMs: Math.round(median) };
}

type InputRow = {
  readonly task: string;
  readonly options: string;
  readonly finalText: string;
  readonly textSha256: string;
  readonly planSha256: string;
  readonly leftAlone: string;
};

const LeftAlone = z.array(z.string());

function getDetail(store: Store, runId: string): RunDetail {
  const [run] = selectRun(store, 'WHERE r.id = ?', runId);
  const row =
    run &&
    store
      .statement<[number], InputRow>(
        `SELECT task, options, final_text AS finalText, text_sha256 AS textSha256, plan_sha256 AS planSha256,
                left_alone AS leftAlone
         FROM run_inputs WHERE run_no = ?`,
      )
      .get(run.no);
  if (!run || !row) {
    throw new DroverError('not-found', `No run ${runId}`);
  }
  return {
    ...row,
    run,
    task: Task.parse(JSON.parse(row.task)),
    options: RunOptions.parse(JSON.parse(row.options)),
    leftAlone: LeftAlone.parse(JSON.parse(row.leftAlone)),
  };
}
