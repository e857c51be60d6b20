import type { Expected, StartRun } from '#contract/run';
import { DroverError } from '#contract/errors';
import type { Actor, Digest, NewRun, PlannedHost, TaskType } from '#core/ports';
import { renderParameters } from '../parameter/render-parameters.ts';
import { nextState } from './run-state.ts';

/** Everything that was gathered before the decision; planRun looks nothing up. */
export type PlanInput = {
  readonly request: Omit<StartRun, 'targets' | 'addresses' | 'login' | 'expect'>;
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
  /** What whoever starts it has seen. */
  readonly expect?: Expected | undefined;
};

export type Plan = { readonly run: NewRun; readonly hosts: readonly PlannedHost[] };

/** The first line that says something: not empty, no shebang, no comment. */
export function summaryOf(text: string): string {
  const lines = text.slice(0, 20_000).split('\n', 200);
  const telling = lines.find((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  return (telling ?? lines.find((line) => line.trim() !== '') ?? '').trim().slice(0, 200);
}

/**
 * Proves a frozen list of targets: which they are, in which order, and how each is reached. What changes nothing about
 * where and as whom the text runs, such as tags or the last contact, is no part of it.
 */
export const planDigest = (hosts: readonly PlannedHost[], digest: Digest): string => digest.of(JSON.stringify(hosts));

function refuseOther(
  run: Pick<NewRun, 'planSha256' | 'textSha256'>,
  { expect, hosts }: Pick<PlanInput, 'expect' | 'hosts'>,
): void {
  const targets = expect !== undefined && expect.planSha256 !== run.planSha256;
  const text = expect !== undefined && expect.textSha256 !== run.textSha256;
  if (targets || text) {
    const what = [...(targets ? ['the targets or the ways to them'] : []), ...(text ? ['the text'] : [])].join(' and ');
    throw new DroverError(
      'changed-meanwhile',
      `Not started: ${what} would be other than shown; now it would run on ${hosts.length === 1 ? '1 target' : `${hosts.length} targets`}`,
      { detail: { targets, text, total: hosts.length } },
    );
  }
}

/** Turns a request and its resolved targets into a run that touches those targets and nothing else. */
export function planRun(input: PlanInput): Plan {
  const { request, actor, digest, hosts } = input;
  if (hosts.length === 0) {
    throw new DroverError('no-targets', 'The selection holds no targets');
  }
  const { finalText, leftAlone } = input.taskType.prepare(request.task, hosts, renderParameters);
  const digests = { textSha256: digest.of(finalText), planSha256: planDigest(hosts, digest) };
  refuseOther(digests, input);
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
      ...digests,
      leftAlone,
      rerunOf: input.rerunOf,
      createdAt: input.now,
    },
  };
}
