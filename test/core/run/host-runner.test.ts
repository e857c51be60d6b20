import { describe, expect, it } from 'vitest';
import type { HostRow, HostStatus } from '#contract/run';
import type { ExecResult, TaskType } from '#core/ports';
import { CommitQueue } from '#core/run/commit-queue';
import { runHost } from '#core/run/host-runner';
import { notStarted } from '#core/run/not-started';
import { OutputRecorder } from '#core/run/output-recorder';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';
import { plannedHosts, requestFor, storeRun } from '../../support/fakes/engine-rig.ts';
import { FakeClock, settled } from '../../support/fakes/fake-clock.ts';
import { FakeDisk } from '../../support/fakes/fake-disk.ts';
import { FakeExec, fakeTask, type HostScript } from '../../support/fakes/fake-exec.ts';
import { MemoryArchive, noSpaceFor } from '../../support/fakes/memory-archive.ts';
import { nodeDigest, sha256 } from '../../support/fakes/node-digest.ts';

/** One target with a limit of 60 s, killed 10 s after it was asked to stop. */
class Bench {
  readonly clock = new FakeClock();
  readonly archive = new MemoryArchive();
  readonly log = new CollectingLog();
  readonly exec: FakeExec;
  readonly id = storeRun(this.archive, 1);
  readonly term = new AbortController();
  readonly kill = new AbortController();
  readonly began = this.clock.monotonic();
  readonly recorder: OutputRecorder;
  cause: 'cancel' | 'deadline' = 'cancel';
  status: HostStatus | undefined;

  constructor(
    script: HostScript,
    { taskType = fakeTask, before }: { taskType?: TaskType; before?: (bench: Bench) => void } = {},
  ) {
    const { archive, clock, log } = this;
    this.exec = new FakeExec(clock, () => script);
    this.recorder = new OutputRecorder(
      { archive, clock, log, digest: nodeDigest, disk: new FakeDisk() },
      { id: this.id, limits: () => ({ perStream: 1e9, perRun: 1e9, minFreeShare: 0 }), onStored: () => undefined },
    );
    archive.moveRun(this.id, 'pending', { status: 'running', phase: 'running' });
    before?.(this);
    this.#start(taskType);
  }

  /** One that has been contacted. */
  static async contacted(script: HostScript): Promise<Bench> {
    const bench = new Bench(script);
    await settled();
    return bench;
  }

  #start(taskType: TaskType): void {
    const { archive, clock, exec, log, recorder } = this;
    const [host] = plannedHosts(1);
    const { task } = requestFor(1);
    if (!host) {
      throw new Error('no target');
    }
    void runHost(
      {
        runId: this.id,
        task,
        finalText: task.text,
        timeoutMs: 60_000,
        killAfterMs: 10_000,
        taskType,
        exec,
        recorder,
        archive,
        commits: new CommitQueue({ archive, clock, pace: { count: 1, windowMs: 0 } }),
        clock,
        log,
        onChange: () => undefined,
      },
      host,
      { term: this.term.signal, kill: this.kill.signal, cause: () => this.cause },
    ).then((status) => {
      this.status = status;
    });
  }

  get row(): HostRow {
    const [row] = this.archive.getHosts(this.id, { after: -1, limit: 1 });
    if (!row) {
      throw new Error('no target');
    }
    return row;
  }

  get passed(): number {
    return this.clock.monotonic() - this.began;
  }

  /** Lets time pass until the target has a result; gives it. */
  async end(): Promise<HostRow> {
    await this.clock.until(() => this.status !== undefined);
    return this.row;
  }
}

const lost: ExecResult = { kind: 'failed', reason: 'lost', stopped: null, message: 'The connection broke' };

