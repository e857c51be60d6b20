import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { needService } from '../../support/services.ts';
import { ended, type Going, isAlive, pidsOf, shellPlan, SshBench, Stopping } from './ssh-bench.ts';

/** Processes that a test has brought up, to be ended when it fails half-way. */
const mine = new Set<number>();

async function pids(going: Going, count: number): Promise<number[]> {
  const found = await pidsOf(going, count);
  found.forEach((pid) => mine.add(pid));
  return found;
}

const stateOf = (pid: number): string => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat.charAt(stat.lastIndexOf(')') + 2);
};

/** Every living process that carries the mark of a run. */
function runningOf(runId: string): number[] {
  return readdirSync('/proc')
    .filter((name) => {
      try {
        return (
          /^\d+$/.test(name) &&
          isAlive(Number(name)) &&
          readFileSync(`/proc/${name}/environ`, 'latin1').includes(`DROVER_RUN=${runId}.0.`)
        );
      } catch {
        return false;
      }
    })
    .map(Number);
}

describe.skipIf(needService('ssh-accounts').skip)('stopping a script over SSH', () => {
  let bench: SshBench;
  beforeAll(async () => {
    bench = await SshBench.start();
  });
  afterAll(() => bench.stop());
  afterEach(() => {
    [...mine].filter(isAlive).forEach((pid) => process.kill(pid, 'SIGKILL'));
    mine.clear();
  });

  it('ends one that obeys TERM, with its children', async () => {
    const stop = new Stopping();
    const going = bench.start({ plan: shellPlan('sleep 300 & echo $!; echo $$; wait'), stop });
    const all = await pids(going, 2);
    stop.askTerm();
    expect(await going.result).toEqual({
      kind: 'exited',
      exitCode: 143,
      stopped: 'TERM to 2 processes; none found',
      message: '',
    });
    expect(all.filter(isAlive)).toEqual([]);
    expect(going.output.err).toBe('');
  });

  it('lets it end in good order and keeps its exit code and last words', async () => {
    const stop = new Stopping();
    const text = 'trap "echo bye; exit 9" TERM; echo $$; while :; do sleep 0.01; done';
    const going = bench.start({ plan: shellPlan(text), stop });
    await pids(going, 1);
    stop.askTerm();
    expect(await going.result).toMatchObject({ kind: 'exited', exitCode: 9, message: '' });
    expect(going.output.out).toMatch(/bye\n$/);
  });

  it('goes on while TERM is ignored and kills when asked to', async () => {
    const stop = new Stopping();
    const text = 'trap "" TERM; sleep 300 & echo $!; echo $$; while :; do echo on; sleep 0.05; done';
    const going = bench.start({ plan: shellPlan(text), stop });
    const all = await pids(going, 2);
    stop.askTerm();
    const said = going.output.out.length;
    await expect.poll(() => going.output.out.length).toBeGreaterThan(said + 9);
    expect(all.filter(isAlive)).toEqual(all);
    stop.askKill();
    const result = await going.result;
    expect(result).toMatchObject({ kind: 'exited', exitCode: 137, message: '' });
    expect(result.stopped).toMatch(/^TERM to \d+ processes, KILL to \d+; none found$/);
    expect(all.filter(isAlive)).toEqual([]);
  });

  it('kills at once when only that is asked, and leaves no directory behind', async () => {
    const ssh = bench.client();
    const stop = new Stopping();
    const going = bench.start({ plan: shellPlan('echo "$0" >&2; echo $$; exec sleep 300'), stop }, ssh);
    await pids(going, 1);
    stop.askKill();
    expect(await going.result).toEqual({
      kind: 'exited',
      exitCode: 137,
      stopped: 'KILL to 1 process; none found',
      message: '',
    });
    expect(existsSync(dirname(going.output.err.trim()))).toBe(false);
    await ssh.close();
  });

  it('finds what nohup, setsid and double forks have hidden', async () => {
    const stop = new Stopping();
    const text = [
      'nohup sleep 300 >/dev/null 2>&1 & echo $!',
      'setsid sleep 300 & echo $!',
      "(setsid sh -c 'sleep 300 >/dev/null 2>&1 & echo $!; exec >/dev/null 2>&1; exit 0' &)",
      '(env -i /bin/sh -c "echo \\$\\$; exec sleep 300" &)',
      'setsid perl -e \'$|=1; setpgrp(0,0); print "$$\\n"; sleep 300\' &',
      'echo $$',
      'wait',
    ].join('\n');
    const going = bench.start({ plan: shellPlan(text), stop });
    const all = await pids(going, 6);
    stop.askTerm();
    const result = await going.result;
    // A moment ago begun and about to end by themselves some more may be told.
    expect(result.stopped).toMatch(/^TERM to \d+ processes(, KILL to \d+)?; none found$/);
    expect(all.filter(isAlive)).toEqual([]);
  });

  it('kills after a moment what outlives an interpreter that obeyed', async () => {
    const stop = new Stopping();
    const text = 'setsid sh -c \'trap "" TERM; echo $$; while :; do sleep 0.1; done\' & wait';
    const going = bench.start({ plan: shellPlan(text), stop });
    const [stubborn = 0] = await pids(going, 1);
    stop.askTerm();
    const result = await going.result;
    expect(result).toMatchObject({ kind: 'exited', exitCode: 143 });
    expect(result.stopped).toMatch(/^TERM to \d+ processes, KILL to \d+; none found$/);
    expect(isAlive(stubborn)).toBe(false);
  });

  it('wakes a script that has stopped itself', async () => {
    const stop = new Stopping();
    const going = bench.start({ plan: shellPlan('echo $$; kill -STOP $$; echo never'), stop });
    const [pid = 0] = await pids(going, 1);
    await expect.poll(() => stateOf(pid)).toBe('T');
    stop.askTerm();
    expect(await going.result).toMatchObject({ exitCode: 143, stopped: 'TERM to 1 process; none found' });
    expect(going.output.out).not.toContain('never');
  });

  it('leaves other runs, other targets of the run and other processes of the account alone', async () => {
    const uid = Number((await bench.run({ plan: shellPlan('id -u') })).out);
    const stranger = spawn('sleep', ['300'], { stdio: 'ignore', env: {}, detached: true, uid });
    mine.add(stranger.pid ?? 0);
    const stops = [new Stopping(), new Stopping(), new Stopping()] as const;
    const text = 'setsid sleep 300 & echo $!; echo $$; wait';
    const stopped = bench.start({ plan: shellPlan(text), stop: stops[0], runId: 'many', host: 1 });
    const others = [
      bench.start({ plan: shellPlan(text), stop: stops[1], runId: 'many', host: 11 }),
      bench.start({ plan: shellPlan(text), stop: stops[2], runId: 'other', host: 1 }),
    ];
    await pids(stopped, 2);
    const living = (await Promise.all(others.map((going) => pids(going, 2)))).flat();
    stops[0].askTerm();
    stops[0].askKill();
    expect((await stopped.result).stopped).toMatch(/2 processes.*; none found$/);
    expect([...living, stranger.pid ?? 0].filter(isAlive)).toEqual([...living, stranger.pid ?? 0]);
    stops[1].askKill();
    stops[2].askKill();
    const results = await Promise.all(others.map(({ result }) => result));
    expect(results.map((result) => result.stopped)).toEqual(Array(2).fill('KILL to 2 processes; none found'));
    expect(isAlive(stranger.pid ?? 0)).toBe(true);
  });

  it('ends a swarm that goes on forking', async () => {
    const stop = new Stopping();
    const text = 'echo $$; trap "" TERM; while :; do (trap "" TERM; sleep 0.05; sleep 300) & sleep 0.02; done';
    const going = bench.start({ plan: shellPlan(text), stop });
    await pids(going, 1);
    await expect.poll(() => runningOf(going.runId).length, { timeout: 10_000 }).toBeGreaterThan(20);
    stop.askTerm();
    stop.askKill();
    expect((await going.result).stopped).toMatch(/; none found$/);
    expect(runningOf(going.runId)).toEqual([]);
  });

  it('is no stop for a daemon when the script had ended by itself', async () => {
    const stop = new Stopping();
    const going = bench.start({ plan: shellPlan('setsid sleep 300 >/dev/null 2>&1 & echo $!; exit 4'), stop });
    const [daemon = 0] = await pids(going, 1);
    expect(await going.result).toEqual(ended(4));
    stop.askTerm();
    stop.askKill();
    expect(isAlive(daemon)).toBe(true);
  });

  it('in the moment of the start leaves nothing running, whenever it comes', async () => {
    const stopAfter = async (ms: number): Promise<boolean> => {
      const stop = new Stopping();
      const going = bench.start({ plan: shellPlan(`: ${'x'.repeat(ms % 2 ? 20_000 : 10)}\nsleep 300`), stop });
      await pause(ms / 2);
      stop[ms % 3 ? 'askTerm' : 'askKill']();
      const result = await going.result;
      const left = runningOf(going.runId);
      left.forEach((pid) => mine.add(pid));
      expect(left).toEqual([]);
      expect(result.kind === 'exited' ? result.exitCode : result.reason).toBeOneOf([143, 137, 'cancelled']);
      return result.kind === 'exited';
    };
    const begun: boolean[] = [];
    // A slow machine has begun nothing by then: later moments are tried until one has.
    for (let ms = 0; ms < 42 || (!begun.includes(true) && ms < 5_000); ms += ms < 42 ? 3 : 60) {
      begun.push(...(await Promise.all([ms, ms + 1, ms + 2].map(stopAfter))));
    }
    expect(new Set(begun)).toEqual(new Set([true, false]));
  });
});
