import type { Sweep } from '#contract/retention';
import { DroverError } from '#contract/errors';
import type { DoomedRun, KeptRun, PurgeStep, RetentionStore } from '#core/ports-retention';
import type { Writing } from './run-writing.ts';
import type { Store, Weight } from './store.ts';

/** How long a step may keep everything else waiting; the rest of it is the commit. */
const stepMs = 8;
/** Chunks removed between two looks at the clock. */
const chunksAtOnce = 16;
/** Pages given back between two looks at the clock, and those that stay for the output to come. */
const pagesAtOnce = 16;
const pagesLeft = 4_096;

/** Removes the output of ended runs. */
export function runPurging(writing: Writing): RetentionStore {
  const { store, audit } = writing;
  return {
    keptRuns: (before, limit) => store.read('keptRuns', () => keptRuns(store, before, limit)),
    halfPurged: () => store.read('halfPurged', () => halfPurged(store)),
    beginSweep: (askedBy, at) =>
      store.write('beginSweep', 'state', () => openSweep(store) ?? insertSweep(store, askedBy, at)),
    purge: (doomed, sweep) =>
      // A step that a power cut takes back is done again; on a full disk the reserve pays for the room it makes.
      withReserve((weight) => store.write('purge', weight, () => purge(writing, doomed, sweep))),
    endSweep: ({ at, stopped }, entry) =>
      store.write('endSweep', 'state', () => {
        const row = store
          .statement<[number, number], SweepRow>(
            `UPDATE sweeps SET ended_at = ?, stopped = ? WHERE ended_at IS NULL RETURNING *`,
          )
          .get(at, stopped ? 1 : 0);
        if (row && row.by_age + row.by_count + row.by_bytes > 0) {
          audit.append(entry(toSweep(row)));
        }
      }),
    lastSweep: () =>
      store.read('lastSweep', () => {
        const row = store.statement<[], SweepRow>('SELECT * FROM sweeps ORDER BY no DESC LIMIT 1').get();
        return row && toSweep(row);
      }),
    giveBack: () => withReserve((weight) => store.write('giveBack', weight, () => giveBack(store))),
  };
}

function withReserve<T>(act: (weight: Weight) => T): T {
  try {
    return act('output');
  } catch (error) {
    if (error instanceof DroverError && error.code === 'no-space') {
      return act('state');
    }
    throw error;
  }
}

const keptRuns = (store: Store, before: number, limit: number): KeptRun[] =>
  store
    .statement<[number, number], KeptRun>(
      `SELECT p.run_no AS no, p.output_bytes AS bytes,
         iif(r.status IN ('success', 'failed', 'timeout', 'cancelled'), coalesce(r.ended_at, r.created_at), NULL) AS endedAt
       FROM run_progress p INDEXED BY run_progress_kept CROSS JOIN runs r ON r.no = p.run_no
       WHERE p.kept <> 0 AND p.run_no < ? ORDER BY p.run_no DESC LIMIT ?`,
    )
    .all(before, limit);

function halfPurged(store: Store): DoomedRun[] {
  const rows = store
    .statement<[], { no: number; bytes: number; rule: 'age' | 'count' | 'bytes'; limit: number }>(
      `SELECT run_no AS no, output_bytes AS bytes, purge_rule AS rule, purge_limit AS "limit"
       FROM run_progress INDEXED BY run_progress_half_purged WHERE kept = 2 ORDER BY run_no`,
    )
    .all();
  return rows.map(({ no, bytes, rule, limit }) => ({ no, bytes, why: { rule, limit } }));
}

type SweepRow = {
  readonly no: number;
  readonly began_at: number;
  readonly ended_at: number | null;
  readonly asked_by: string;
  readonly stopped: number;
  readonly by_age: number;
  readonly by_count: number;
  readonly by_bytes: number;
  readonly bytes: number;
};

const toSweep = (row: SweepRow): Sweep => ({
  beganAt: row.began_at,
  endedAt: row.ended_at,
  askedBy: row.asked_by,
  stopped: row.stopped === 1,
  bytes: row.bytes,
  byRule: { age: row.by_age, count: row.by_count, bytes: row.by_bytes },
});

