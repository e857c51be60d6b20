import { describe, expect, it } from 'vitest';
import type { Run } from '#contract/run';
import { anna, EngineRig, refusalOf } from '../../support/fakes/engine-rig.ts';

/** Ignores both stops and never answers. */
const deaf = { onTerm: 'ignores', onKill: 'ignores' } as const;

const statuses = (rig: EngineRig, id: string): string[] => rig.hosts(id).map(({ status }) => status);

describe('the cancel of a run that waits', () => {
  it('ends it at once and contacts no target', async () => {
    const rig = new EngineRig();
    const id = rig.start();
    const run = rig.runs.cancel(id, anna);
    expect(run).toMatchObject({ status: 'cancelled', phase: 'by_user', startedAt: null, durationMs: null });
    expect(run.cancel).toEqual({ by: 'anna', at: rig.clock.now(), forced: false, level: 'all' });
    expect(statuses(rig, id)).toEqual(['skipped', 'skipped', 'skipped']);
    await rig.clock.advance(60_000);
    expect(rig.exec.started).toEqual([]);
    expect(rig.run(id)).toEqual(run);
    expect(rig.archive.audits.map(({ action }) => action)).toEqual(['run.start', 'run.cancel']);
  });

  it('lets the others in the queue move up', async () => {
    const rig = new EngineRig({ targets: 1, runsAtOnce: 1, scriptOf: () => ({ exitAfter: 100 }) });
    const ids = [rig.start(), rig.start(), rig.start()];
    await rig.clock.advance(0);
    rig.runs.cancel(ids[1] ?? '', anna);
    await rig.clock.advance(300);
    expect(ids.map((id) => rig.run(id).status)).toEqual(['success', 'cancelled', 'success']);
  });
});

