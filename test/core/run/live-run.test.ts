import { describe, expect, it } from 'vitest';
import { anna, EngineRig, refusalOf } from '../../support/fakes/engine-rig.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';
import { noSpaceFor } from '../../support/fakes/memory-archive.ts';

/** Ignores both stops and never answers. */
const deaf = { onTerm: 'ignores', onKill: 'ignores' } as const;

const statuses = (rig: EngineRig, id: string): string[] => rig.hosts(id).map(({ status }) => status);

describe('the limits of a run', () => {
  it('lets 49 targets succeed at their own time while one sleeps for ever', async () => {
    const rig = new EngineRig({ targets: 50, scriptOf: (host) => (host === 17 ? {} : { exitAfter: 100 + host }) });
    const id = rig.start({ timeoutS: 30 });
    const run = await rig.end(id);
    expect(run).toMatchObject({ status: 'timeout', phase: 'task_limit', reason: '1 timed out of 50 targets' });
    expect(run.durationMs).toBeLessThanOrEqual(35_000);
    for (const { host, status, durationMs } of rig.hosts(id)) {
      expect([status, durationMs]).toEqual(host === 17 ? ['timeout', 30_000] : ['success', 100 + host]);
    }
  });

  it('ends within the limit, the kill and 5 s although the one target ignores everything', async () => {
    const rig = new EngineRig({ targets: 50, scriptOf: (host) => (host === 3 ? deaf : { exitAfter: 100 }) });
    const run = await rig.end(rig.start({ timeoutS: 30 }));
    expect(run).toMatchObject({ status: 'timeout', durationMs: 45_000, counts: { success: 49, timeout: 1 } });
  });

  it('stops what works and starts nothing more at the deadline of the run', async () => {
    const rig = new EngineRig({ targets: 4, scriptOf: () => ({ exitAfter: 40_000, onTerm: 10 }) });
    const id = rig.start({ deadlineS: 60, concurrency: 1 });
    expect(await rig.end(id)).toMatchObject({
      status: 'timeout',
      phase: 'run_limit',
      reason: 'The run reached its time limit: 1 timed out, 2 not started of 4 targets',
      durationMs: 60_010,
      cancel: null,
    });
    expect(statuses(rig, id)).toEqual(['success', 'timeout', 'skipped', 'skipped']);
  });

  it('ends a deadline in a pause and leaves a result that came in the same moment as it is', async () => {
    const paused = new EngineRig({ scriptOf: () => ({ exitAfter: 10 }) });
    expect(await paused.end(paused.start({ batches: ['1'], pauseS: 600, deadlineS: 60 }))).toMatchObject({
      status: 'timeout',
      durationMs: 60_000,
    });
    const close = new EngineRig({ targets: 1, scriptOf: () => ({ exitAfter: 60_000, onTerm: 'ignores' }) });
    expect(await close.end(close.start({ deadlineS: 60 }))).toMatchObject({ status: 'success', reason: '' });
  });

  it('can be cancelled after its deadline: then it is cancelled', async () => {
    const rig = new EngineRig({ targets: 1, scriptOf: () => ({ onTerm: 5_000 }) });
    const id = rig.start({ deadlineS: 10 });
    await rig.clock.advance(12_000);
    rig.runs.cancel(id, anna);
    expect(await rig.end(id)).toMatchObject({ status: 'cancelled', durationMs: 15_000 });
    expect(statuses(rig, id)).toEqual(['timeout']);
  });

  it('fires nothing when the wall clock jumps, and no duration is negative or wrong', async () => {
    const day = 86_400_000;
    for (const jumpTo of [(now: number) => now + day, (now: number) => now - day, () => 0, () => 2 ** 41]) {
      const clock = new FakeClock();
      const rig = new EngineRig({
        clock,
        targets: 2,
        scriptOf: (host) => ({ exitAfter: host === 0 ? 20_000 : 50_000 }),
      });
      rig.runs.open();
      const id = rig.start({ timeoutS: 60, deadlineS: 120, batches: ['1'], pauseS: 10 });
      await clock.advance(15_000);
      clock.setWall(jumpTo(clock.now()));
      await clock.advance(4_000);
      expect(rig.run(id).status).toBe('running');
      expect(await rig.end(id)).toMatchObject({ status: 'success', durationMs: 80_000 });
      expect(rig.hosts(id).map(({ durationMs }) => durationMs)).toEqual([20_000, 50_000]);
    }
  });
});

