import type { Target } from '#contract/target';
import type { LastRun } from '#contract/target-runs';
import type { Store } from './store.ts';

/** One statement for all of them; each target is one step down the index of names. */
export function lastRuns(store: Store, targets: readonly Pick<Target, 'id' | 'name'>[]): LastRun[] {
  const asked = JSON.stringify(targets.map(({ id, name }) => ({ id, name })));
  return store.read('lastRuns', () =>
    store
      .statement<[string], LastRun>(
        `SELECT t.value ->> 'id' AS targetId, h.run_no AS no, h.status, coalesce(h.started_at, r.created_at) AS at
         FROM json_each(?) t
         CROSS JOIN host_results h ON h.id = (
           SELECT x.id FROM host_results x INDEXED BY host_results_by_name
           WHERE x.name COLLATE NOCASE = t.value ->> 'name' AND x.target_id = t.value ->> 'id'
           ORDER BY x.run_no DESC LIMIT 1
         )
         CROSS JOIN runs r ON r.no = h.run_no`,
      )
      .all(asked),
  );
}
