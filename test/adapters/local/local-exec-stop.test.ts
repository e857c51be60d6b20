import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ended, isAlive, pidsOf, printed, run, shellPlan, start, Stopping, type Going } from './local-script.ts';

/** Processes that a test has brought up, to be ended when it fails half-way. */
const mine = new Set<number>();

async function pids(going: Going, count: number): Promise<number[]> {
  const found = await pidsOf(going, count);
  found.forEach((pid) => mine.add(pid));
  return found;
}

const gate = join(mkdtempSync(join(tmpdir(), 'drover-stop-')), 'gate');
beforeAll(() => void printed('mkfifo', gate));
afterAll(() => rmSync(dirname(gate), { recursive: true }));

afterEach(() => {
  for (const pid of [...mine].filter(isAlive)) {
    process.kill(pid, 'SIGKILL');
  }
  mine.clear();
});

const stateOf = (pid: number): string => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat.charAt(stat.lastIndexOf(')') + 2);
};

/** Every living process that carries the mark of a run. */
function runningOf(runId: string): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return (
        /^\d+$/.test(name) &&
        isAlive(Number(name)) &&
        readFileSync(`/proc/${name}/environ`, 'latin1').includes(`DROVER_RUN=${runId}.0\0`)
      );
    } catch {
      return false;
    }
  });
}

describe('stopping a script', () => {
  it('ends one that obeys TERM, with its children', async () => {
    const stop = new Stopping();
    const going = start({ plan: shellPlan('sleep 300 & echo $!; echo $$; wait'), stop });
    const all = await pids(going, 2);
    stop.askTerm();
    expect(await going.result).toEqual({
      kind: 'exited',
      exitCode: 143,
      stopped: 'TERM to 2 processes; none found',
      message: '',
    });
    expect(all.filter(isAlive)).toEqual([]);
  });

  it('lets it end in good order and keeps its exit code and last words', async () => {
    const stop = new Stopping();
    const text = 'trap "echo bye; exit 9" TERM; echo $$; while :; do sleep 0.01; done';
    const going = start({ plan: shellPlan(text), stop });
    await pids(going, 1);
    stop.askTerm();
    expect(await going.result).toMatchObject({ kind: 'exited', exitCode: 9, message: '' });
    expect(going.output.out).toMatch(/bye\n$/);
  });

  it('goes on while TERM is ignored and kills when asked to', async () => {
    const stop = new Stopping();
    const text = 'trap "" TERM; sleep 300 & echo $!; echo $$; while :; do echo on; sleep 0.05; done';
    const going = start({ plan: shellPlan(text), stop });
    const all = await pids(going, 2);
    stop.askTerm();
    const said = going.output.out.length;
    await expect.poll(() => going.output.out.length).toBeGreaterThan(said + 9);
    expect(all.filter(isAlive)).toEqual(all);
    stop.askKill();
    const result = await going.result;
    expect(result).toMatchObject({ kind: 'exited', exitCode: 137, message: '' });
    expect(result.stopped).toMatch(/^TERM to [23] processes, KILL to [23]; none found$/);
    expect(all.filter(isAlive)).toEqual([]);
  });

  it('kills at once when only that is asked', async () => {
    const stop = new Stopping();
    const going = start({ plan: shellPlan('echo $$; exec sleep 300'), stop });
    await pids(going, 1);
    stop.askKill();
    expect(await going.result).toEqual({
      kind: 'exited',
      exitCode: 137,
      stopped: 'KILL to 1 process; none found',
      message: '',
    });
  });

  it('finds what nohup, setsid and double forks have hidden', async () => {
    const stop = new Stopping();
    const text = [
      'nohup sleep 300 >/dev/null 2>&1 & echo $!',
      'setsid sleep 300 & echo $!',
      "(setsid sh -c 'sleep 300 >/dev/null 2>&1 & echo $!; exec >/dev/null 2>&1; exit 0' &)",
      '(setsid env -i /bin/sh -c "echo \\$\\$; sleep 300; :" & wait) &',
      'echo $$',
      'wait',
    ].join('\n');
    const going = start({ plan: shellPlan(text), stop });
    const all = await pids(going, 5);
    stop.askTerm();
    const result = await going.result;
    expect(result.stopped).toMatch(/^TERM to [78] processes; none found$/);
    expect(all.filter(isAlive)).toEqual([]);
  });

  it('kills after a moment what outlives an interpreter that obeyed', async () => {
    const stop = new Stopping();
    const text = 'setsid sh -c \'trap "" TERM; echo $$; while :; do sleep 0.1; done\' & wait';
    const going = start({ plan: shellPlan(text), stop });
    const [stubborn = 0] = await pids(going, 1);
    stop.askTerm();
    const result = await going.result;
    expect(result).toMatchObject({ kind: 'exited', exitCode: 143 });
    expect(result.stopped).toMatch(/^TERM to \d+ processes, KILL to [12]; none found$/);
    expect(isAlive(stubborn)).toBe(false);
  });

  it('wakes a script that has stopped itself', async () => {
    const stop = new Stopping();
    const going = start({ plan: shellPlan('echo $$; kill -STOP $$; echo never'), stop });
    const [pid = 0] = await pids(going, 1);
    await expect.poll(() => stateOf(pid)).toBe('T');
    stop.askTerm();
    expect(await going.result).toMatchObject({ exitCode: 143, stopped: 'TERM to 1 process; none found' });
    expect(going.output.out).not.toContain('never');
  });

  it('leaves another run of the same moment alone', async () => {
    const [one, other] = [new Stopping(), new Stopping()];
    const text = 'setsid sleep 300 & echo $!; echo $$; wait';
    const stopped = start({ plan: shellPlan(text), stop: one });
    const kept = start({ plan: shellPlan(text), stop: other });
    await pids(stopped, 2);
    const living = await pids(kept, 2);
    one.askKill();
    await stopped.result;
    expect(living.filter(isAlive)).toEqual(living);
    other.askKill();
    expect((await kept.result).stopped).toBe('KILL to 2 processes; none found');
  });

  it('keeps the true result of a script that had ended before anybody noticed, and its daemon', async () => {
    const stop = new Stopping();
    const text = 'sleep 300 >/dev/null 2>&1 & echo $!; echo $$; read answer <"$GATE"; exit 4';
    const going = start({ plan: shellPlan(text), stop, environment: { GATE: gate } });
    const [daemon = 0, script = 0] = await pids(going, 2);
    // From here to the stop the event loop is not left, so that the end cannot have been noticed.
    writeFileSync(gate, 'go\n');
    while (isAlive(script)) {}
    stop.askTerm();
    stop.askKill();
    expect(await going.result).toEqual(ended(4));
    expect(isAlive(daemon)).toBe(true);
  });

  it('ends a swarm that goes on forking', async () => {
    const stop = new Stopping();
    const text = 'echo $$; trap "" TERM; while :; do (trap "" TERM; sleep 0.02; sleep 300) & sleep 0.005; done';
    const going = start({ plan: shellPlan(text), stop });
    await pids(going, 1);
    await expect.poll(() => runningOf(going.runId).length, { timeout: 10_000 }).toBeGreaterThan(30);
    stop.askTerm();
    stop.askKill();
    expect((await going.result).stopped).toMatch(/; none found$/);
    expect(runningOf(going.runId)).toEqual([]);
  });

  it('changes nothing of a run that has ended', async () => {
    const stop = new Stopping();
    expect((await run({ plan: shellPlan('true'), stop })).result).toEqual(ended(0));
    stop.askTerm();
    stop.askKill();
  });
});