const openSweep = (store: Store): number | undefined =>
  store.statement<[], { no: number }>('SELECT no FROM sweeps WHERE ended_at IS NULL').get()?.no;

function insertSweep(store: Store, askedBy: string, at: number): number {
  const { lastInsertRowid } = store
    .statement<[number, string]>(
      `INSERT INTO sweeps (began_at, asked_by, stopped, by_age, by_count, by_bytes, bytes) VALUES (?, ?, 0, 0, 0, 0, 0)`,
    )
    .run(at, askedBy);
  return Number(lastInsertRowid);
}

function purge(
  writing: Writing,
  doomed: readonly DoomedRun[],
  sweep: { readonly no: number; readonly at: number },
): PurgeStep {
  const { store } = writing;
  const until = performance.now() + stepMs;
  const sums = { age: 0, count: 0, bytes: 0 };
  const runIds: string[] = [];
  let [done, bytes] = [0, 0];
  for (const run of doomed) {
    if (beginPurge(store, run, sweep.at)) {
      if (!removeChunks(store, run.no, until)) {
        break;
      }
      runIds.push(endPurge(writing, run.no));
      sums[run.why?.rule ?? 'age'] += 1;
      bytes += run.bytes;
    }
    done += 1;
    if (performance.now() > until) {
      break;
    }
  }
  store
    .statement(
      `UPDATE sweeps SET by_age = by_age + @age, by_count = by_count + @count, by_bytes = by_bytes + @runsByBytes,
         bytes = bytes + @bytes WHERE no = @no`,
    )
    .run({ age: sums.age, count: sums.count, runsByBytes: sums.bytes, bytes, no: sweep.no });
  return { done, bytes, runIds };
}

/** False when there is nothing to remove: no output, or it is gone already. A live run is refused by the schema. */
function beginPurge(store: Store, { no, why }: DoomedRun, at: number): boolean {
  if (why === null) {
    store.statement<[number]>('UPDATE run_progress SET kept = 0 WHERE run_no = ? AND kept = 1').run(no);
    return false;
  }
  store
    .statement(
      `UPDATE run_progress SET kept = 2, purged_at = @at, purge_rule = @rule, purge_limit = @limit
       WHERE run_no = @no AND kept = 1`,
    )
    .run({ no, at, ...why });
  const row = store.statement<[number], { kept: number }>('SELECT kept FROM run_progress WHERE run_no = ?').get(no);
  return row?.kept === 2;
}

/** True when none is left. */
function removeChunks(store: Store, runNo: number, until: number): boolean {
  const remove = store.statement<[number, number]>(
    `DELETE FROM log_chunks WHERE id IN (
       SELECT id FROM log_chunks INDEXED BY log_chunks_by_seq WHERE run_no = ? ORDER BY last_seq LIMIT ?)`,
  );
  while (remove.run(runNo, chunksAtOnce).changes === chunksAtOnce) {
    if (performance.now() > until) {
      return false;
    }
  }
  return true;
}

/** With a new revision, so that open pages look again. */
function endPurge({ store, numbers }: Writing, runNo: number): string {
  store
    .statement<[number, number]>('UPDATE run_progress SET kept = 0, packed = 1, rev = ? WHERE run_no = ?')
    .run(numbers.revs(1), runNo);
  return store.statement<[number], { id: string }>('SELECT id FROM runs WHERE no = ?').get(runNo)?.id ?? '';
}

/** Archives that were made before this was there keep their size; what is free in them is filled again. */
function giveBack(store: Store): boolean {
  const until = performance.now() + stepMs;
  for (let free = store.freePages(); free > pagesLeft; free = store.freePages()) {
    const before = free;
    store.giveBackPages(Math.min(pagesAtOnce, free - pagesLeft));
    if (store.freePages() === before) {
      return false;
    }
    if (performance.now() > until) {
      return true;
    }
  }
  return false;
}
