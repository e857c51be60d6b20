import { spawn } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import {
  parsePs,
  parseStat,
  procTable,
  psTable,
  type ProcessRow,
  type ProcessTable,
} from '#adapters/local/process-table';
import { membersOf, RunProcesses } from '#adapters/local/run-processes';

const row = (pid: number, parent: number, more: Partial<ProcessRow> = {}): ProcessRow => ({
  pid,
  parent,
  group: pid,
  session: pid,
  state: 'S',
  born: 100,
  marked: false,
  ...more,
});
const pidsIn = (rows: readonly ProcessRow[], known: [number, number][] = [[100, 100]]): number[] =>
  membersOf(rows, new Map(known)).map(({ pid }) => pid);

describe('the processes of a run', () => {
  it('are the known, their descendants, those of their session and the marked', () => {
    const rows = [
      row(103, 102, { session: 102 }),
      row(100, 50),
      row(102, 100),
      row(104, 1, { session: 100 }),
      row(105, 1, { marked: true }),
      row(106, 105),
      row(200, 50),
      row(201, 200),
    ];
    expect(pidsIn(rows)).toEqual([103, 100, 102, 104, 105, 106]);
  });

  it('are not those that got the number of one that is gone', () => {
    expect(pidsIn([row(100, 50, { born: 101 }), row(101, 100), row(102, 1, { session: 100 })])).toEqual([]);
  });

  it('are not the dead, this process or the first of the system', () => {
    const known: [number, number][] = [100, process.pid, 1].map((pid) => [pid, 100]);
    expect(pidsIn([row(100, 50, { state: 'Z' }), row(process.pid, 50), row(1, 0)], known)).toEqual([]);
  });

  it('keep a session whose leader is gone, and claim none that a stranger leads', () => {
    const own = [row(101, 1, { session: 77, marked: true }), row(102, 1, { session: 77 })];
    expect(pidsIn(own)).toEqual([101, 102]);
    expect(pidsIn([...own, row(77, 1)])).toEqual([101]);
  });
});

describe('signalling the processes of a run', () => {
  const children = new Set<ReturnType<typeof spawn>>();
  const sleeper = (mark: string): number => {
    const child = spawn('sleep', ['300'], { detached: true, stdio: 'ignore', env: { DROVER_TEST: mark } });
    children.add(child);
    return child.pid ?? 0;
  };
  afterEach(() => {
    children.forEach((child) => child.kill('SIGKILL'));
    children.clear();
  });

  it('reaches a marked process outside the session', async () => {
    const processes = new RunProcesses({ table: procTable, hold: null }, sleeper('a'), 'DROVER_TEST=a');
    const other = sleeper('a');
    expect(processes.isMainLiving()).toBe(true);
    const found = processes.find();
    expect(found.map(({ pid }) => pid)).toContain(other);
    expect(found).toHaveLength(2);
    expect(await processes.signal(found, 'SIGTERM')).toHaveLength(2);
    await expect.poll(() => processes.find()).toEqual([]);
  });

  it('never touches a process that has taken over a number', async () => {
    const stranger = sleeper('stranger');
    const looks = [true, false, false];
    // A table in which the number belonged to an older process at the first look.
    const table: ProcessTable = {
      all: () => [],
      some: (pids) => procTable.some(pids).map((seen) => (looks.shift() ? { ...seen, born: seen.born - 1 } : seen)),
    };
    const processes = new RunProcesses({ table, hold: null }, stranger, 'DROVER_TEST=b');
    expect(processes.isMainLiving()).toBe(true);
    expect(processes.isMainLiving()).toBe(false);
    expect(await processes.signal(procTable.some([stranger]), 'SIGKILL')).toEqual([]);
    expect(process.kill(stranger, 0)).toBe(true);
    expect(procTable.some([stranger])[0]?.state).toMatch(/[RS]/);
  });
});

describe('the table of processes', () => {
  it('reads a name with blanks and parentheses', () => {
    const text = '12 (a) b (c) S 3 4 5 0 -1 1077936128 1 2 3 4 5 6 7 8 20 0 1 0 987654 1 2 3\n';
    expect(parseStat(text)).toEqual({ ...row(12, 3), group: 4, session: 5, born: 987_654 });
    expect(parseStat('')).toBeUndefined();
  });

  it('reads what ps prints', () => {
    const line =
      '  501   400   400 Ss   Fri Nov 20 09:59:01 2026 /bin/sh /tmp/x SHELL=/bin/zsh DROVER_RUN=r.0 TERM=xterm';
    expect(parsePs(line, 'DROVER_RUN=r.0')).toEqual({
      ...row(501, 400),
      group: 400,
      session: 400,
      born: Date.parse('Fri Nov 20 09:59:01 2026'),
      marked: true,
    });
    expect(parsePs(line, 'DROVER_RUN=r')).toMatchObject({ marked: false });
    expect(parsePs('', 'x')).toBeUndefined();
  });

  it('is the same from ps and from /proc', () => {
    const [fromProc] = procTable.some([process.pid]);
    const [fromPs] = psTable.some([process.pid]);
    const common = ({ pid, parent, group }: ProcessRow) => ({ pid, parent, group });
    expect(fromPs && common(fromPs)).toEqual(fromProc && common(fromProc));
    expect(psTable.some([])).toEqual([]);
  });
});
