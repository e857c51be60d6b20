import type { Run } from '#contract/run';
import type { RunFacts, RunFinder, RunSearch, RunSlice } from '#core/ports-history';
import { lastRuns } from './last-runs.ts';
import type { Numbers } from './numbers.ts';
import { type Driver, driverOf } from './run-drivers.ts';
import { selectRun } from './run-rows.ts';
import { fitsTargets, mostNames, namesMeant, type NameScan } from './run-targets.ts';
import type { Store } from './store.ts';

type Reading = { readonly store: Store; readonly numbers: Numbers };

/** The longest a step may keep everything else waiting. */
const stepMs = 15;

const name = 'searchRuns';

/** Newest first, in short steps. */
export function runFinder(reading: Reading): RunFinder {
  return {
    searchRuns: (teamId, search) =>
      search.serials === null ? scan(reading, teamId, search) : [bySerials(reading, teamId, search)],
    lastRuns: (targets) => lastRuns(reading.store, targets),
  };
}

/** A number finds its run whatever else is asked; only `numbers` and the page narrow it. */
function bySerials({ store, numbers }: Reading, teamId: string, search: RunSearch): RunSlice {
  const asked = [...new Set((search.serials ?? []).flatMap((serial) => numbers.ofSerial(serial)))]
    .filter((no) => no < search.before && (search.numbers?.includes(no) ?? true))
    .toSorted((one, other) => other - one);
  const runs = store.read(name, () =>
    asked.flatMap((no) => selectRun(store, 'WHERE r.no = ? AND r.team_id = ?', no, teamId)),
  );
  const page = runs.slice(0, search.limit);
  return { runs: page, reached: runs.length > page.length ? (page.at(-1)?.no ?? null) : null };
}

/** From `high`, itself left out, down to `low`, which is looked at. */
type Range = { readonly low: number; readonly high: number };

function* scan({ store }: Reading, teamId: string, search: RunSearch): Generator<RunSlice> {
  const range = store.read(name, () => rangeOf(store, teamId, search));
  if (range === undefined) {
    return;
  }
  const scanned: NameScan = yield* namesOf(store, search);
  const driver = driverOf(store, { teamId, search, names: scanned });
  let high: number | null = range.high;
  let left = search.limit;
  while (high !== null) {
    const from: number = high;
    const slice: RunSlice = store.read(name, () =>
      step(store, { teamId, search, driver, range: { low: range.low, high: from }, left }),
    );
    high = slice.reached;
    left -= slice.runs.length;
    yield slice;
  }
}

/** The names a pattern stands for, so that the index of names can be used; null where there are too many. */
function* namesOf(store: Store, search: RunSearch): Generator<RunSlice, NameScan> {
  const [term] = search.targets.filter(({ not }) => !not);
  if (!term || search.numbers !== null) {
    return null;
  }
  if (term.words !== null) {
    return term.words.length > mostNames ? null : term.words;
  }
  const names = namesMeant(store, term, stepMs);
  for (;;) {
    const next = store.read(name, () => names.next());
    if (next.done) {
      return next.value;
    }
    yield { runs: [], reached: search.before };
  }
}

/** Numbers rise with time but for those of late runs, which are known. */
function rangeOf(store: Store, teamId: string, { since, until, before, status, source }: RunSearch): Range | undefined {
  const newest = store.statement<[], { no: number | null }>('SELECT max(no) AS no FROM runs').get()?.no ?? null;
  const low = since > 0 ? firstSince(store, teamId, since) : 0;
  const last = until < Number.MAX_SAFE_INTEGER ? lastBefore(store, teamId, until) : newest;
  const isEmpty = status.length === 0 || source.length === 0 || since >= until;
  return isEmpty || low === null || last === null ? undefined : { low, high: Math.min(before, last + 1) };
}

const isLate = 'EXISTS (SELECT 1 FROM late_runs WHERE late_runs.no = runs.no)';

/** The smallest number of a run of this time or later. */
function firstSince(store: Store, teamId: string, since: number): number | null {
  const found = [
    store
      .statement<[string, number], { no: number }>(
        `SELECT no FROM runs WHERE team_id = ? AND created_at >= ? AND NOT ${isLate} ORDER BY created_at, no LIMIT 1`,
      )
      .get(teamId, since)?.no,
    store
      .statement<[number], { no: number | null }>('SELECT min(no) AS no FROM late_runs WHERE created_at >= ?')
      .get(since)?.no,
  ].filter((no) => no !== null && no !== undefined);
  return found.length === 0 ? null : Math.min(...found);
}

/** The greatest number of a run of an earlier time. */
function lastBefore(store: Store, teamId: string, until: number): number | null {
  const found = [
    store
      .statement<[string, number], { no: number }>(
        `SELECT no FROM runs WHERE team_id = ? AND created_at < ? AND NOT ${isLate}
         ORDER BY created_at DESC, no DESC LIMIT 1`,
      )
      .get(teamId, until)?.no,
    store
      .statement<[number], { no: number | null }>('SELECT max(no) AS no FROM late_runs WHERE created_at < ?')
      .get(until)?.no,
  ].filter((no) => no !== null && no !== undefined);
  return found.length === 0 ? null : Math.max(...found);
}

type Step = {
  readonly teamId: string;
  readonly search: RunSearch;
  readonly driver: Driver;
  readonly range: Range;
  readonly left: number;
};

function step(store: Store, { teamId, search, driver, range, left }: Step): RunSlice {
  const until = performance.now() + stepMs;
  const runs: Run[] = [];
  let { high } = range;
  while (high > range.low) {
    const { numbers, down } = driver(high, range.low);
    for (const no of numbers) {
      if (fits(store, { teamId, search, no })) {
        runs.push(...selectRun(store, 'WHERE r.no = ?', no));
      }
      if (runs.length >= left || performance.now() > until) {
        return { runs, reached: no > range.low ? no : null };
      }
    }
    high = down;
    if (performance.now() > until) {
      break;
    }
  }
  return { runs, reached: high > range.low ? high : null };
}

type FactsRow = RunFacts & { readonly teamId: string };

function fits(store: Store, { teamId, search, no }: { teamId: string; search: RunSearch; no: number }): boolean {
  const facts = store
    .statement<[number], FactsRow>(
      `SELECT no, team_id AS teamId, name, summary, first_target AS firstTarget, selector, status, phase, reason, source,
              language, created_at AS createdAt, executor ->> '$.name' AS starter, rerun_of_no AS rerunOf
       FROM runs WHERE no = ?`,
    )
    .get(no);
  return (
    facts !== undefined &&
    facts.teamId === teamId &&
    search.status.includes(facts.status) &&
    search.source.includes(facts.source) &&
    facts.createdAt >= search.since &&
    facts.createdAt < search.until &&
    search.test(facts) &&
    fitsTargets(store, no, search.targets)
  );
}
