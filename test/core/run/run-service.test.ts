import { describe, expect, it } from 'vitest';
import { DroverError } from '#contract/errors';
import { anna, EngineRig, requestFor, storeRun } from '../../support/fakes/engine-rig.ts';
import { settled } from '../../support/fakes/fake-clock.ts';
import { noSpaceFor } from '../../support/fakes/memory-archive.ts';

/** The code with which `act` is refused; `accepted` when it is not. */
function refusal(act: () => unknown): string {
  try {
    act();
    return 'accepted';
  } catch (error) {
    return error instanceof DroverError ? error.code : String(error);
  }
}

describe('the start of a run', () => {
  it('answers before any work, with the run stored as pending', async () => {
    const rig = new EngineRig();
    const ref = rig.runs.start(requestFor(3), anna);
    expect(rig.run(ref.id)).toMatchObject({ no: ref.no, status: 'pending', phase: 'queued' });
    expect(rig.hosts(ref.id).every(({ status }) => status === 'pending')).toBe(true);
    await settled();
    expect(rig.exec.started).toEqual([]);
    await rig.clock.advance(0);
    expect(rig.exec.started).toEqual([0, 1, 2]);
  });

  it('leads to success with every result, times, counts and an audit of both ends', async () => {
    const rig = new EngineRig({ scriptOf: (host) => ({ exitAfter: 100 * (host + 1) }) });
    const id = rig.start();
    const run = await rig.end(id);
    expect(run).toMatchObject({ status: 'success', phase: 'ok', reason: '', durationMs: 300, cancel: null });
    expect(run.counts).toMatchObject({ total: 3, success: 3 });
    expect(run.endedAt).toBe((run.startedAt ?? 0) + 300);
    expect(rig.hosts(id).map(({ durationMs }) => durationMs)).toEqual([100, 200, 300]);
    expect(rig.archive.audits.map(({ action, actor }) => [action, actor.name])).toEqual([
      ['run.start', 'anna'],
      ['run.end', 'Drover'],
    ]);
  });

  it('is refused without targets, with unknown ones and with an unknown task type, and nothing is stored', () => {
    const rig = new EngineRig({ taskTypes: new Map() });
    expect(refusal(() => rig.start({}, ' '))).toBe('no-targets');
    expect(refusal(() => rig.start({}, 't0,t9'))).toBe('unknown-target');
    expect(refusal(() => rig.start())).toBe('bad-input');
    expect(rig.archive.countAll()).toBe(0);
  });

  it('is refused when less of the disk is free than is kept free', () => {
    const rig = new EngineRig();
    rig.disk.share = 0.049;
    expect(refusal(() => rig.start())).toBe('no-space');
    rig.disk.share = 0.05;
    expect(refusal(() => rig.start())).toBe('accepted');
  });

  it('is refused when the archive has no room for it, and nothing waits', () => {
    const rig = new EngineRig();
    rig.archive.failure = noSpaceFor('createRun');
    expect(refusal(() => rig.start())).toBe('no-space');
    expect(rig.runs.liveCount).toBe(0);
  });

  it('is refused when this engine is stopping', () => {
    const rig = new EngineRig();
    rig.runs.close();
    expect(refusal(() => rig.start())).toBe('engine-stopping');
  });

  it('freezes the targets: what is added or gone later changes nothing', async () => {
    const rig = new EngineRig();
    const id = rig.start();
    rig.targets = [];
    expect((await rig.end(id)).counts).toMatchObject({ total: 3, success: 3 });
  });
});

