import type { TargetTerm } from '#core/ports-history';
import type { Store } from './store.ts';

/** Names and addresses to look for by their index; null where that would be no help. */
export type NameScan = readonly string[] | null;

/** Beyond so many, looking at the runs one by one finds enough of them soon. */
export const mostNames = 300;

/**
 * The names and addresses of all runs that a term means, each once; null where there are too many. Yields about every
 * `stepMs` milliseconds.
 */
export function* namesMeant(store: Store, { means }: TargetTerm, stepMs: number): Generator<undefined, NameScan> {
  const known = knownNames(store);
  yield* known.load(stepMs);
  const found: string[] = [];
  let until = performance.now() + stepMs;
  for (const name of known.names) {
    if (means(name)) {
      found.push(name);
    }
    if (found.length > mostNames) {
      return null;
    }
    if (performance.now() > until) {
      yield;
      until = performance.now() + stepMs;
    }
  }
  return known.isWhole ? found : null;
}

/** A step of what nobody waits for. */
const learnMs = 8;
/** More different ones are not held in memory. */
const mostKnown = 400_000;

const everyKnown = new WeakMap<Store, KnownNames>();

/** All names and addresses that runs of an archive ever had, each in some spelling; read when they are first asked for. */
class KnownNames {
  readonly names = new Set<string>();
  readonly #store: Store;
  #columns: ('name' | 'address')[] = ['name', 'address'];
  #after = '';
  /** Results of targets up to this one are known, or will be when all columns are. */
  #seen: number;

  constructor(store: Store) {
    this.#store = store;
    this.#seen = store.statement<[], { id: number | null }>('SELECT max(id) AS id FROM host_results').get()?.id ?? 0;
  }

  /** False while some are not known. */
  get isWhole(): boolean {
    return this.#columns.length === 0 && this.names.size <= mostKnown;
  }

  /** Reads on where it was left: from one name in the index to the next different one, then those of new runs. */
  *load(stepMs: number): Generator<undefined> {
    let until = performance.now() + stepMs;
    while (this.names.size <= mostKnown && (this.#columns.length > 0 ? this.#readNext() : this.#readNew())) {
      if (performance.now() > until) {
        yield;
        until = performance.now() + stepMs;
      }
    }
  }

  #readNext(): boolean {
    const [column] = this.#columns;
    const row = this.#store
      .statement<[string], { text: string }>(
        `SELECT ${column} AS text FROM host_results WHERE ${column} > ? COLLATE NOCASE
         ORDER BY ${column} COLLATE NOCASE LIMIT 1`,
      )
      .get(this.#after);
    if (row) {
      this.names.add(row.text);
    } else {
      this.#columns.shift();
    }
    this.#after = row?.text ?? '';
    return true;
  }

  /** True when there may be more. */
  #readNew(): boolean {
    const rows = this.#store
      .statement<[number], { id: number; name: string; address: string }>(
        'SELECT id, name, address FROM host_results WHERE id > ? ORDER BY id LIMIT 200',
      )
      .all(this.#seen);
    for (const { id, name, address } of rows) {
      this.names.add(name);
      this.names.add(address);
      this.#seen = id;
    }
    return rows.length > 0;
  }
}

function knownNames(store: Store): KnownNames {
  const known = everyKnown.get(store) ?? new KnownNames(store);
  everyKnown.set(store, known);
  return known;
}

/** Reads on, so that the first search by a pattern finds the names there; true when there is more. */
export const learnNames = (store: Store): boolean => knownNames(store).load(learnMs).next().done !== true;

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
