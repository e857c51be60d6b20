import type { InputOf } from '#contract';
import type { HostRow, RunDetail, ScriptType, Task } from '#contract/run';
import { type Where, whereOf } from '../../ui/where-of.ts';

/** What stands in the form of Quick execute, as it was typed. */
export type Draft = {
  /** A selector over the saved targets, as it is sent. */
  readonly targets: string;
  /** Machines that need not be saved; only a run of the command line brings them here. */
  readonly addresses: string;
  readonly language: ScriptType;
  readonly text: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly name: string;
  readonly timeoutS: string;
  readonly deadlineS: string;
  /** One argument per line; the empty text is no argument. */
  readonly args: string;
  /** `NAME=value` per line. */
  readonly environment: string;
  readonly stdin: string;
  readonly noParameters: boolean;
};

export const emptyDraft: Draft = {
  targets: 'local',
  addresses: '',
  language: 'shell',
  text: '',
  parameters: {},
  name: '',
  timeoutS: '600',
  deadlineS: '0',
  args: '',
  environment: '',
  stdin: '',
  noParameters: false,
};

export const languages: readonly ScriptType[] = ['shell', 'python', 'powershell', 'bat', 'perl'];

export type DraftProblem =
  | { readonly field: 'timeoutS' | 'deadlineS' | 'targets' | 'text' }
  | { readonly field: 'environment'; readonly line: number };

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/));

const whole = (text: string, least: number, most: number): number | null =>
  /^\d{1,6}$/.test(text.trim()) && Number(text) >= least && Number(text) <= most ? Number(text) : null;

const assignment = /^([A-Za-z_][A-Za-z0-9_]{0,63})=(.*)$/s;

/** The first thing that keeps a draft from being started; null when it can be. */
export function draftProblem(draft: Draft): DraftProblem | null {
  if (draft.targets.trim() === '' && draft.addresses.trim() === '') {
    return { field: 'targets' };
  }
  if (draft.text.trim() === '') {
    return { field: 'text' };
  }
  if (whole(draft.timeoutS, 1, 86_400) === null) {
    return { field: 'timeoutS' };
  }
  if (whole(draft.deadlineS, 0, 604_800) === null) {
    return { field: 'deadlineS' };
  }
  const wrong = linesOf(draft.environment).findIndex((line) => line.trim() !== '' && !assignment.test(line));
  return wrong < 0 ? null : { field: 'environment', line: wrong + 1 };
}

function environmentOf(text: string): Record<string, string> {
  const pairs = linesOf(text).flatMap((line) => {
    const [, name, value] = assignment.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(pairs);
}

/** Only the parameters the text asks for are sent: a value whose name was edited away stays in the form. */
export function taskOf(draft: Draft, parameterNames: readonly string[]): InputOf<'run.start'>['task'] {
  const parameters = Object.fromEntries(parameterNames.map((name) => [name, draft.parameters[name] ?? '']));
  return {
    type: 'script',
    language: draft.language,
    text: draft.text,
    args: linesOf(draft.args),
    environment: environmentOf(draft.environment),
    ...(draft.stdin !== '' && { stdin: draft.stdin }),
    parameters: draft.noParameters ? {} : parameters,
    noParameters: draft.noParameters,
  };
}

/** Where it runs, as it is sent. */
export const placesOf = ({ targets, addresses }: Draft): { targets: string; addresses?: string } => ({
  targets,
  ...(addresses.trim() !== '' && { addresses }),
});

/** What is sent to start; only for a draft without a problem. */
export function startOf(draft: Draft, parameterNames: readonly string[]): InputOf<'run.start'> {
  return {
    name: draft.name.trim(),
    task: taskOf(draft, parameterNames),
    ...placesOf(draft),
    options: { timeoutS: Number(draft.timeoutS), deadlineS: Number(draft.deadlineS) },
  };
}

const textOfEnvironment = (environment: Task['environment']): string =>
  Object.entries(environment)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');

/** The form as it was when this run was started on these hosts, or on those of them that `where` says. */
export function draftOf(
  { run, task, options }: Pick<RunDetail, 'run' | 'task' | 'options'>,
  hosts: readonly Pick<HostRow, 'name' | 'targetId'>[],
  where: Where = whereOf(run, hosts),
): Draft {
  return {
    ...where,
    language: task.language,
    text: task.text,
    parameters: Object.fromEntries(Object.entries(task.parameters).map(([name, value]) => [name, String(value)])),
    name: run.name,
    timeoutS: String(options.timeoutS),
    deadlineS: String(options.deadlineS),
    args: task.args.join('\n'),
    environment: textOfEnvironment(task.environment),
    stdin: task.stdin ?? '',
    noParameters: task.noParameters,
  };
}

/** How many of the options behind *More* say something else than by default. */
export function optionsSet(draft: Draft): number {
  const texts = [draft.args, draft.environment, draft.stdin].filter((text) => text !== '').length;
  return texts + (draft.deadlineS.trim() === '0' ? 0 : 1) + (draft.noParameters ? 1 : 0);
}
