import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A process as the system shows it; `pid` and `born` together name it even after the number was given to another. */
export type ProcessRow = {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** One letter, as `ps` says it: Z is dead and not yet collected, T is stopped. */
  readonly state: string;
  /** Moment of its start in the system's own unit; only compared. */
  readonly born: number;
  /** It was started with the environment entry that was asked for. */
  readonly marked: boolean;
};

/** What the system tells about processes; one that may not be seen is absent. */
export interface ProcessTable {
  /** `entry` is `NAME=value`; only what was born at `since` or later is looked at for it. */
  all(entry: string, since: number): ProcessRow[];
  /** Those of `pids` that exist; `marked` is not looked at. */
  some(pids: readonly number[]): ProcessRow[];
}

export const isLiving = (row: ProcessRow): boolean => row.state !== 'Z' && row.state !== 'X';

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** The content of `/proc/<pid>/stat`; undefined when it is none. */
export function parseStat(text: string): ProcessRow | undefined {
  // The second field is the program's name in parentheses and may hold blanks and parentheses itself.
  const end = text.lastIndexOf(')');
  const [state, parent, group, session, ...rest] = text.slice(end + 2).split(' ');
  const born = rest[15];
  if (end < 0 || state === undefined || born === undefined) {
    return undefined;
  }
  return {
    pid: Number.parseInt(text, 10),
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    state,
    born: Number(born),
    marked: false,
  };
}

const statOf = (pid: number | string): ProcessRow | undefined => parseStat(read(`/proc/${pid}/stat`));

function pids(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** Linux: everything from /proc. */
export const procTable: ProcessTable = {
  all(entry, since) {
    const wanted = `\0${Buffer.from(entry).toString('latin1')}\0`;
    return pids()
      .flatMap((pid) => statOf(pid) ?? [])
      .map((row) =>
        row.born < since ? row : { ...row, marked: `\0${read(`/proc/${row.pid}/environ`)}\0`.includes(wanted) },
      );
  },
  some: (pids) => pids.flatMap((pid) => statOf(pid) ?? []),
};

/** One line of `ps -o pid=,ppid=,pgid=,stat=,lstart=,command=` in the C locale; undefined when it is none. */
export function parsePs(line: string, entry: string): ProcessRow | undefined {
  const [, pid, parent, group, state, born, command = ''] =
    /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S)\S*\s+(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d+)\s*(.*)$/.exec(line) ?? [];
  if (pid === undefined || state === undefined || born === undefined) {
    return undefined;
  }
  return {
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
    // Without a session number the group stands for it: what it holds is then looked for by descent and mark.
    session: Number(group),
    state,
    born: Date.parse(born),
    marked: entry !== '' && ` ${command} `.includes(` ${entry} `),
  };
}

function ps(words: readonly string[], entry: string): ProcessRow[] {
  try {
    const columns = 'pid=,ppid=,pgid=,stat=,lstart=,command=';
    const text = execFileSync('/bin/ps', [...words, '-ww', '-o', columns], {
      encoding: 'latin1',
      env: { LC_ALL: 'C' },
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return text.split('\n').flatMap((line) => parsePs(line, entry) ?? []);
  } catch {
    return [];
  }
}

/** macOS and other systems without /proc; `-E` shows environments of one's own processes. */
export const psTable: ProcessTable = {
  all: (entry) => ps(['-axE'], entry),
  some: (pids) => (pids.length === 0 ? [] : ps(['-p', pids.join(',')], '')),
};
