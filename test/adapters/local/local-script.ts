import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { ExecRequest, ExecResult, LaunchPlan, OutputSink, PlannedHost, StopSignals } from '#core/ports';
import { createLocalExec } from '#adapters/local/local-exec';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';

export const here: PlannedHost = {
  host: 0,
  targetId: null,
  name: 'local',
  address: 'local',
  os: 'linux',
  connection: 'local',
  reach: null,
};

export const shellPlan = (text: string, path = '/bin/sh', ...options: string[]): LaunchPlan => ({
  files: [{ name: 'script', content: text }],
  entry: 'script',
  candidates: [{ path, options }],
});

export class Stopping implements StopSignals {
  readonly #term = new AbortController();
  readonly #kill = new AbortController();
  readonly term = this.#term.signal;
  readonly kill = this.#kill.signal;
  askTerm = (): void => this.#term.abort();
  askKill = (): void => this.#kill.abort();
}

/** What a program of the system prints. */
export const printed = (program: string, ...words: string[]): string =>
  execFileSync(program, words, { encoding: 'utf8' });

type Choice = {
  readonly plan: LaunchPlan;
  readonly stdin?: string;
  readonly environment?: Record<string, string>;
  readonly runId?: string;
  readonly stop?: StopSignals;
  readonly sink?: OutputSink;
};

type Exec = ReturnType<typeof createLocalExec>;

let lastRun = 0;

/** What a run has written so far, and its result. */
export type Going = {
  readonly output: { out: string; err: string };
  readonly result: Promise<ExecResult>;
  readonly runId: string;
};

/** Starts a run; a `sink` of the caller's own gets the bytes instead of `output`. */
export function start(choice: Choice, exec: Exec = createLocalExec({ log: new CollectingLog() })): Going {
  const output = { out: '', err: '' };
  const runId = choice.runId ?? `test-${process.pid}-${(lastRun += 1)}`;
  const request: ExecRequest = {
    runId,
    target: here,
    launch: choice.plan,
    environment: choice.environment ?? {},
    stdin: choice.stdin === undefined ? null : Buffer.from(choice.stdin),
  };
  const collect: OutputSink = (stream, bytes) => {
    output[stream] += Buffer.from(bytes).toString('latin1');
  };
  const result = exec.run(request, choice.sink ?? collect, choice.stop ?? new Stopping());
  return { output, result, runId };
}

/** Runs to the end. */
export async function run(choice: Choice, exec?: Exec): Promise<{ out: string; err: string; result: ExecResult }> {
  const { output, result } = start(choice, exec);
  return { result: await result, ...output };
}

export const ended = (exitCode: number): ExecResult => ({ kind: 'exited', exitCode, stopped: null, message: '' });

/** Whether a process exists and is not merely waiting to be collected. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.charAt(stat.lastIndexOf(')') + 2) !== 'Z';
  } catch {
    return false;
  }
}

/** Waits until the run has written this many numbers, which its script gives as process ids. */
export async function pidsOf(going: Going, count: number): Promise<number[]> {
  const found = (): number[] => (going.output.out.match(/\d+(?=\n)/g) ?? []).map(Number);
  await expect.poll(() => found().length, { timeout: 10_000, interval: 10 }).toBe(count);
  return found();
}
