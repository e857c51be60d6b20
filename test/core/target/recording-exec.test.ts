import { describe, expect, it } from 'vitest';
import type { Reached } from '#contract/target';
import type { Exec, ExecRequest, ExecResult } from '#core/ports';
import { execByConnection } from '#core/run/exec-by-connection';
import { recordingExec } from '#core/target/recording-exec';
import { plannedHosts } from '../../support/fakes/engine-rig.ts';

const [host] = plannedHosts(1);
const requestTo = (change: object): ExecRequest => ({
  runId: 'run-1',
  target: { ...(host ?? expect.unreachable()), ...change },
  launch: { files: [], entry: '', candidates: [] },
  environment: {},
  stdin: null,
});
const never = new AbortController().signal;
const ending = (result: ExecResult): Exec => ({ run: () => Promise.resolve(result) });
const exited = (exitCode: number): ExecResult => ({ kind: 'exited', exitCode, stopped: null, message: '' });
const failed = (reason: Extract<ExecResult, { kind: 'failed' }>['reason']): ExecResult => ({
  kind: 'failed',
  reason,
  stopped: null,
  message: `because ${reason}`,
});

async function recorded(result: ExecResult, change: object = {}): Promise<[string, Reached][]> {
  const notes: [string, Reached][] = [];
  const recorder = { record: (id: string, reached: Reached) => void notes.push([id, reached]) };
  const exec = recordingExec(ending(result), { recorder, clock: { now: () => 1_000.7 } });
  const told = await exec.run(requestTo(change), () => undefined, { term: never, kill: never });
  expect(told).toBe(result);
  return notes;
}

describe('the last contact of a target', () => {
  it.each([exited(0), exited(7), failed('no-interpreter'), failed('become-failed'), failed('lost')])(
    'was one when it answered, whatever came of the script: %o',
    async (result) => {
      expect(await recorded(result)).toEqual([['target-0', { at: 1_001, ok: true, reason: null, message: '' }]]);
    },
  );

  it.each(['unreachable', 'refused-connection', 'auth-failed', 'host-key'] as const)('failed as %s', async (reason) => {
    const reached = { at: 1_001, ok: false, reason, message: `because ${reason}` };
    expect(await recorded(failed(reason))).toEqual([['target-0', reached]]);
  });

  it('is not told of one that was never contacted, nor of an address that is not saved', async () => {
    expect(await recorded(failed('cancelled'))).toEqual([]);
    expect(await recorded(exited(0), { targetId: null })).toEqual([]);
  });
});

describe('a target', () => {
  it('is run on the way it is reached, or says that there is none', async () => {
    const exec = execByConnection({ ssh: ending(exited(0)), local: ending(exited(1)) });
    const run = (connection: string) =>
      exec.run(requestTo({ connection }), () => undefined, { term: never, kill: never });
    expect(await run('ssh')).toEqual(exited(0));
    expect(await run('local')).toEqual(exited(1));
    expect(await run('agent')).toMatchObject({ kind: 'failed', reason: 'unreachable' });
  });
});
