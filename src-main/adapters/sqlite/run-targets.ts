import type { TargetTerm } from '#core/ports-history';
import type { Store } from './store.ts';

/** Names and addresses to look for by their index; null where that would be no help. */
export type NameScan = readonly string[] | null;

/** Beyond so many, looking at the runs one by one finds enough of them soon. */
export const mostNames = 200;
/** So many different names are looked at. */
const mostLooks = 20_000;

/**
 * The names and addresses of all runs that a term means, each once; null where there are too many. Yields about every
 * `stepMs` milliseconds.
 */
export function* namesMeant(store: Store, { means }: TargetTerm, stepMs: number): Generator<undefined, NameScan> {
  const found: string[] = [];
  let looks = 0;
  let until = performance.now() + stepMs;
  for (const column of ['name', 'address'] as const) {
    const after = store.statement<[string], { text: string }>(
      `SELECT ${column} AS text FROM host_results WHERE ${column} > ? COLLATE NOCASE
       ORDER BY ${column} COLLATE NOCASE LIMIT 1`,
    );
    for (let row = after.get(''); row !== undefined; row = after.get(row.text)) {
      looks += 1;
      if (means(row.text)) {
        found.push(row.text);
      }
      if (found.length > mostNames || looks > mostLooks) {
        return null;
      }
      if (performance.now() > until) {
        yield;
        until = performance.now() + stepMs;
      }
    }
  }
  return found;
}

/** Whether a run's targets meet all terms. */
export function fitsTargets(store: Store, runNo: number, terms: readonly TargetTerm[]): boolean {
  return terms.every((term) => hasTarget(store, runNo, term) !== term.not);
}

function hasTarget(store: Store, runNo: number, { words, means }: TargetTerm): boolean {
  if (words !== null && words.length <= 20) {
    const known = store.statement<[string, number, string, number], unknown>(
      `SELECT 1 FROM host_results WHERE name = ? COLLATE NOCASE AND run_no = ?
       UNION ALL SELECT 1 FROM host_results WHERE address = ? COLLATE NOCASE AND run_no = ? LIMIT 1`,
    );
    return words.some((word) => known.get(word, runNo, word, runNo) !== undefined);
  }
  const rows = store
    .statement<[number], { name: string; address: string }>('SELECT name, address FROM host_results WHERE run_no = ?')
    .iterate(runNo);
  for (const { name, address } of rows) {
    if (means(name) || means(address)) {
      return true;
    }
  }
  return false;
}
