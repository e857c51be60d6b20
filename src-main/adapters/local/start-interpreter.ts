import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { LaunchPlan } from '#core/ports';
import type { Channels } from './channels.ts';
import { findProgram } from './find-program.ts';

type Start = {
  readonly candidates: LaunchPlan['candidates'];
  /** The script, as the interpreter is to open it. */
  readonly script: string;
  readonly channels: Channels;
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
};

/** Exit code or the name of the signal that it died of. */
type End = [code: number | null, signal: NodeJS.Signals | null];

export type Started =
  | { readonly child: ChildProcess; readonly pid: number; readonly ended: Promise<End> }
  | { readonly reason: 'no-interpreter' | 'no-space' | 'not-started'; readonly message: string };

/** Errors of one candidate, after which the next may do. */
const notThisOne = new Set(['ENOENT', 'EACCES', 'ENOEXEC', 'ENOTDIR', 'ELOOP', 'EPERM', 'EISDIR']);

type Failure = { readonly code: string; readonly text: string };

const failureOf = (error: unknown): Failure => ({
  code: (error as NodeJS.ErrnoException).code ?? '',
  text: error instanceof Error ? error.message : String(error),
});

async function attempt(program: string, options: readonly string[], start: Start): Promise<ChildProcess | Failure> {
  try {
    const child = spawn(program, [...options, start.script], {
      cwd: start.folder,
      env: start.environment,
      // A session of its own: no terminal, and a group that can be told as one.
      detached: process.platform !== 'win32',
      windowsHide: true,
      stdio: start.channels.stdio,
    });
    if (child.pid !== undefined) {
      return child;
    }
    const [error] = (await once(child, 'error')) as [unknown];
    return failureOf(error);
  } catch (error) {
    return failureOf(error);
  }
}

/** Starts the first candidate that can be started, without a shell in between. */
export async function startInterpreter(start: Start): Promise<Started> {
  for (const { path, options } of start.candidates) {
    const program = findProgram(path, start.environment);
    if (program === undefined) {
      continue;
    }
    const tried = await attempt(program, options, start);
    if ('pid' in tried && tried.pid !== undefined) {
      return { child: tried, pid: tried.pid, ended: once(tried, 'exit') as Promise<End> };
    }
    if ('code' in tried && !notThisOne.has(tried.code)) {
      return { reason: 'not-started', message: `${path} could not be started: ${tried.text}` };
    }
  }
  const names = start.candidates.map(({ path }) => path).join(', ');
  const onPath = start.candidates.some(({ path }) => !path.includes('/'));
  const where = onPath ? ` (PATH is ${start.environment['PATH'] ?? 'not set'})` : '';
  return { reason: 'no-interpreter', message: `No interpreter found; looked for ${names}${where}` };
}