describe('batches and thresholds of a run', () => {
  it('show as pauses between batches that were rolled out in order', async () => {
    const rig = new EngineRig({ targets: 20, scriptOf: () => ({ exitAfter: 1_000 }) });
    const id = rig.start({ batches: ['1', '10%', '100%'], pauseS: 5 });
    await rig.clock.advance(3_000);
    expect([rig.run(id).phase, rig.exec.started.length]).toEqual(['paused', 1]);
    await rig.clock.advance(3_500);
    expect([rig.run(id).phase, rig.exec.started.length]).toEqual(['running', 3]);
    expect(await rig.end(id)).toMatchObject({ status: 'success', durationMs: 13_000 });
  });

  it('end it as failed with the rest not started when too many failed', async () => {
    const rig = new EngineRig({ targets: 10, scriptOf: () => ({ exitAfter: 10, exitCode: 1 }) });
    const id = rig.start({ concurrency: 1, stopAfter: '20%', tolerate: '100%' });
    expect(await rig.end(id)).toMatchObject({
      status: 'failed',
      phase: 'stopped_early',
      reason: 'Stopped after too many failures: 2 failed, 8 not started of 10 targets',
    });
    expect(rig.exec.started).toHaveLength(2);
  });

  it('leave it a success with the count shown when few enough failed', async () => {
    const rig = new EngineRig({ targets: 10, scriptOf: (host) => ({ exitAfter: 10, exitCode: host === 4 ? 1 : 0 }) });
    expect(await rig.end(rig.start({ tolerate: '10%' }))).toMatchObject({
      status: 'success',
      phase: 'tolerated',
      reason: 'Tolerated: 1 failed of 10 targets',
    });
  });
});

describe('a disk that fills up while a run works', () => {
  it('costs its output and never its result', async () => {
    const rig = new EngineRig({
      targets: 2,
      scriptOf: () => ({ exitAfter: 1_000, output: [{ at: 500, bytes: 'lost\n' }] }),
    });
    const id = rig.start();
    await rig.clock.advance(100);
    rig.archive.failure = noSpaceFor('appendOutput');
    expect(await rig.end(id)).toMatchObject({ status: 'success', outputBytes: 0, omittedBytes: 10 });
    expect(rig.hosts(id).map(({ out }) => out.omitted)).toEqual([5, 5]);
  });

  it('delays every state until there is room and then tells the truth', async () => {
    const rig = new EngineRig({ targets: 2, scriptOf: () => ({ exitAfter: 1_000 }) });
    const id = rig.start({ batches: ['1'], pauseS: 1 });
    await rig.clock.advance(0);
    rig.archive.failure = noSpaceFor();
    await rig.clock.advance(30_000);
    expect(rig.run(id).status).toBe('running');
    rig.archive.failure = () => undefined;
    expect(await rig.end(id)).toMatchObject({ status: 'success', counts: { success: 2 } });
    expect(rig.hosts(id).map(({ durationMs }) => durationMs)).toEqual([1_000, 1_000]);
  });

  it('delays the claim of a run that waits, and a cancel in the meantime is told that there is no room', async () => {
    const rig = new EngineRig({ targets: 1 });
    const id = rig.start();
    rig.archive.failure = noSpaceFor();
    await rig.clock.advance(20_000);
    expect(refusalOf(() => rig.runs.cancel(id, anna)).code).toBe('no-space');
    rig.archive.failure = () => undefined;
    expect((await rig.end(id)).status).toBe('success');
  });

  it('delays the end of a run that is given up', async () => {
    const rig = new EngineRig({ targets: 2, cancelForcedAfterMs: 5_000, scriptOf: () => deaf });
    const id = rig.start();
    await rig.clock.advance(0);
    rig.runs.cancel(id, anna);
    rig.archive.failure = noSpaceFor('moveRun');
    await rig.clock.advance(20_000);
    expect(rig.run(id).status).toBe('cancelling');
    rig.archive.failure = () => undefined;
    expect(await rig.end(id)).toMatchObject({
      status: 'cancelled',
      phase: 'forced',
      reason: 'Ended without an answer: it may still run on t0, t1',
    });
  });
});

describe('a run that cannot be worked on', () => {
  it('fails at its dispatch when its task type is gone, and no target is contacted', async () => {
    const before = new EngineRig();
    const id = before.start();
    before.runs.close();
    const rig = new EngineRig({ archive: before.archive, clock: before.clock, taskTypes: new Map() });
    rig.runs.open();
    expect(await rig.end(id)).toMatchObject({
      status: 'failed',
      phase: 'dispatch_failed',
      reason: 'No task type script',
    });
    expect(statuses(rig, id)).toEqual(['skipped', 'skipped', 'skipped']);
    expect([...before.exec.started, ...rig.exec.started]).toEqual([]);
  });

  it('fails at its dispatch when its claim cannot be stored for good', async () => {
    const rig = new EngineRig();
    const id = rig.start();
    let tries = 0;
    rig.archive.failure = (name) => {
      tries += name === 'moveRun' ? 1 : 0;
      return name === 'moveRun' && tries <= 5 ? new Error('broken') : undefined;
    };
    expect(await rig.end(id)).toMatchObject({ status: 'failed', phase: 'dispatch_failed' });
    expect(rig.exec.started).toEqual([]);
    expect(rig.log.messages('error')).toEqual(['a run broke down']);
  });

  it('loses targets whose result cannot be stored for good, and says so instead of guessing', async () => {
    const rig = new EngineRig({ targets: 2 });
    const id = rig.start();
    let failures = 0;
    rig.archive.failure = (name) => {
      failures += name === 'finishHost' ? 1 : 0;
      return name === 'finishHost' && failures <= 9 ? new Error('broken') : undefined;
    };
    expect(await rig.end(id)).toMatchObject({ status: 'failed', phase: 'lost' });
    expect(statuses(rig, id).toSorted()).toEqual(['failed', 'success']);
  });
});
