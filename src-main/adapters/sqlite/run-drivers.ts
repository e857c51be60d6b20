import { runSources, runStatuses } from '#contract/run';
import type { RunSearch, TextHint } from '#core/ports-history';
import type { NameScan } from './run-targets.ts';
import type { Store } from './store.ts';

/**
 * Numbers of runs that may fit, the highest first, below `high` and not below `low`; no other number down to `down` may.
 */
export type Driver = (high: number, low: number) => { readonly numbers: readonly number[]; readonly down: number };

type Way = { readonly teamId: string; readonly search: RunSearch; readonly names: NameScan };

/** Numbers taken at once. */
const chunk = 200;

/** The way through the runs that leaves out the most. */
export function driverOf(store: Store, { teamId, search, names }: Way): Driver {
  const [hint] = search.hints.toSorted((one, other) => shortest(other) - shortest(one));
  if (search.numbers !== null) {
    return byNumbers(search.numbers);
  }
  if (names !== null) {
    return byNames(store, names);
  }
  if (hint) {
    return byText(store, hint);
  }
  const isAny = search.status.length === runStatuses.length && search.source.length === runSources.length;
  return isAny ? byTurn(store, teamId) : byState(store, teamId, search);
}

const shortest = ({ texts }: TextHint): number => Math.min(...texts.map(({ length }) => length));

const falling = (numbers: Iterable<number>): number[] => [...new Set(numbers)].toSorted((one, other) => other - one);

function byNumbers(wanted: readonly number[]): Driver {
  const sorted = falling(wanted);
  return (high, low) => ({ numbers: sorted.filter((no) => no < high && no >= low), down: low });
}

/** Several falling stretches, each cut at `size`, as one: below the end of one that was cut nothing is known yet. */
function merged(stretches: readonly (readonly number[])[], size: number, low: number): ReturnType<Driver> {
  const ends = stretches.flatMap((stretch) => (stretch.length < size ? [] : [stretch.at(-1) ?? low]));
  const down = Math.max(low, ...ends);
  return { numbers: falling(stretches.flat().filter((no) => no >= down)), down };
}

function byTurn(store: Store, teamId: string): Driver {
  const stretch = store.statement<[string, number, number], { no: number }>(
    `SELECT no FROM runs WHERE +team_id = ? AND no < ? AND no >= ? ORDER BY no DESC LIMIT ${chunk}`,
  );
  return (high, low) => merged([stretch.all(teamId, high, low).map(({ no }) => no)], chunk, low);
}

/**
 * Every pair of status and source is a stretch of one index in the order of the numbers; the newest of each, merged, are
 * the newest of all, however rare the wanted ones are.
 */
function byState(store: Store, teamId: string, { status, source }: RunSearch): Driver {
  const stretch = store.statement<[string, string, string, number, number], { no: number }>(
    `SELECT no FROM runs WHERE team_id = ? AND status = ? AND source = ? AND no < ? AND no >= ?
     ORDER BY no DESC LIMIT ${chunk}`,
  );
  const pairs = status.flatMap((one) => source.map((other) => [one, other] as const));
  return (high, low) =>
    merged(
      pairs.map(([one, other]) => stretch.all(teamId, one, other, high, low).map(({ no }) => no)),
      chunk,
      low,
    );
}

function byNames(store: Store, names: readonly string[]): Driver {
  const size = Math.max(20, Math.floor((chunk * 10) / Math.max(1, names.length)));
  const stretches = (['name', 'address'] as const).map((column) =>
    store.statement<[string, number, number], { no: number }>(
      `SELECT DISTINCT run_no AS no FROM host_results
       WHERE ${column} = ? COLLATE NOCASE AND run_no < ? AND run_no >= ? ORDER BY run_no DESC LIMIT ${size}`,
    ),
  );
  return (high, low) =>
    merged(
      names.flatMap((name) => stretches.map((stretch) => stretch.all(name, high, low).map(({ no }) => no))),
      size,
      low,
    );
}

/** A step through the index of texts looks at so many numbers: pieces that often stand alone are often met in vain. */
const textWindow = 50_000;

function byText(store: Store, { texts, serials }: TextHint): Driver {
  const match = texts.map((text) => `(${trigramsOf(text).map(quoted).join(' AND ')})`).join(' OR ');
  const stretch = store.statement<[string, number, number], { no: number }>(
    `SELECT rowid AS no FROM run_search
     WHERE run_search MATCH ? AND rowid < CAST(? AS INTEGER) AND rowid >= CAST(? AS INTEGER)
     ORDER BY rowid DESC LIMIT ${chunk}`,
  );
  const before = store.statement<[number], { no: number | null }>('SELECT max(no) AS no FROM runs WHERE no < ?');
  const byNumber = new Set(serials);
  return (high, low) => {
    // Between the numbers of two nodes lies a wide gap.
    const top = Math.min(high, (before.get(high)?.no ?? low) + 1);
    const bottom = Math.max(low, top - textWindow);
    const { numbers, down } = merged([stretch.all(match, top, bottom).map(({ no }) => no)], chunk, bottom);
    const more = [...byNumber].filter((no) => no < high && no >= down);
    return { numbers: falling([...numbers, ...more]), down };
  };
}

const quoted = (trigram: string): string => `"${trigram.replaceAll('"', '""')}"`;

/** The index holds pieces of three characters. */
function trigramsOf(text: string): string[] {
  const characters = Array.from(text.replaceAll('\0', ''));
  const trigrams = characters.slice(2).map((_, at) => characters.slice(at, at + 3).join(''));
  return [...new Set(trigrams)].slice(0, 50);
}
