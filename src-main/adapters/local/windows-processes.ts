import { execFile } from 'node:child_process';
import type { ProcessRow } from './process-table.ts';
import type { Processes, StopSignal } from './run-processes.ts';

/** Windows: `taskkill` walks the tree of processes; what it left is not looked for. Never seen on Windows itself. */
export class WindowsProcesses implements Processes {
  readonly sees = 'interpreter';
  readonly #row: ProcessRow;

  constructor(main: number) {
    this.#row = { pid: main, parent: 0, group: main, session: main, state: 'R', born: 0, marked: true };
  }

  isMainLiving(): boolean {
    try {
      return process.kill(this.#row.pid, 0);
    } catch {
      return false;
    }
  }

  find(): ProcessRow[] {
    return this.isMainLiving() ? [this.#row] : [];
  }

  stillLiving(rows: readonly ProcessRow[]): ProcessRow[] {
    return rows.length > 0 ? this.find() : [];
  }

  signal(rows: readonly ProcessRow[], signal: StopSignal): Promise<ProcessRow[]> {
    const force = signal === 'SIGKILL' ? ['/F'] : [];
    return new Promise((done) => {
      execFile('taskkill', ['/PID', String(this.#row.pid), '/T', ...force], { windowsHide: true }, (error) =>
        done(error ? [] : [...rows]),
      );
    });
  }
}