describe('the queue', () => {
  it('works on so many runs at once and on the others in the order in which they came', async () => {
    const rig = new EngineRig({ targets: 1, runsAtOnce: 2, scriptOf: () => ({ exitAfter: 100 }) });
    const ids = Array.from({ length: 5 }, () => rig.start());
    await rig.clock.advance(50);
    expect(ids.map((id) => rig.run(id).status)).toEqual(['running', 'running', 'pending', 'pending', 'pending']);
    await rig.clock.until(() => ids.every((id) => rig.run(id).status === 'success'));
    const startedAt = ids.map((id) => rig.run(id).startedAt ?? 0);
    expect(startedAt).toEqual(startedAt.toSorted((one, other) => one - other));
    expect(rig.exec.most).toBe(2);
  });

  it('works on more at once as soon as the limit is raised, and lets what runs end when it is lowered', async () => {
    const rig = new EngineRig({ targets: 1, runsAtOnce: 1, scriptOf: () => ({ exitAfter: 100 }) });
    const ids = Array.from({ length: 4 }, () => rig.start());
    await rig.clock.advance(10);
    rig.runsAtOnce = 3;
    rig.runs.takeUp();
    await rig.clock.advance(10);
    expect(ids.map((id) => rig.run(id).status)).toEqual(['running', 'running', 'running', 'pending']);
    rig.runsAtOnce = 1;
    rig.runs.takeUp();
    await rig.clock.until(() => ids.every((id) => rig.run(id).status === 'success'));
    expect(rig.exec.most).toBe(3);
  });

  it('is bounded: the run beyond its length is refused and those in it are not touched', async () => {
    const rig = new EngineRig({ targets: 1, runsAtOnce: 1, queueLength: 2, scriptOf: () => ({ exitAfter: 100 }) });
    rig.start();
    await rig.clock.advance(0);
    rig.start();
    rig.start();
    expect(refusal(() => rig.start())).toBe('queue-full');
    await rig.clock.until(() => rig.runs.liveCount === 0);
    expect(rig.exec.started).toHaveLength(3);
    expect(refusal(() => rig.start())).toBe('accepted');
  });

  it('has room again at once when a run in it is cancelled', async () => {
    const rig = new EngineRig({ targets: 1, runsAtOnce: 1, queueLength: 1, scriptOf: () => ({ exitAfter: 100 }) });
    rig.start();
    await rig.clock.advance(0);
    const waiting = rig.start();
    expect(refusal(() => rig.start())).toBe('queue-full');
    rig.runs.cancel(waiting, anna);
    expect(rig.runs.liveCount).toBe(1);
    expect(refusal(() => rig.start())).toBe('accepted');
  });

  it('begins the next run when one was cancelled or given up', async () => {
    const rig = new EngineRig({
      targets: 1,
      runsAtOnce: 1,
      scriptOf: () => ({ onTerm: 'ignores', onKill: 'ignores' }),
    });
    const [first, second] = [rig.start(), rig.start()];
    await rig.clock.advance(0);
    rig.runs.cancel(first, anna);
    await rig.clock.advance(60_000);
    expect(rig.run(first)).toMatchObject({ status: 'cancelled', phase: 'forced' });
    expect(rig.run(second).status).toBe('running');
  });
});