describe('a target', () => {
  it('is stored as started before it is contacted', async () => {
    let seen: HostStatus | undefined;
    const taskType: TaskType = {
      ...fakeTask,
      run: (...input) => {
        seen = bench.row.status;
        return fakeTask.run(...input);
      },
    };
    const bench: Bench = new Bench({ exitAfter: 0 }, { taskType });
    await bench.end();
    expect(seen).toBe('running');
  });

  it('succeeds with exit code 0 and keeps how long it took', async () => {
    const row = await new Bench({ exitAfter: 1_234, output: [{ at: 5, bytes: 'hello\n' }] }).end();
    expect(row).toMatchObject({ status: 'success', reason: null, exitCode: 0, durationMs: 1_234 });
    expect(row.out).toEqual({ lines: 1, bytes: 6, omitted: 0, sha256: sha256('hello\n') });
  });

  it('fails with any other exit code', async () => {
    const row = await new Bench({ exitAfter: 10, exitCode: 3 }).end();
    expect(row).toMatchObject({ status: 'failed', reason: 'exit-code', exitCode: 3 });
  });

  it('fails with the reason of who could not start it or lost it', async () => {
    expect(await new Bench({ fails: lost }).end()).toMatchObject({
      status: 'failed',
      reason: 'lost',
      exitCode: null,
      message: 'The connection broke',
    });
  });

  it('fails as lost when the task type breaks, at once or later, and the bug is logged', async () => {
    const broken = new Error('broken');
    const taskType: TaskType = {
      ...fakeTask,
      run: () => {
        throw broken;
      },
    };
    const atOnce = new Bench({}, { taskType });
    const later = new Bench({ throws: broken });
    for (const bench of [atOnce, later]) {
      expect(await bench.end()).toMatchObject({ status: 'failed', reason: 'lost' });
      expect(bench.log.messages('error')).toEqual(['a task type failed']);
    }
  });

  it('is not contacted when it was ended before its turn', async () => {
    const ended = notStarted('Cancelled', 0);
    const bench = new Bench(
      { exitAfter: 10 },
      { before: ({ archive, id }) => archive.finishHosts(id, ['pending'], ended) },
    );
    await bench.end();
    expect(bench.status).toBe('skipped');
    expect(bench.exec.started).toEqual([]);
    expect(bench.row.lateResult).toBeNull();
  });

  it('is not contacted when the run is stopped between its start and the contact', async () => {
    const bench = new Bench({ exitAfter: 10 });
    bench.term.abort();
    expect(await bench.end()).toMatchObject({ status: 'cancelled', message: 'It was not contacted' });
    expect(bench.exec.started).toEqual([]);
  });
});

describe('the limit of a target', () => {
  it('asks it to stop at its time, and its answer ends it as timed out with the exit code it had', async () => {
    const bench = new Bench({ onTerm: 500 });
    expect(await bench.end()).toMatchObject({
      status: 'timeout',
      reason: 'timed-out',
      stopped: 'TERM',
      exitCode: 143,
      message: 'Took longer than 60 s',
      durationMs: 60_500,
    });
    expect(bench.exec.termed).toEqual([{ host: 0, at: bench.began + 60_000 }]);
    expect(bench.exec.killed).toEqual([]);
    expect(bench.clock.waiting).toBe(0);
  });

  it('kills it when it ignores the stop for the set time', async () => {
    const bench = new Bench({ onTerm: 'ignores' });
    expect(await bench.end()).toMatchObject({ status: 'timeout', stopped: 'KILL', durationMs: 70_000 });
    expect(bench.exec.killed).toEqual([{ host: 0, at: bench.began + 70_000 }]);
  });

  it('gives it up 5 s after the kill, says that it may still run and keeps a late result beside', async () => {
    const bench = new Bench({ onTerm: 'ignores', onKill: 'ignores' });
    const row = await bench.end();
    expect(bench.passed).toBe(75_000);
    expect(row).toMatchObject({ status: 'timeout', reason: 'timed-out', lateResult: null, exitCode: null });
    expect(row.message).toBe('Took longer than 60 s. It did not answer the stop and may still be running there');
    bench.exec.emit(0, 'late\n');
    bench.exec.answer(0);
    await bench.clock.advance(2_000);
    expect(bench.row).toEqual({ ...row, lateResult: expect.stringContaining('success') });
    expect(bench.archive.getDetail(bench.id).run.omittedBytes).toBe(5);
    expect(bench.archive.bytesOf(bench.id)).toHaveLength(0);
  });

  it('leaves a result that came in the same moment as it is', async () => {
    const bench = new Bench({ exitAfter: 60_000, exitCode: 4, onTerm: 'ignores' });
    expect(await bench.end()).toMatchObject({ status: 'failed', reason: 'exit-code', exitCode: 4, stopped: null });
    const succeeded = new Bench({ onTerm: 'ignores' });
    await succeeded.clock.advance(60_000);
    succeeded.exec.answer(0);
    expect(await succeeded.end()).toMatchObject({ status: 'success', exitCode: 0 });
  });

  it('is not moved by a jump of the wall clock, and the duration is not either', async () => {
    for (const jump of [86_400_000, -86_400_000, -Date.UTC(2026, 3, 30)]) {
      const bench = new Bench({ onTerm: 0 });
      await bench.clock.advance(30_000);
      bench.clock.setWall(bench.clock.now() + jump);
      await bench.clock.advance(29_999);
      expect(bench.row.status).toBe('running');
      await bench.clock.advance(1);
      expect(bench.row).toMatchObject({ status: 'timeout', durationMs: 60_000 });
    }
  });
});

