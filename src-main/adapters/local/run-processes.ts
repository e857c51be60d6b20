import { heldTable, type Hold } from './hold.ts';
import { isLiving, type ProcessRow, type ProcessTable } from './process-table.ts';

export type StopSignal = 'SIGTERM' | 'SIGKILL';

export type Sight = 'all' | 'ties' | 'interpreter';

/** The processes of one run, as the stop sees and signals them. */
export interface Processes {
  /** Of what an empty `find` speaks: of all, of what kept a tie to the run, or of the interpreter alone. */
  readonly sees: Sight;
  isMainLiving(): boolean;
  /** Every living process of the run. */
  find(): ProcessRow[];
  /** Those that still live. */
  stillLiving(rows: readonly ProcessRow[]): ProcessRow[];
  /** Gives those that the signal was sent to. */
  signal(rows: readonly ProcessRow[], signal: StopSignal): Promise<ProcessRow[]>;
}

/**
 * The living processes of a run: those known from before, those that carry its mark, their descendants, and whoever
 * shares a session with one of them, unless that session is led by a living stranger. `known` maps a number to `born`.
 */
export function membersOf(rows: readonly ProcessRow[], known: ReadonlyMap<number, number>): ProcessRow[] {
  const living = rows.filter((row) => isLiving(row) && row.pid > 1 && row.pid !== process.pid);
  const isThere = new Set(living.map((row) => row.pid));
  const members = new Set<number>();
  const sessions = new Set<number>();
  const belongs = (row: ProcessRow): boolean =>
    row.marked ||
    known.get(row.pid) === row.born ||
    members.has(row.parent) ||
    (sessions.has(row.session) && (!isThere.has(row.session) || members.has(row.session)));
  for (let before = -1; before < members.size;) {
    before = members.size;
    for (const row of living) {
      if (!members.has(row.pid) && belongs(row)) {
        members.add(row.pid);
        sessions.add(row.session);
      }
    }
  }
  return living.filter((row) => members.has(row.pid));
}

function send(target: number, signal: StopSignal | 'SIGCONT'): boolean {
  try {
    process.kill(target, signal);
    return true;
  } catch {
    return false;
  }
}

type Seen = { readonly table: ProcessTable; readonly hold: Hold | null };

/** Finds a run's processes by what holds them, group, session, descent and mark; once found they are remembered by number and birth. */
export class RunProcesses implements Processes {
  readonly #hold: Hold | null;
  readonly #table: ProcessTable;
  readonly #main: number;
  readonly #entry: string;
  readonly #known = new Map<number, number>();
  /** Sessions whose leader was seen to be of the run; their groups hold nobody else. */
  readonly #sessions = new Set<number>();
  #since = 0;

  /** `main` leads a session of its own; `entry` is the `NAME=value` that its environment began with. */
  constructor({ table, hold }: Seen, main: number, entry: string) {
    this.#hold = hold;
    this.#table = hold ? heldTable(table, hold, main) : table;
    this.#main = main;
    this.#entry = entry;
  }

  get sees(): Sight {
    return this.#hold ? 'all' : 'ties';
  }

  /** To be asked first before the main process was waited for, while its number cannot be another's. */
  isMainLiving(): boolean {
    const [row] = this.#table.some([this.#main]);
    if (row === undefined || !isLiving(row)) {
      return false;
    }
    if (this.#known.size === 0) {
      this.#since = row.born;
      this.#known.set(row.pid, row.born);
      this.#sessions.add(row.session);
    }
    return this.#known.get(row.pid) === row.born;
  }

  find(): ProcessRow[] {
    const members = membersOf(this.#table.all(this.#entry, this.#since), this.#known);
    for (const row of members) {
      this.#known.set(row.pid, row.born);
      if (row.pid === row.session) {
        this.#sessions.add(row.session);
      }
    }
    return members;
  }

  stillLiving(rows: readonly ProcessRow[]): ProcessRow[] {
    return this.#table
      .some(rows.map((row) => row.pid))
      .filter((row) => isLiving(row) && this.#known.get(row.pid) === row.born);
  }

  /** Each process is looked at again right before; whole groups are signalled at once so that no child slips through. */
  signal(rows: readonly ProcessRow[], signal: StopSignal): Promise<ProcessRow[]> {
    const groups = new Map<number, boolean>();
    const told = this.stillLiving(rows).filter((row) => {
      if (!this.#sessions.has(row.session)) {
        return send(row.pid, signal);
      }
      const reached = groups.get(row.group) ?? send(-row.group, signal);
      groups.set(row.group, reached);
      return reached;
    });
    if (signal === 'SIGKILL') {
      if (rows.length > 0) {
        this.#hold?.kill();
      }
    } else {
      // A stopped process takes no TERM before it goes on.
      told.filter((row) => row.state === 'T').forEach((row) => send(row.pid, 'SIGCONT'));
    }
    return Promise.resolve(told);
  }
}
