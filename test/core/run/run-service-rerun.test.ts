import { describe, expect, it } from 'vitest';
import type { RerunChoice } from '#contract/run';
import { DroverError } from '#contract/errors';
import { anna, EngineRig } from '../../support/fakes/engine-rig.ts';

/** t0 succeeds, t1 fails, t2 times out, t3 and t4 are not started. */
async function ended(): Promise<{ rig: EngineRig; id: string }> {
  const rig = new EngineRig({
    targets: 5,
    scriptOf: (host) => (host === 2 ? {} : { exitAfter: 10, exitCode: host === 1 ? 1 : 0 }),
  });
  const id = rig.start({ timeoutS: 1, concurrency: 1, stopAfter: '2' });
  await rig.end(id);
  return { rig, id };
}

function refusal(act: () => unknown): string {
  try {
    act();
    return 'accepted';
  } catch (error) {
    return error instanceof DroverError ? `${error.code}: ${error.message}` : String(error);
  }
}

describe('a run that is run again', () => {
  it('touches all, the failed, the not started or the chosen targets of the original and no other', async () => {
    const choices: [RerunChoice, string[]][] = [
      ['all', ['t0', 't1', 't2', 't3', 't4']],
      ['failed', ['t1', 't2']],
      ['timeout', ['t2']],
      ['not-started', ['t3', 't4']],
      [
        [4, 0, 4],
        ['t0', 't4'],
      ],
    ];
    for (const [choice, names] of choices) {
      const { rig, id } = await ended();
      const again = rig.runs.rerun({ run: id, hosts: choice }, anna);
      expect(rig.hosts(again.id).map(({ name }) => name)).toEqual(names);
    }
  });

  it('is a new run of the same task, linked to the original, which stays as it is', async () => {
    const { rig, id } = await ended();
    const before = rig.archive.getDetail(id);
    const ref = rig.runs.rerun({ run: id, hosts: 'failed' }, { ...anna, name: 'bert' });
    const again = rig.archive.getDetail(ref.id);
    expect(again.run).toMatchObject({
      no: 2,
      name: 'nightly',
      status: 'pending',
      rerunOf: { id, no: 1 },
      executor: { name: 'bert' },
      counts: { total: 2 },
    });
    expect([again.task, again.options, again.textSha256]).toEqual([before.task, before.options, before.textSha256]);
    expect(again.planSha256).not.toBe(before.planSha256);
    expect(rig.archive.getDetail(id)).toEqual(before);
    expect(rig.archive.audits.at(-1)).toMatchObject({
      action: 'run.rerun',
      actor: { name: 'bert' },
      detail: { targets: 2, rerunOf: 1 },
    });
    await rig.end(ref.id);
    expect(rig.exec.started).toEqual([0, 1, 2, 0, 1]);
  });

  it('can be run again itself, and every one of the four final states allows it', async () => {
    const { rig, id } = await ended();
    const second = rig.runs.rerun({ run: id, hosts: [0] }, anna);
    expect((await rig.end(second.id)).status).toBe('success');
    const third = rig.runs.rerun({ run: second.id, hosts: 'all' }, anna);
    rig.runs.cancel(third.id, anna);
    const fourth = rig.runs.rerun({ run: third.id, hosts: 'not-started' }, anna);
    expect(rig.run(fourth.id).rerunOf).toEqual({ id: third.id, no: 3 });
  });

  it('is refused when no target is of the kind that was asked for', async () => {
    const rig = new EngineRig();
    const id = rig.start();
    await rig.end(id);
    expect(refusal(() => rig.runs.rerun({ run: id, hosts: 'failed' }, anna))).toBe(
      'nothing-to-rerun: Run 1 has no failed targets',
    );
    expect(refusal(() => rig.runs.rerun({ run: id, hosts: 'not-started' }, anna))).toBe(
      'nothing-to-rerun: Run 1 has no not started targets',
    );
    expect(refusal(() => rig.runs.rerun({ run: id, hosts: 'unreachable' }, anna))).toBe(
      'nothing-to-rerun: Run 1 has no unreachable targets',
    );
  });

  it('is refused when a chosen target is none of the original, even beside others that are', async () => {
    const { rig, id } = await ended();
    expect(refusal(() => rig.runs.rerun({ run: id, hosts: [0, 5] }, anna))).toBe(
      'nothing-to-rerun: Run 1 has no target 5',
    );
    expect(rig.archive.countAll()).toBe(1);
  });

  it('is refused while the original lives', async () => {
    const rig = new EngineRig({ scriptOf: () => ({ onTerm: 1_000 }) });
    const id = rig.start();
    const live = /^run-is-live: Run 1 has not ended/;
    expect(refusal(() => rig.runs.rerun({ run: id, hosts: 'all' }, anna))).toMatch(live);
    await rig.clock.advance(0);
    expect(refusal(() => rig.runs.rerun({ run: id, hosts: 'all' }, anna))).toMatch(live);
    rig.runs.cancel(id, anna);
    expect(refusal(() => rig.runs.rerun({ run: id, hosts: 'all' }, anna))).toMatch(live);
  });

  it('is refused when one of its targets is gone, for another team and when the queue is full', async () => {
    const { rig, id } = await ended();
    const [gone, ...left] = rig.targets;
    rig.targets = left;
    expect(refusal(() => rig.runs.rerun({ run: id, hosts: 'all' }, anna))).toBe(
      `unknown-target: The target ${gone?.name ?? ''} of run 1 is gone`,
    );
    expect(refusal(() => rig.runs.rerun({ run: id, hosts: 'failed' }, { ...anna, teamId: 'team-2' }))).toMatch(
      /^not-found/,
    );
    expect(refusal(() => rig.runs.rerun({ run: id, hosts: 'failed' }, anna))).toBe('accepted');
  });
});
