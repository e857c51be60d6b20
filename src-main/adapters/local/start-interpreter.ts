import type { SpawnOptions } from 'node:child_process';
import type { LaunchPlan } from '#core/ports';
import type { Channels } from './channels.ts';
import { findProgram } from './find-program.ts';
import { type Command, type Failure, type Held, type Holder, isFailure, plainHolder } from './hold.ts';

type Start = {
  readonly candidates: LaunchPlan['candidates'];
  /** The script, as the interpreter is to open it. */
  readonly script: string;
  readonly channels: Channels;
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  /** Surest first. */
  readonly holders: readonly Holder[];
};

export type Started = Held | { readonly reason: 'no-interpreter' | 'not-started'; readonly message: string };

/** Errors of one candidate, after which the next may do. */
const notThisOne = new Set(['ENOENT', 'EACCES', 'ENOEXEC', 'ENOTDIR', 'ELOOP', 'EPERM', 'EISDIR']);

function attempt(command: Command, start: Start): Promise<Held | Failure> {
  const options: SpawnOptions = {
    cwd: start.folder,
    env: start.environment,
    // A session of its own: no terminal, and a group that can be told as one.
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: start.channels.stdio,
  };
  const holder = start.holders.find((each) => each.suits(start.environment)) ?? plainHolder;
  return holder.start(command, options);
}

/** Starts the first candidate that can be started, without a shell's reading of its words. */
export async function startInterpreter(start: Start): Promise<Started> {
  for (const { path, options } of start.candidates) {
    const program = findProgram(path, start.environment);
    if (program === undefined) {
      continue;
    }
    const tried = await attempt([program, ...options, start.script], start);
    if (!isFailure(tried)) {
      return tried;
    }
    if (!notThisOne.has(tried.code)) {
      return { reason: 'not-started', message: `${path} could not be started: ${tried.text}` };
    }
  }
  const names = start.candidates.map(({ path }) => path).join(', ');
  const onPath = start.candidates.some(({ path }) => !path.includes('/'));
  const where = onPath ? ` (PATH is ${start.environment['PATH'] ?? 'not set'})` : '';
  return { reason: 'no-interpreter', message: `No interpreter found; looked for ${names}${where}` };
}
