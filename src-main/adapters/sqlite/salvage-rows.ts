import type Database from 'better-sqlite3';

export type Row = Readonly<Record<string, unknown>>;

export type Table = {
  readonly name: string;
  readonly columns: readonly string[];
  /** False for one that is kept by its key. */
  readonly hasRowid: boolean;
};

/** What was not found; not exact when even the number of rows cannot be told. */
type Loss = { readonly lost: number; readonly isExact: boolean };

type Range = { readonly low: number; readonly high: number };

/** So many places are looked at around the damage of one table. */
const mostProbes = 4_000;
/** When none of so many found anything, the way to all rows of a table is lost. */
const vainProbes = 300;
/** No row takes less room. */
const leastRowBytes = 8;

/** How many rows an index lists and the highest number among them. */
type Listed = { readonly count: number; readonly highest: number };

function listedIn(db: Database.Database, { name }: Table): Listed | undefined {
  try {
    const indexes = db.prepare<[string], { name: string; partial: number }>(
      'SELECT name, partial FROM pragma_index_list(?)',
    );
    for (const index of indexes.all(name).filter(({ partial }) => partial === 0)) {
      const sql = `SELECT count(*) AS count, coalesce(max(rowid), 0) AS highest FROM "${name}" INDEXED BY "${index.name}"`;
      const listed = tried(() => db.prepare<[], Listed>(sql).get());
      if (listed) {
        return listed;
      }
    }
  } catch {
    // The schema itself is unreadable.
  }
  return undefined;
}

function tried<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

/**
 * Hands over every row of a damaged table that can be read, around what cannot: from both ends up to the damage, then in
 * ever smaller pieces. `fileBytes` bounds how many rows there can be.
 */
export function readRows(
  db: Database.Database,
  table: Table,
  { take, fileBytes }: { readonly take: (row: Row) => void; readonly fileBytes: number },
): Loss {
  let read = 0;
  const count = (row: Row): void => {
    read += 1;
    take(row);
  };
  const width = table.hasRowid ? readNumbered(db, table, { take: count, fileBytes }) : readKeyed(db, table, count);
  const listed = width > 0 ? listedIn(db, table) : undefined;
  return listed ? { lost: Math.max(0, listed.count - read), isExact: true } : { lost: width, isExact: width === 0 };
}

type Scan = { readonly isWhole: boolean; readonly last: number | undefined };

/** Gives how many numbers were looked at in vain. */
function readNumbered(
  db: Database.Database,
  table: Table,
  { take, fileBytes }: { readonly take: (row: Row) => void; readonly fileBytes: number },
): number {
  const scans = {
    up: tried(() => scanOf(db, table, 'ASC')),
    down: tried(() => scanOf(db, table, 'DESC')),
  };
  const { up, down } = scans;
  if (!up || !down) {
    return 1;
  }
  const first = up({ low: Number.MIN_SAFE_INTEGER, high: Number.MAX_SAFE_INTEGER }, take);
  if (first.isWhole) {
    return 0;
  }
  const low = (first.last ?? 0) + 1;
  const last = down({ low, high: Number.MAX_SAFE_INTEGER }, take);
  if (last.isWhole) {
    return 0;
  }
  const high =
    last.last === undefined ? highestOf(db, table, low + Math.ceil(fileBytes / leastRowBytes)) : last.last - 1;
  return readAround({ low, high }, (range) => {
    const fromLow = up(range, take);
    if (fromLow.isWhole) {
      return undefined;
    }
    const rest = { low: (fromLow.last ?? range.low - 1) + 1, high: range.high };
    const fromHigh = down(rest, take);
    return fromHigh.isWhole ? undefined : { low: rest.low, high: (fromHigh.last ?? rest.high + 1) - 1 };
  });
}

const highestOf = (db: Database.Database, table: Table, otherwise: number): number =>
  listedIn(db, table)?.highest ?? otherwise;

/** `narrow` gives what of a range could not be read; wide ranges come first. */
function readAround(all: Range, narrow: (range: Range) => Range | undefined): number {
  const ranges = [all];
  let lost = 0;
  let isAnyRead = false;
  for (let probes = 1; ranges.length > 0; probes += 1) {
    const range = ranges.shift() ?? all;
    const rest = narrow(range);
    const width = rest ? widthOf(rest) : 0;
    isAnyRead ||= width < widthOf(range);
    const isVain = probes + ranges.length >= (isAnyRead ? mostProbes : vainProbes);
    if (!rest || width <= 0) {
      continue;
    }
    if (width === 1 || isVain) {
      lost += width;
      continue;
    }
    const middle = rest.low + Math.floor((width - 1) / 2);
    ranges.push({ low: rest.low, high: middle }, { low: middle + 1, high: rest.high });
  }
  return lost;
}

const widthOf = ({ low, high }: Range): number => high - low + 1;

/** Reads a range until it ends or breaks; what comes out of order is damage, too. */
function scanOf(
  db: Database.Database,
  { name, columns }: Table,
  order: 'ASC' | 'DESC',
): (range: Range, take: (row: Row) => void) => Scan {
  const list = columns.map((column) => `"${column}"`).join(', ');
  const statement = db.prepare<[number, number], Row & { readonly salvaged_rowid: number }>(
    `SELECT rowid AS salvaged_rowid, ${list} FROM "${name}" NOT INDEXED
     WHERE rowid BETWEEN CAST(? AS INTEGER) AND CAST(? AS INTEGER) ORDER BY rowid ${order}`,
  );
  return ({ low, high }, take) => {
    let last: number | undefined;
    try {
      for (const row of statement.iterate(low, high)) {
        const { salvaged_rowid: rowid } = row;
        const isInOrder = last === undefined || (order === 'ASC' ? rowid > last : rowid < last);
        if (!isInOrder || rowid < low || rowid > high) {
          return { isWhole: false, last };
        }
        take(row);
        last = rowid;
      }
      return { isWhole: true, last };
    } catch (error) {
      rethrowOwn(error);
      return { isWhole: false, last };
    }
  };
}

/** A failure to write what was read is not damage of what is read. */
export class NotKept extends Error {}

function rethrowOwn(error: unknown): void {
  if (error instanceof NotKept) {
    throw error.cause;
  }
}

/** Small tables without numbers: forwards to the damage, then backwards to it; rows may come twice. */
function readKeyed(db: Database.Database, { name }: Table, take: (row: Row) => void): number {
  for (const order of ['ASC', 'DESC']) {
    try {
      for (const row of db.prepare<[], Row>(`SELECT * FROM "${name}" ORDER BY 1 ${order}`).iterate()) {
        take(row);
      }
      return 0;
    } catch (error) {
      rethrowOwn(error);
    }
  }
  return 1;
}