describe('the stop of the whole run', () => {
  it('ends a target as cancelled', async () => {
    const bench = await Bench.contacted({ onTerm: 200 });
    await bench.clock.advance(1_000);
    bench.term.abort();
    expect(await bench.end()).toMatchObject({
      status: 'cancelled',
      reason: 'cancelled',
      stopped: 'TERM',
      exitCode: 143,
    });
  });

  it('kills it after the set time, or at once when the run is killed', async () => {
    const patient = await Bench.contacted({ onTerm: 'ignores' });
    patient.term.abort();
    expect(await patient.end()).toMatchObject({ status: 'cancelled', stopped: 'KILL', durationMs: 10_000 });
    const killed = await Bench.contacted({ onTerm: 'ignores' });
    killed.kill.abort();
    expect(await killed.end()).toMatchObject({ status: 'cancelled', stopped: 'KILL', durationMs: 0 });
  });

  it('leaves it to the run to give up a cancelled target that never answers', async () => {
    const bench = await Bench.contacted({ onTerm: 'ignores', onKill: 'ignores' });
    bench.term.abort();
    await bench.clock.advance(3_600_000);
    expect(bench.row.status).toBe('running');
  });

  it('ends a target as timed out when it was the limit of the run', async () => {
    const bench = await Bench.contacted({ onTerm: 0 });
    bench.cause = 'deadline';
    bench.term.abort();
    expect(await bench.end()).toMatchObject({ status: 'timeout', message: 'The run reached its time limit' });
    const deaf = await Bench.contacted({ onTerm: 'ignores', onKill: 'ignores' });
    deaf.cause = 'deadline';
    deaf.term.abort();
    expect((await deaf.end()).message).toContain('may still be running there');
    expect(deaf.passed).toBe(15_000);
  });

  it('ends a target that was never started as cancelled or timed out, not as failed', async () => {
    const neverStarted: ExecResult = { kind: 'failed', reason: 'cancelled', stopped: null, message: 'Never started' };
    const bench = await Bench.contacted({ onTerm: 'ignores' });
    bench.term.abort();
    bench.exec.answer(0, neverStarted);
    expect(await bench.end()).toMatchObject({ status: 'cancelled', reason: 'cancelled', message: 'Never started' });
    const limited = await Bench.contacted({ onTerm: 'ignores' });
    limited.cause = 'deadline';
    limited.term.abort();
    limited.exec.answer(0, neverStarted);
    expect(await limited.end()).toMatchObject({ status: 'timeout', reason: 'timed-out' });
  });

  it('does not let a target pass as cancelled that nobody asked to stop', async () => {
    const bench = new Bench({ fails: { kind: 'exited', exitCode: 143, stopped: 'TERM', message: '' } });
    expect(await bench.end()).toMatchObject({ status: 'failed', reason: 'lost' });
  });

  it('keeps the first cause: a limit that comes while it stops changes nothing', async () => {
    const bench = new Bench({ onTerm: 5_000 });
    await bench.clock.advance(58_000);
    bench.term.abort();
    expect(await bench.end()).toMatchObject({ status: 'cancelled', durationMs: 63_000 });
  });
});

describe('a full disk', () => {
  it('delays the start of a target until there is room, and its limit begins with the start', async () => {
    const bench = new Bench({ onTerm: 0 }, { before: ({ archive }) => (archive.failure = noSpaceFor()) });
    await bench.clock.advance(120_000);
    expect([bench.row.status, bench.exec.started]).toEqual(['pending', []]);
    bench.archive.failure = () => undefined;
    expect(await bench.end()).toMatchObject({ status: 'timeout', durationMs: 60_000 });
  });

  it('lets a target that waits for room stay unstarted when the run is stopped', async () => {
    const bench = new Bench({}, { before: ({ archive }) => (archive.failure = noSpaceFor()) });
    await bench.clock.advance(5_000);
    bench.term.abort();
    await bench.end();
    expect([bench.status, bench.row.status, bench.exec.started]).toEqual(['skipped', 'pending', []]);
  });

  it('delays the result of a target and never loses it', async () => {
    const bench = new Bench({ exitAfter: 1_000, output: [{ at: 0, bytes: 'kept\n' }] });
    await bench.clock.advance(500);
    bench.archive.failure = noSpaceFor();
    await bench.clock.advance(60_000);
    expect(bench.status).toBeUndefined();
    bench.archive.failure = () => undefined;
    expect(await bench.end()).toMatchObject({ status: 'success', durationMs: 1_000 });
    expect(bench.row.out).toMatchObject({ bytes: 5, omitted: 0, sha256: sha256('kept\n') });
  });
});

describe('an archive that fails for good', () => {
  it('never makes the work on a target reject', async () => {
    const broken = (wanted: string) => (name: string) => (name === wanted ? new Error('broken') : undefined);
    const unstarted = new Bench({}, { before: ({ archive }) => (archive.failure = broken('startHost')) });
    await unstarted.end();
    expect([unstarted.status, unstarted.exec.started]).toEqual(['skipped', []]);
    const unfinished = new Bench(
      { exitAfter: 10 },
      { before: ({ archive }) => (archive.failure = broken('finishHost')) },
    );
    await unfinished.end();
    expect([unfinished.status, unfinished.row.status]).toEqual(['success', 'running']);
    expect(unfinished.log.messages('error')).toEqual(['the result of a target could not be stored']);
  });
});
