import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ProcessRow } from '#adapters/local/process-table';
import type { Processes } from '#adapters/local/run-processes';
import { RunStop, stopSentence } from '#adapters/local/run-stop';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';
import { Stopping } from './local-script.ts';

const rowOf = (pid: number): ProcessRow => ({
  pid,
  parent: 1,
  group: pid,
  session: pid,
  state: 'S',
  born: 1,
  marked: true,
});

/** Processes of which some do not die of one signal or of any. */
class FakeProcesses implements Processes {
  readonly sees = 'all';
  readonly living: Map<number, 'dies of TERM' | 'dies of KILL' | 'never dies'>;
  readonly main: number;
  constructor(main: number, living: FakeProcesses['living']) {
    this.main = main;
    this.living = living;
  }
  isMainLiving = () => this.living.has(this.main);
  find = () => [...this.living.keys()].map(rowOf);
  stillLiving = (rows: readonly ProcessRow[]) => rows.filter(({ pid }) => this.living.has(pid));
  signal = (rows: readonly ProcessRow[], signal: 'SIGTERM' | 'SIGKILL') => {
    const told = this.stillLiving(rows);
    for (const { pid } of told) {
      const nature = this.living.get(pid);
      if (nature === 'dies of TERM' || (nature === 'dies of KILL' && signal === 'SIGKILL')) {
        this.living.delete(pid);
      }
    }
    return Promise.resolve(told);
  };
}

describe('the sentence about a stop', () => {
  it.each([
    [[3, 1], [], 'TERM to 3 processes, KILL to 1; none found'],
    [[1, 0], [], 'TERM to 1 process; none found'],
    [[0, 2], [], 'KILL to 2 processes; none found'],
    [[2, 2], [1234, 1240], 'TERM to 2 processes, KILL to 2; 2 processes still alive: 1234, 1240'],
    [[0, 1], [7], 'KILL to 1 process; 1 process still alive: 7'],
  ] as [[number, number], number[], string][])('counts %j and %j', ([term, kill], left, sentence) => {
    expect(stopSentence(term, kill, { left, sees: 'all' })).toBe(sentence);
  });

  it('does not claim to have seen what it did not look for', () => {
    expect(stopSentence(1, 1, { left: [], sees: 'ties' })).toBe(
      'TERM to 1 process, KILL to 1; none found by session, parent or environment',
    );
    expect(stopSentence(1, 1, { left: [], sees: 'interpreter' })).toBe(
      'TERM to 1 process, KILL to 1; the interpreter is gone, its children were not looked for',
    );
  });
});

describe('a stop', () => {
  afterEach(() => vi.useRealTimers());

  const begin = (processes: Processes) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const stop = new Stopping();
    const log = new CollectingLog();
    return { stop, log, stopping: new RunStop(stop, { processes, log, monotonic: () => performance.now() }) };
  };

  it('gives up within three seconds of KILL and names what lives', async () => {
    const processes = new FakeProcesses(
      10,
      new Map([
        [10, 'never dies'],
        [11, 'never dies'],
        [12, 'dies of KILL'],
      ]),
    );
    const { stop, stopping } = begin(processes);
    stop.askTerm();
    stop.askKill();
    let gaveUp = false;
    void stopping.gaveUp.then(() => (gaveUp = true));
    await vi.advanceTimersByTimeAsync(1_900);
    expect(gaveUp).toBe(false);
    await vi.advanceTimersByTimeAsync(500);
    expect(gaveUp).toBe(true);
    expect(await stopping.finish()).toBe('TERM to 3 processes, KILL to 3; 2 processes still alive: 10, 11');
  });

  it('tells what an obedient interpreter left TERM again and kills it two seconds later', async () => {
    const processes = new FakeProcesses(
      10,
      new Map([
        [10, 'dies of TERM'],
        [11, 'dies of KILL'],
      ]),
    );
    const { stop, stopping } = begin(processes);
    stop.askTerm();
    const finished = stopping.finish();
    await vi.advanceTimersByTimeAsync(1_900);
    expect([...processes.living.keys()]).toEqual([11]);
    await vi.advanceTimersByTimeAsync(200);
    expect(await finished).toBe('TERM to 2 processes, KILL to 1; none found');
  });

  it('kills what is left at once when that is asked for meanwhile', async () => {
    const processes = new FakeProcesses(
      10,
      new Map([
        [10, 'dies of TERM'],
        [11, 'dies of KILL'],
      ]),
    );
    const { stop, stopping } = begin(processes);
    stop.askTerm();
    const finished = stopping.finish();
    await vi.advanceTimersByTimeAsync(100);
    stop.askKill();
    await vi.advanceTimersByTimeAsync(50);
    expect(await finished).toBe('TERM to 2 processes, KILL to 1; none found');
  });

  it('touches nothing when the interpreter has ended by itself', async () => {
    const processes = new FakeProcesses(10, new Map([[11, 'dies of TERM']]));
    const { stop, stopping } = begin(processes);
    stop.askTerm();
    stop.askKill();
    expect(await stopping.finish()).toBeNull();
    expect([...processes.living.keys()]).toEqual([11]);
  });

  it('is not heard any more once it was closed', async () => {
    const processes = new FakeProcesses(10, new Map([[10, 'dies of TERM']]));
    const { stop, stopping } = begin(processes);
    stopping.close();
    stop.askTerm();
    stop.askKill();
    expect(processes.isMainLiving()).toBe(true);
    expect(await stopping.finish()).toBeNull();
  });
});