describe('the cancel of a run that works', () => {
  it('shows cancelling at once and cancelled when the targets have answered, with their true results', async () => {
    const rig = new EngineRig({
      targets: 4,
      scriptOf: (host) => (host === 0 ? { exitAfter: 100 } : { onTerm: 500 }),
    });
    const id = rig.start({ concurrency: 3 });
    await rig.clock.advance(50);
    const run = rig.runs.cancel(id, anna);
    expect(run).toMatchObject({ status: 'cancelling', phase: 'sent', endedAt: null });
    expect(rig.exec.termed.map(({ host }) => host)).toEqual([0, 1, 2]);
    expect(await rig.end(id)).toMatchObject({
      status: 'cancelled',
      phase: 'by_user',
      reason: '3 stopped, 1 not started',
      durationMs: 550,
      cancel: { by: 'anna', forced: false },
    });
    expect(statuses(rig, id)).toEqual(['cancelled', 'cancelled', 'cancelled', 'skipped']);
    expect(rig.exec.started).toEqual([0, 1, 2]);
  });

  it('keeps the results of targets that ended by themselves', async () => {
    const rig = new EngineRig({
      scriptOf: (host) => ({ exitAfter: 100 * (host + 1), exitCode: host, onTerm: 'ignores' }),
    });
    const id = rig.start();
    await rig.clock.advance(150);
    rig.runs.cancel(id, anna);
    expect((await rig.end(id)).status).toBe('cancelled');
    expect(statuses(rig, id)).toEqual(['success', 'failed', 'failed']);
  });

  it('kills those that ignore the stop after the set time and says so', async () => {
    const rig = new EngineRig({ targets: 1, killAfterMs: 10_000, scriptOf: () => ({ onTerm: 'ignores' }) });
    const id = rig.start();
    await rig.clock.advance(1_000);
    rig.runs.cancel(id, anna);
    await rig.clock.advance(9_999);
    expect(rig.run(id).phase).toBe('sent');
    expect(rig.exec.killed).toEqual([]);
    const phases: Run['phase'][] = [];
    rig.hub.onRun(id, () => phases.push(rig.run(id).phase));
    expect(await rig.end(id)).toMatchObject({ status: 'cancelled', phase: 'by_user', durationMs: 11_000 });
    expect(phases).toContain('forcing');
    expect(rig.hosts(id)).toMatchObject([{ status: 'cancelled', stopped: 'KILL' }]);
  });

  it('ends it after the set time without the answer of targets that give none, names them and keeps what comes later apart', async () => {
    const rig = new EngineRig({
      targets: 7,
      scriptOf: (host) => (host < 5 ? { ...deaf, output: [{ at: 1, bytes: `part ${host}` }] } : { exitAfter: 10 }),
    });
    const id = rig.start({ concurrency: 6 });
    await rig.clock.advance(1_000);
    rig.runs.cancel(id, anna);
    await rig.clock.advance(59_999);
    expect(rig.run(id)).toMatchObject({ status: 'cancelling', phase: 'forcing' });
    await rig.clock.advance(1);
    const run = rig.run(id);
    expect(run).toMatchObject({
      status: 'cancelled',
      phase: 'forced',
      reason: 'Ended without an answer: it may still run on t0, t1, t2 and 2 more',
      durationMs: 61_000,
      cancel: { by: 'anna', forced: true },
    });
    expect(run.counts).toMatchObject({ pending: 0, running: 0, cancelled: 5, success: 2 });
    const rows = rig.hosts(id);
    expect(rows[0]).toMatchObject({
      status: 'cancelled',
      message: 'It did not answer the stop and may still be running there',
    });
    expect(rows[0]?.out).toMatchObject({ bytes: 6, omitted: 0 });
    expect(rows[0]?.out.sha256).toBe(rig.archive.streamDigest(id, 0, 'out'));
    rig.exec.emit(0, 'late\n');
    rig.exec.answer(0);
    rig.exec.answer(1);
    await rig.clock.advance(5_000);
    const later = rig.hosts(id);
    expect(later.slice(0, 3).map(({ status, lateResult }) => [status, lateResult?.slice(0, 7) ?? null])).toEqual([
      ['cancelled', 'success'],
      ['cancelled', 'success'],
      ['cancelled', null],
    ]);
    expect({ ...later[0], lateResult: null }).toEqual({ ...rows[0], lateResult: null });
    expect(rig.run(id)).toMatchObject({ status: 'cancelled', phase: 'forced', omittedBytes: 5 });
    expect(Buffer.from(rig.archive.bytesOf(id, { host: 0 })).toString()).toBe('part 0');
  });

  it('leaves no target of a run that was given up waiting for its turn', async () => {
    const rig = new EngineRig({ targets: 3, cancelForcedAfterMs: 5_000, scriptOf: () => deaf });
    const id = rig.start({ concurrency: 1 });
    await rig.clock.advance(0);
    rig.runs.cancel(id, anna);
    await rig.clock.advance(5_000);
    expect(statuses(rig, id)).toEqual(['cancelled', 'skipped', 'skipped']);
    rig.exec.answer(0);
    await rig.clock.advance(5_000);
    expect(rig.exec.started).toEqual([0]);
    expect(rig.log.messages('error')).toEqual([]);
  });

  it('ends a run in its pause between batches at once', async () => {
    const rig = new EngineRig({ scriptOf: () => ({ exitAfter: 10 }) });
    const id = rig.start({ batches: ['1'], pauseS: 3_600 });
    await rig.clock.advance(1_000);
    expect(rig.run(id)).toMatchObject({ status: 'running', phase: 'paused' });
    rig.runs.cancel(id, anna);
    await rig.clock.advance(0);
    expect(rig.run(id)).toMatchObject({ status: 'cancelled', phase: 'by_user', reason: '2 not started' });
    expect(statuses(rig, id)).toEqual(['success', 'skipped', 'skipped']);
  });

  it('is refused a second time and after the end, naming the state, and nothing is written', async () => {
    const rig = new EngineRig({ targets: 1, scriptOf: () => ({ onTerm: 1_000 }) });
    const id = rig.start();
    await rig.clock.advance(0);
    rig.runs.cancel(id, anna);
    const { rev } = rig.run(id);
    const second = refusalOf(() => rig.runs.cancel(id, anna));
    expect(second.code).toBe('run-is-cancelling');
    expect(second.message).toBe('The run is being cancelled already: run 1 cannot be cancelled');
    expect(second.detail).toEqual({ status: 'cancelling' });
    expect(rig.run(id).rev).toBe(rev);
    await rig.end(id);
    const third = refusalOf(() => rig.runs.cancel(id, anna));
    expect(third.code).toBe('run-is-final');
    expect(third.message).toContain('finished: cancelled');
    expect(rig.archive.audits.filter(({ action }) => action === 'run.cancel')).toHaveLength(1);
  });

  it('is refused for each of the four final states', async () => {
    const ends = { success: { exitAfter: 1 }, failed: { exitAfter: 1, exitCode: 1 }, timeout: {} };
    for (const [status, script] of Object.entries(ends)) {
      const rig = new EngineRig({ targets: 1, scriptOf: () => script });
      const id = rig.start({ timeoutS: 1 });
      expect((await rig.end(id)).status).toBe(status);
      const run = rig.run(id);
      expect(refusalOf(() => rig.runs.cancel(id, anna)).code).toBe('run-is-final');
      expect(refusalOf(() => rig.runs.kill(id, anna)).code).toBe('run-is-final');
      expect(rig.run(id)).toEqual(run);
    }
  });
});

describe('the kill of a run', () => {
  it('kills at once what works, with or without a cancel before it', async () => {
    for (const cancelFirst of [true, false]) {
      const rig = new EngineRig({ targets: 1, scriptOf: () => ({ onTerm: 'ignores', onKill: 100 }) });
      const id = rig.start();
      await rig.clock.advance(1_000);
      if (cancelFirst) {
        rig.runs.cancel(id, anna);
      }
      expect(rig.runs.kill(id, anna)).toMatchObject({ status: 'cancelling', phase: 'forcing' });
      expect(await rig.end(id)).toMatchObject({ status: 'cancelled', phase: 'by_user', durationMs: 1_100 });
      expect(rig.archive.audits.map(({ action }) => action)).toEqual([
        'run.start',
        'run.cancel',
        'run.kill',
        'run.end',
      ]);
    }
  });

  it('ends the run 5 s later without an answer', async () => {
    const rig = new EngineRig({ targets: 1, scriptOf: () => deaf });
    const id = rig.start();
    await rig.clock.advance(1_000);
    rig.runs.kill(id, anna);
    rig.runs.kill(id, anna);
    expect(await rig.end(id)).toMatchObject({ status: 'cancelled', phase: 'forced', durationMs: 6_000 });
    await rig.clock.advance(120_000);
    expect(rig.archive.moves.filter(({ to }) => to === 'cancelled')).toHaveLength(1);
  });

  it('cancels a run that waits', () => {
    const rig = new EngineRig();
    const id = rig.start();
    expect(rig.runs.kill(id, anna)).toMatchObject({ status: 'cancelled', phase: 'by_user' });
  });
});
