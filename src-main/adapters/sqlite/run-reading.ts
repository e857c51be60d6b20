import { z } from 'zod';
import { type RunDetail, RunOptions, Task } from '#contract/run';
import { DroverError } from '#contract/errors';
import type { Archive } from '#core/ports';
import { getPlan } from './host-reading.ts';
import { listRuns } from './run-list.ts';
import type { Numbers } from './numbers.ts';
import { changedRuns, selectRun } from './run-rows.ts';
import type { Store } from './store.ts';

type RunReading = Pick<
  Archive,
  'findRun' | 'getDetail' | 'listRuns' | 'currentRev' | 'runsSince' | 'unendedRuns' | 'countLive'
>;

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
    listRuns: (teamId, query) => store.read('listRuns', () => listRuns({ store, numbers }, teamId, query)),
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
  };
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
