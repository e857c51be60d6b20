import { type Run, type RunQuery, runSources, runStatuses } from '#contract/run';
import type { Numbers } from './numbers.ts';
import { eachRun, selectRun } from './run-rows.ts';
import type { Store } from './store.ts';

const beyondAll = Number.MAX_SAFE_INTEGER;

type Reading = { readonly store: Store; readonly numbers: Numbers };

/** Newest first. */
export function listRuns(reading: Reading, teamId: string, query: RunQuery): Run[] {
  const text = query.text?.trim() ?? '';
  const serial = /^#(\d{1,16})$/.exec(text)?.[1];
  if (serial !== undefined) {
    return bySerial(reading, teamId, { query, serial: Number(serial) });
  }
  return text === '' ? byState(reading.store, teamId, query) : byText(reading.store, teamId, { query, text });
}

function bySerial(
  { store, numbers }: Reading,
  teamId: string,
  { query, serial }: { query: RunQuery; serial: number },
): Run[] {
  return numbers
    .ofSerial(serial)
    .filter((no, index, all) => all.indexOf(no) === index)
    .flatMap((no) => selectRun(store, 'WHERE r.no = ? AND r.team_id = ?', no, teamId))
    .filter((run) => matches(run, query))
    .toSorted((one, other) => other.no - one.no)
    .slice(0, query.limit);
}

/**
 * Every pair of status and source is a stretch of one index in the order of the numbers; the newest of each, merged, are
 * the newest of all, however rare the wanted ones are.
 */
function byState(store: Store, teamId: string, query: RunQuery): Run[] {
  const lowest = lowestNo(store, teamId, query.since);
  if (lowest === undefined) {
    return [];
  }
  const stretch = store.statement<[object], { no: number }>(
    `SELECT no FROM runs
     WHERE team_id = @teamId AND status = @status AND source = @source AND no < @before AND no >= @lowest
       AND created_at >= @since
     ORDER BY no DESC LIMIT @limit`,
  );
  const bounds = { teamId, lowest, before: query.before ?? beyondAll, since: query.since ?? 0, limit: query.limit };
  const numbers = (query.status ?? runStatuses).flatMap((status) =>
    (query.source ?? runSources).flatMap((source) => stretch.all({ ...bounds, status, source }).map(({ no }) => no)),
  );
  return [...new Set(numbers)]
    .toSorted((one, other) => other - one)
    .slice(0, query.limit)
    .flatMap((no) => selectRun(store, 'WHERE r.no = ?', no));
}

/** The lowest number among the runs since then; numbers rise with time but for jumps of the clock. */
function lowestNo(store: Store, teamId: string, since: number | undefined): number | undefined {
  if (since === undefined) {
    return 0;
  }
  return (
    store
      .statement<[string, number], { no: number | null }>(
        'SELECT min(no) AS no FROM runs WHERE team_id = ? AND created_at >= ?',
      )
      .get(teamId, since)?.no ?? undefined
  );
}

function byText(store: Store, teamId: string, { query, text }: { query: RunQuery; text: string }): Run[] {
  const before = query.before ?? beyondAll;
  const trigrams = trigramsOf(text);
  const candidates =
    trigrams.length === 0
      ? eachRun(store, 'WHERE +r.team_id = ? AND r.no < ? ORDER BY r.no DESC', teamId, before)
      : eachRun(
          store,
          `JOIN run_search s ON s.rowid = r.no
           WHERE run_search MATCH ? AND s.rowid < CAST(? AS INTEGER) AND r.team_id = ? ORDER BY s.rowid DESC`,
          trigrams.map((trigram) => `"${trigram.replaceAll('"', '""')}"`).join(' AND '),
          before,
          teamId,
        );
  const found: Run[] = [];
  for (const run of candidates) {
    if (matches(run, query) && says(run, text)) {
      found.push(run);
      if (found.length === query.limit) {
        break;
      }
    }
  }
  return found;
}

/** The index holds pieces of three characters; a shorter text is looked for run by run. */
function trigramsOf(text: string): string[] {
  const characters = Array.from(text.replaceAll('\0', ''));
  const trigrams = characters.slice(2).map((_, at) => characters.slice(at, at + 3).join(''));
  return [...new Set(trigrams)].slice(0, 50);
}

function says({ name, summary, firstTarget, selector }: Run, text: string): boolean {
  const wanted = text.toLowerCase();
  return [name, summary, firstTarget, selector].some((field) => field.toLowerCase().includes(wanted));
}

function matches(run: Run, { status, source, since, before }: RunQuery): boolean {
  return (
    (status === undefined || status.includes(run.status)) &&
    (source === undefined || source.includes(run.source)) &&
    (since === undefined || run.createdAt >= since) &&
    (before === undefined || run.no < before)
  );
}
