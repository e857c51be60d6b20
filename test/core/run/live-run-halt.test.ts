import { describe, expect, it } from 'vitest';
import type { Run } from '#contract/run';
import { anna, EngineRig, refusalOf } from '../../support/fakes/engine-rig.ts';

const statuses = (rig: EngineRig, id: string): string[] => rig.hosts(id).map(({ status }) => status);

const halt = (rig: EngineRig, id: string): Run => rig.runs.cancel(id, anna, 'waiting');

describe('a run that is told to begin nothing more', () => {
  it('lets the targets that work come to their end, begins none of the others and ends cancelled', async () => {
    const rig = new EngineRig({
      targets: 5,
      scriptOf: (host) => ({ exitAfter: 300 + 100 * host, exitCode: host === 1 ? 3 : 0 }),
    });
    const id = rig.start({ concurrency: 2 });
    await rig.clock.advance(50);
    const cancel = { by: 'anna', at: rig.clock.now(), forced: false, level: 'waiting' };
    expect(halt(rig, id)).toMatchObject({ status: 'running', phase: 'finishing', cancel });
    expect(statuses(rig, id)).toEqual(['running', 'running', 'skipped', 'skipped', 'skipped']);
    expect(await rig.end(id)).toMatchObject({
      status: 'cancelled',
      phase: 'by_user',
      reason: 'Nothing more was begun: 1 failed, 3 not started of 5 targets',
      durationMs: 400,
      cancel,
    });
    expect(statuses(rig, id)).toEqual(['success', 'failed', 'skipped', 'skipped', 'skipped']);
    expect(rig.exec.termed).toEqual([]);
    expect(rig.exec.started).toEqual([0, 1]);
    expect(rig.archive.audits.map(({ action, detail }) => [action, detail['level']])).toEqual([
      ['run.start', undefined],
      ['run.cancel', 'waiting'],
      ['run.end', undefined],
    ]);
  });

  it('leaves its pause between batches at once', async () => {
    const rig = new EngineRig({ scriptOf: () => ({ exitAfter: 10 }) });
    const id = rig.start({ batches: ['1'], pauseS: 3_600 });
    await rig.clock.advance(1_000);
    halt(rig, id);
    await rig.clock.advance(0);
    const reason = 'Nothing more was begun: 2 not started of 3 targets';
    expect(rig.run(id)).toMatchObject({ status: 'cancelled', phase: 'by_user', reason });
    expect(statuses(rig, id)).toEqual(['success', 'skipped', 'skipped']);
  });

  it('can be cancelled and killed as any other', async () => {
    const rig = new EngineRig({ targets: 2, scriptOf: () => ({ onTerm: 'ignores', onKill: 100 }) });
    const id = rig.start({ concurrency: 1 });
    await rig.clock.advance(1_000);
    halt(rig, id);
    expect(rig.runs.cancel(id, anna)).toMatchObject({ status: 'cancelling', cancel: { level: 'all' } });
    rig.runs.kill(id, anna);
    const reason = '1 stopped, 1 not started';
    expect(await rig.end(id)).toMatchObject({ status: 'cancelled', reason, durationMs: 1_100 });
  });

  it('ends by its time limit when that comes first', async () => {
    const rig = new EngineRig({ targets: 2, scriptOf: () => ({ onTerm: 10 }) });
    const id = rig.start({ concurrency: 1, deadlineS: 2 });
    await rig.clock.advance(1_000);
    halt(rig, id);
    expect(await rig.end(id)).toMatchObject({ status: 'timeout', phase: 'run_limit' });
    expect(statuses(rig, id)).toEqual(['timeout', 'skipped']);
  });

  it('is told cancelled also where so many have failed that it would have stopped by itself', async () => {
    const rig = new EngineRig({ targets: 3, scriptOf: () => ({ exitAfter: 100, exitCode: 1 }) });
    const id = rig.start({ concurrency: 1, stopAfter: '1' });
    await rig.clock.advance(50);
    halt(rig, id);
    expect(await rig.end(id)).toMatchObject({ status: 'cancelled', phase: 'by_user' });
  });

  it('is cancelled at once when it has not begun', () => {
    const rig = new EngineRig();
    const id = rig.start();
    expect(halt(rig, id)).toMatchObject({ status: 'cancelled', phase: 'by_user', cancel: { level: 'waiting' } });
    expect(statuses(rig, id)).toEqual(['skipped', 'skipped', 'skipped']);
  });

  it('refuses where nothing waits, a second time, while it is cancelled and after its end; nothing is written', async () => {
    const rig = new EngineRig({ targets: 2, scriptOf: () => ({ exitAfter: 1_000, onTerm: 100 }) });
    const whole = rig.start();
    await rig.clock.advance(0);
    const { rev } = rig.run(whole);
    expect(refusalOf(() => halt(rig, whole)).code).toBe('nothing-waits');
    expect(rig.run(whole)).toMatchObject({ rev, phase: 'running', cancel: null });
    const half = rig.start({ concurrency: 1 });
    await rig.clock.advance(0);
    halt(rig, half);
    expect(refusalOf(() => halt(rig, half)).message).toBe(
      'The run begins nothing more already: run 2 cannot be cancelled',
    );
    rig.runs.cancel(half, anna);
    expect(refusalOf(() => halt(rig, half)).code).toBe('run-is-cancelling');
    await rig.end(half);
    expect(refusalOf(() => halt(rig, half)).code).toBe('run-is-final');
  });
});
