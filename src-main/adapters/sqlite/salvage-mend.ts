import type Database from 'better-sqlite3';
import { versionOf } from './migrate.ts';

type Mended = { readonly madeAnew: readonly string[]; readonly incompleteRuns: readonly number[] };
type Saved = { readonly table: string; readonly kept: number };

/** A counter's kind is the name of its table but for these. */
const tableOfKind: Readonly<Record<string, string>> = { audit: 'audit_log' };
const numbersPerNode = 2 ** 40;

/** What was counted wrong or not at all is counted again, from the rows that were saved. */
const progress = `
INSERT INTO run_progress
  (run_no, total, pending, running, success, failed, timeout, cancelled, skipped, unreachable,
   last_seq, output_bytes, omitted_bytes, packed_seq, packed, rev)
SELECT r.no, count(h.id), coalesce(sum(h.status = 'pending'), 0), coalesce(sum(h.status IN ('running', 'cancelling')), 0),
  coalesce(sum(h.status = 'success'), 0), coalesce(sum(h.status = 'failed'), 0),
  coalesce(sum(h.status = 'timeout'), 0), coalesce(sum(h.status = 'cancelled'), 0),
  coalesce(sum(h.status = 'skipped'), 0),
  coalesce(sum(h.status = 'failed' AND h.reason IN ('unreachable', 'refused-connection', 'auth-failed', 'host-key')), 0),
  coalesce((SELECT max(last_seq) FROM log_chunks c WHERE c.run_no = r.no), 0),
  coalesce((SELECT sum(size) FROM log_chunks c WHERE c.run_no = r.no), 0),
  coalesce(sum(h.out_omitted + h.err_omitted), 0), 0, 1, coalesce(max(h.rev), 0)
FROM runs r LEFT JOIN host_results h ON h.run_no = r.no
WHERE r.no NOT IN (SELECT run_no FROM run_progress) GROUP BY r.no`;

/** Which runs are of an earlier time than one before them is seen from all that were saved. */
const lateRuns = `
DELETE FROM late_runs;
INSERT INTO late_runs (no, created_at)
SELECT no, created_at FROM (
  SELECT no, created_at, max(created_at) OVER (
    PARTITION BY team_id ORDER BY no ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS latest
  FROM runs)
WHERE created_at < latest`;

/**
 * Makes of saved rows an archive that opens: whose it is, its counters, the progress of runs and the search index. The
 * guards of the schema must be off.
 */
export function mend(db: Database.Database, saved: readonly Saved[]): Mended {
  const keptOf = (table: string): number => saved.find((each) => each.table === table)?.kept ?? 0;
  const madeAnew = db.transaction(() => [
    ...ownersOf(db, keptOf),
    ...countersOf(db),
    ...(db.prepare(progress).run().changes > 0 ? ['the progress of runs'] : []),
  ])();
  // Packing would stop at output that is gone.
  db.exec('UPDATE run_progress SET packed = 1');
  db.exec(`INSERT INTO run_search (run_search) VALUES ('delete-all');
    INSERT INTO run_search (rowid, name, summary, first_target, selector)
    SELECT no, name, summary, first_target, selector FROM runs`);
  if (versionOf(db) >= 50) {
    db.exec(lateRuns);
  }
  const incompleteRuns = db
    .prepare<[], number>(
      `SELECT no FROM runs WHERE no NOT IN (SELECT run_no FROM run_inputs)
         OR (SELECT total FROM run_progress WHERE run_no = no) > (SELECT count(*) FROM host_results WHERE run_no = no)
       UNION SELECT run_no FROM host_results WHERE run_no NOT IN (SELECT no FROM runs)
       UNION SELECT run_no FROM run_inputs WHERE run_no NOT IN (SELECT no FROM runs)
       UNION SELECT run_no FROM log_chunks WHERE run_no NOT IN (SELECT no FROM runs) ORDER BY 1`,
    )
    .pluck()
    .all();
  return { madeAnew, incompleteRuns };
}

/** The team and the user that the saved runs belong to take the place of lost ones. */
function ownersOf(db: Database.Database, keptOf: (table: string) => number): string[] {
  const often = (column: string): unknown =>
    db.prepare(`SELECT ${column} FROM runs GROUP BY ${column} ORDER BY count(*) DESC LIMIT 1`).pluck().get();
  const lost = ['node', 'teams', 'users'].filter((table) => keptOf(table) === 0);
  const [teamId, userId] = [often('team_id'), often('created_by')];
  if (lost.includes('teams') && teamId !== undefined) {
    db.prepare('UPDATE teams SET id = ?').run(teamId);
  }
  if (lost.includes('users') && userId !== undefined) {
    db.prepare('UPDATE users SET id = ?').run(userId);
  }
  if (lost.length > 0) {
    db.exec(`UPDATE users SET team_id = (SELECT id FROM teams ORDER BY no LIMIT 1)
      WHERE team_id NOT IN (SELECT id FROM teams)`);
  }
  return lost.map((table) => `the rows of ${table}`);
}

/** A counter never stands below what was given. */
function countersOf(db: Database.Database): string[] {
  const node = db.prepare<[], number>('SELECT number FROM node').pluck().get() ?? 0;
  const raise = db.prepare<[string, number]>(
    `INSERT INTO counters (kind, value) VALUES (?, CAST(? AS INTEGER))
     ON CONFLICT (kind) DO UPDATE SET value = excluded.value WHERE excluded.value > value`,
  );
  const kinds = ['teams', 'users', 'runs', 'steps', 'sessions', 'audit'];
  const newer = versionOf(db) >= 20 ? ['targets', 'credentials', 'host_keys'] : [];
  const raised = [...kinds, ...newer].filter((kind) => {
    const table = tableOfKind[kind] ?? kind;
    const base = kind === 'teams' || kind === 'users' ? 0 : node * numbersPerNode;
    const highest = db.prepare<[], number | null>(`SELECT max(no) FROM ${table}`).pluck().get() ?? 0;
    return highest > base && raise.run(kind, highest - base).changes > 0;
  });
  const rev = db
    .prepare<[], number | null>(
      'SELECT max(coalesce((SELECT max(rev) FROM host_results), 0), coalesce((SELECT max(rev) FROM run_progress), 0))',
    )
    .pluck()
    .get();
  return [...raised, ...(raise.run('rev', rev ?? 0).changes > 0 ? ['rev'] : [])].map((kind) => `the counter ${kind}`);
}
