import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { isLiving, type ProcessRow, type ProcessTable } from './process-table.ts';

/** Exit code or the name of the signal that it died of. */
export type End = [code: number | null, signal: NodeJS.Signals | null];

export type Failure = { readonly code: string; readonly text: string };

const failureOf = (error: unknown): Failure => ({
  code: (error as NodeJS.ErrnoException).code ?? '',
  text: error instanceof Error ? error.message : String(error),
});

/** What keeps the processes of one run together, so that none of them can be lost. Whoever made it closes it. */
export interface Hold {
  /** Of these living processes those that are held for certain. */
  members(rows: readonly ProcessRow[]): ReadonlySet<number>;
  /** A process of Drover's own beside the run. */
  readonly keeper: number | null;
  /** Kills all at once where that can be done. */
  kill(): void;
  /** When the run is over: what it left running goes on. */
  close(): Promise<void>;
}

/** A started interpreter; `hold` is null where only sessions, parents and environments tell what belongs to it. */
export type Held = {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly ended: Promise<End>;
  readonly hold: Hold | null;
};

/** The program's path and its words. */
export type Command = readonly [program: string, ...words: string[]];

/** A way of starting interpreters. */
export interface Holder {
  readonly name: 'control group' | 'keeper' | 'none';
  /** Whether a script would get exactly this environment. */
  suits(environment: Readonly<Record<string, string>>): boolean;
  /** `stdio` of the options is an array. */
  start(command: Command, options: SpawnOptions): Promise<Held | Failure>;
}

/** Starts a program, or says why not. */
export async function spawnProgram(
  [program, ...words]: Command,
  options: SpawnOptions,
): Promise<ChildProcess | Failure> {
  try {
    const child = spawn(program, words, options);
    if (child.pid !== undefined) {
      return child;
    }
    const [error] = (await once(child, 'error')) as [unknown];
    return failureOf(error);
  } catch (error) {
    return failureOf(error);
  }
}

export const exitOf = (child: ChildProcess): Promise<End> => once(child, 'exit') as Promise<End>;

export const isFailure = (tried: object): tried is Failure => 'code' in tried && 'text' in tried;

/** Starts an interpreter and holds nothing. */
export const plainHolder: Holder = {
  name: 'none',
  suits: () => true,
  async start(command, options) {
    const child = await spawnProgram(command, options);
    return isFailure(child) ? child : { child, pid: child.pid ?? 0, ended: exitOf(child), hold: null };
  },
};

/** The table, with all that `hold` holds marked and without what is Drover's own. */
export function heldTable(table: ProcessTable, hold: Hold, main: number): ProcessTable {
  const isOurs = (row: ProcessRow): boolean =>
    row.pid !== hold.keeper && (row.pid !== main || hold.keeper === null || row.parent === hold.keeper);
  return {
    all(entry, since) {
      const rows = table.all(entry, since).filter(isOurs);
      // Asked after the table was read: a number that was given away meanwhile is known by its birth.
      const members = hold.members(rows.filter(isLiving));
      return rows.map((row) => (members.has(row.pid) ? { ...row, marked: true } : row));
    },
    some: (pids) => table.some(pids).filter(isOurs),
  };
}