describe('an engine that comes to rest', () => {
  it('is idle when the last run has ended, also one that was given up', async () => {
    const rig = new EngineRig({
      targets: 1,
      runsAtOnce: 1,
      scriptOf: () => ({ onTerm: 'ignores', onKill: 'ignores' }),
    });
    const [first, second] = [rig.start(), rig.start()];
    let idle = false;
    void rig.runs.idle().then(() => {
      idle = true;
    });
    await rig.clock.advance(1_000);
    expect(idle).toBe(false);
    rig.runs.cancel(second, anna);
    rig.runs.kill(first, anna);
    await rig.clock.advance(4_999);
    expect(idle).toBe(false);
    await rig.clock.advance(10);
    expect(idle).toBe(true);
    expect([rig.run(first).status, rig.run(second).status]).toEqual(['cancelled', 'cancelled']);
  });

  it('is idle although runs wait that it will not start any more', async () => {
    const rig = new EngineRig({ targets: 1, runsAtOnce: 1, scriptOf: () => ({ exitAfter: 100 }) });
    const [first, second] = [rig.start(), rig.start()];
    await rig.clock.advance(0);
    rig.runs.close();
    let idle = false;
    void rig.runs.idle().then(() => {
      idle = true;
    });
    await rig.clock.advance(200);
    expect(idle).toBe(true);
    expect([rig.run(first).status, rig.run(second).status]).toEqual(['success', 'pending']);
  });

  it('is idle when a run broke down, and that run says so', async () => {
    const rig = new EngineRig({ targets: 1, scriptOf: () => ({ exitAfter: 100 }) });
    rig.runs.open();
    const id = rig.start();
    await rig.clock.advance(0);
    rig.archive.failure = (name) => (name === 'finishHost' ? new Error('broken') : undefined);
    await rig.clock.advance(60_000);
    expect(rig.run(id).status).toBe('running');
    rig.archive.failure = () => undefined;
    await rig.clock.advance(15_000);
    expect(rig.run(id)).toMatchObject({ status: 'failed', phase: 'lost' });
    expect(rig.hosts(id)).toMatchObject([{ status: 'failed', reason: 'lost' }]);
    let idle = false;
    void rig.runs.idle().then(() => {
      idle = true;
    });
    await rig.clock.advance(10);
    expect(idle).toBe(true);
  });

  it('has nothing left that waits for a time', async () => {
    const rig = new EngineRig({ scriptOf: () => ({ exitAfter: 10, output: [{ at: 1, bytes: 'a\nb' }] }) });
    await rig.end(rig.start({ deadlineS: 60 }));
    await rig.clock.advance(5_000);
    expect(rig.clock.waiting).toBe(0);
    expect(rig.log.entries).toEqual([]);
  });

  it('asks everything that waits or works to stop', async () => {
    const rig = new EngineRig({ targets: 1, runsAtOnce: 1, scriptOf: () => ({ onTerm: 100 }) });
    const ids = [rig.start(), rig.start(), rig.start()];
    await rig.clock.advance(0);
    rig.runs.cancelAll(anna);
    await rig.clock.advance(200);
    expect(ids.map((id) => rig.run(id).status)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect(rig.exec.started).toHaveLength(1);
  });
});

describe('a run that is looked for', () => {
  it('is found by its id and by its number, and is absent alike for another team', () => {
    const rig = new EngineRig();
    const ref = rig.runs.start(requestFor(1), anna);
    expect(rig.runs.find(ref.no, anna).id).toBe(ref.id);
    expect(rig.runs.find(String(ref.no), anna).id).toBe(ref.id);
    expect(refusal(() => rig.runs.find(99, anna))).toBe('not-found');
    expect(refusal(() => rig.runs.find(ref.id, { ...anna, teamId: 'team-2' }))).toBe('not-found');
    expect(refusal(() => rig.runs.cancel(ref.id, { ...anna, teamId: 'team-2' }))).toBe('not-found');
  });
});

describe('the output of ended runs', () => {
  it('is packed a second after the end, in steps, one run after the other', async () => {
    const rig = new EngineRig({ targets: 1, scriptOf: () => ({ exitAfter: 0 }) });
    rig.archive.packSteps = 3;
    const ids = [rig.start(), rig.start()];
    await rig.clock.advance(500);
    expect(rig.archive.packed).toEqual([]);
    await rig.clock.advance(2_000);
    expect(rig.archive.packed).toEqual([ids[0], ids[0], ids[0], ids[1], ids[1], ids[1]]);
  });

  it('is packed after a restart when it was not before, and one that cannot be packed stops nobody', async () => {
    const before = new EngineRig({ targets: 1 });
    const ids = [before.start(), before.start()];
    await before.clock.until(() => ids.every((id) => before.run(id).status === 'success'));
    before.runs.close();
    const rig = new EngineRig({ archive: before.archive });
    let broken = true;
    rig.archive.failure = (name) => {
      const failure = name === 'packOutput' && broken ? new Error('broken') : undefined;
      broken = broken && failure === undefined;
      return failure;
    };
    rig.runs.open();
    await rig.clock.advance(2_000);
    expect(rig.archive.packed).toEqual([ids[1]]);
    expect(rig.log.messages('warn')).toEqual(['output could not be packed']);
  });
});

describe('the watchdog', () => {
  it('ends a run that nobody works on, within 15 s and without starting anything', async () => {
    const rig = new EngineRig();
    rig.runs.open();
    const id = storeRun(rig.archive, 3);
    rig.archive.moveRun(id, 'pending', { status: 'running', phase: 'running' });
    rig.archive.startHost(id, 0, 0);
    await rig.clock.advance(15_000);
    expect(rig.run(id)).toMatchObject({
      status: 'failed',
      phase: 'lost',
      reason: 'Drover failed while it worked on this run: outcome unknown on 1 of 3, 2 not started',
    });
    expect(rig.exec.started).toEqual([]);
  });

  it('leaves runs alone that wait or are worked on', async () => {
    const rig = new EngineRig({ targets: 1, runsAtOnce: 1, scriptOf: () => ({ exitAfter: 100_000 }) });
    rig.runs.open();
    const ids = [rig.start(), rig.start()];
    const stray = storeRun(rig.archive, 1);
    rig.archive.moveRun(stray, 'pending', { status: 'running', phase: 'running' });
    await rig.clock.advance(90_000);
    expect(ids.map((id) => rig.run(id).status)).toEqual(['running', 'pending']);
    expect(rig.run(stray).status).toBe('failed');
    await rig.clock.advance(200_000);
    expect(ids.map((id) => rig.run(id).status)).toEqual(['success', 'success']);
  });

  it('tries again when the disk was full', async () => {
    const rig = new EngineRig();
    rig.runs.open();
    const id = storeRun(rig.archive, 1);
    rig.archive.moveRun(id, 'pending', { status: 'running', phase: 'running' });
    rig.archive.failure = noSpaceFor();
    await rig.clock.advance(60_000);
    expect(rig.run(id).status).toBe('running');
    rig.archive.failure = () => undefined;
    await rig.clock.advance(15_000);
    expect(rig.run(id).status).toBe('failed');
  });

  it('stops when the engine closes', async () => {
    const rig = new EngineRig();
    rig.runs.open();
    rig.runs.close();
    expect(rig.clock.waiting).toBe(0);
    await rig.clock.advance(60_000);
  });
});
