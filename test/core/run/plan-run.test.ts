import { describe, expect, it } from 'vitest';
import { DroverError } from '#contract/errors';
import type { TaskType } from '#core/ports';
import { type PlanInput, planRun, summaryOf } from '#core/run/plan-run';
import { anna, plannedHosts, refusalOf, requestFor } from '../../support/fakes/engine-rig.ts';
import { fakeTask } from '../../support/fakes/fake-exec.ts';
import { nodeDigest, sha256 } from '../../support/fakes/node-digest.ts';

const planWith = (targets: number, taskType: TaskType = fakeTask, expect?: PlanInput['expect']) =>
  planRun({
    expect,
    request: { ...requestFor(targets), name: '  nightly ' },
    hosts: plannedHosts(targets),
    selector: requestFor(targets).targets,
    taskType,
    actor: anna,
    id: 'run-1',
    now: 17,
    digest: nodeDigest,
    rerunOf: null,
  });

describe('the plan of a run', () => {
  it('numbers its targets in their order and proves the list by its digest', () => {
    const { run, hosts } = planWith(3);
    expect(hosts).toEqual(plannedHosts(3));
    expect(run.planSha256).toBe(sha256(JSON.stringify(hosts)));
    expect(planWith(2).run.planSha256).not.toBe(run.planSha256);
  });

  it('holds the text as it will be sent, with its digest, and who asked', () => {
    const taskType: TaskType = { ...fakeTask, prepare: () => ({ finalText: 'echo 7\n', leftAlone: ['{{ range }}'] }) };
    expect(planWith(1, taskType).run).toMatchObject({
      id: 'run-1',
      name: 'nightly',
      summary: 'echo 7',
      phase: 'queued',
      finalText: 'echo 7\n',
      textSha256: sha256('echo 7\n'),
      leftAlone: ['{{ range }}'],
      source: 'manual',
      executor: { userId: 'user-1', name: 'anna', role: 'owner', teams: ['default'] },
      teamId: 'team-1',
      createdBy: 'user-1',
      createdAt: 17,
      rerunOf: null,
    });
  });

  it('is refused when targets or text would be others than shown, and says which', () => {
    const { planSha256, textSha256 } = planWith(3).run;
    expect(planWith(3, fakeTask, { planSha256, textSha256 }).run.planSha256).toBe(planSha256);
    const other = sha256('other');
    expect(refusalOf(() => planWith(2, fakeTask, { planSha256, textSha256 }))).toMatchObject({
      code: 'changed-meanwhile',
      message: 'Not started: the targets or the ways to them would be other than shown; now it would run on 2 targets',
      detail: { targets: true, text: false, total: 2 },
    });
    expect(refusalOf(() => planWith(3, fakeTask, { planSha256, textSha256: other })).detail).toEqual({
      targets: false,
      text: true,
      total: 3,
    });
  });

  it('is refused without targets, and by the task type when the task cannot run on them', () => {
    expect(() => planWith(0)).toThrow(new DroverError('no-targets', 'The selection holds no targets'));
    const refusing: TaskType = {
      ...fakeTask,
      prepare: () => {
        throw new DroverError('script-empty', 'The script is empty');
      },
    };
    expect(() => planWith(1, refusing)).toThrow('The script is empty');
  });
});

describe('the summary of a text', () => {
  it('is the first line that says something', () => {
    expect(summaryOf('#!/bin/bash\n\n# restarts the shop\n  systemctl restart shop  \nexit\n')).toBe(
      'systemctl restart shop',
    );
  });

  it('is a comment when there is nothing else, and empty for an empty text', () => {
    expect(summaryOf('\n# only words\n')).toBe('# only words');
    expect(summaryOf(' \n\t\n')).toBe('');
  });

  it('is short, however long the line is', () => {
    expect(summaryOf('x'.repeat(1_000_000))).toHaveLength(200);
  });
});
