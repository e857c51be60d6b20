import type { StartRun } from '#contract/run';
import { DroverError } from '#contract/errors';
import type { Actor, Digest, NewRun, PlannedHost, TaskType } from '#core/ports';
import { renderParameters } from '../parameter/render-parameters.ts';
import { nextState } from './run-state.ts';

/** Everything that was gathered before the decision; planRun looks nothing up. */
export type PlanInput = {
  readonly request: Omit<StartRun, 'targets' | 'addresses' | 'login'>;
  /** The frozen list of targets. */
  readonly hosts: readonly PlannedHost[];
  /** What named them. */
  readonly selector: string;
  readonly taskType: TaskType;
  readonly actor: Actor;
  readonly id: string;
  readonly now: number;
  readonly digest: Digest;
  readonly rerunOf: NewRun['rerunOf'];
};

export type Plan = { readonly run: NewRun; readonly hosts: readonly PlannedHost[] };

/** The first line that says something: not empty, no shebang, no comment. */
export function summaryOf(text: string): string {
  const lines = text.slice(0, 20_000).split('\n', 200);
  const telling = lines.find((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  return (telling ?? lines.find((line) => line.trim() !== '') ?? '').trim().slice(0, 200);
}

/** Turns a request and its resolved targets into a run that touches those targets and nothing else. */
export function planRun(input: PlanInput): Plan {
  const { request, actor, digest, hosts } = input;
  if (hosts.length === 0) {
    throw new DroverError('no-targets', 'The selection holds no targets');
  }
  const { finalText, leftAlone } = input.taskType.prepare(request.task, hosts, renderParameters);
  const waiting = nextState({ status: 'pending', phase: 'queued' }, { type: 'wait', phase: 'queued' });
  return {
    hosts,
    run: {
      id: input.id,
      name: request.name.trim(),
      summary: summaryOf(finalText),
      phase: waiting.ok ? waiting.state.phase : 'queued',
      source: 'manual',
      executor: { userId: actor.userId, name: actor.name, role: actor.role, teams: [actor.team] },
      teamId: actor.teamId,
      createdBy: actor.userId,
      selector: input.selector,
      task: request.task,
      options: request.options,
      finalText,
      textSha256: digest.of(finalText),
      planSha256: digest.of(JSON.stringify(hosts)),
      leftAlone,
      rerunOf: input.rerunOf,
      createdAt: input.now,
    },
  };
}
