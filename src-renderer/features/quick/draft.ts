import type { InputOf } from '#contract';
import type { HostRow, RunDetail, RunOptions, ScriptType, Task } from '#contract/run';
import { type Where, whereOf } from '../../ui/where-of.ts';
import { quickDefaults } from './defaults.ts';

/** What stands in the form of Quick execute, as it was typed. It never holds a secret: it is kept over a reload. */
export type Draft = {
  /** A selector over the saved targets, as it is sent. */
  readonly targets: string;
  /** Machines that need not be saved. */
  readonly addresses: string;
  readonly language: ScriptType;
  readonly text: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly name: string;
  /** Account that is logged in to; empty is the one each target has. */
  readonly user: string;
  /** Account the commands run as by sudo; empty is the one each target has. */
  readonly runAs: string;
  readonly timeoutS: string;
  readonly deadlineS: string;
  readonly concurrency: string;
  /** `10`, `10%`, `1,10%,100%`; empty is all at once. */
  readonly batches: string;
  readonly pauseS: string;
  readonly stopAfter: string;
  readonly tolerate: string;
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
  user: '',
  runAs: '',
  timeoutS: String(quickDefaults.timeoutS),
  deadlineS: String(quickDefaults.deadlineS),
  concurrency: String(quickDefaults.concurrency),
  batches: '',
  pauseS: String(quickDefaults.pauseS),
  stopAfter: '',
  tolerate: quickDefaults.tolerate,
  args: '',
  environment: '',
  stdin: '',
  noParameters: false,
};

export const languages: readonly ScriptType[] = ['shell', 'python', 'powershell', 'bat', 'perl'];

type PlainField =
  | 'targets'
  | 'text'
  | 'user'
  | 'runAs'
  | 'timeoutS'
  | 'deadlineS'
  | 'concurrency'
  | 'batches'
  | 'pauseS'
  | 'stopAfter'
  | 'tolerate';

export type DraftProblem = { readonly field: PlainField } | { readonly field: 'environment'; readonly line: number };

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/));

const isWhole = (text: string, least: number, most: number): boolean =>
  /^\d{1,6}$/.test(text.trim()) && Number(text) >= least && Number(text) <= most;

const assignment = /^([A-Za-z_][A-Za-z0-9_]{0,63})=(.*)$/s;
const account = /^[A-Za-z0-9_][A-Za-z0-9._@\\+-]{0,127}$/;
const countOrShare = /^(\d{1,6}|(100|\d{1,2}(\.\d{1,3})?)%)$/;
const mostBatches = 50;

/** The sizes in the order they were typed. */
export const batchSizesOf = (text: string): string[] => text.split(/[\s,;]+/).filter((size) => size !== '');

const areBatches = (text: string): boolean =>
  batchSizesOf(text).length <= mostBatches &&
  batchSizesOf(text).every((size) => countOrShare.test(size) && Number.parseFloat(size) > 0);

const isAccount = (text: string): boolean => text.trim() === '' || account.test(text.trim());

/** In the order of the page. */
const checks: readonly (readonly [PlainField, (draft: Draft) => boolean])[] = [
  ['targets', ({ targets, addresses }) => targets.trim() !== '' || addresses.trim() !== ''],
  ['text', ({ text }) => text.trim() !== ''],
  ['user', ({ user }) => isAccount(user)],
  ['runAs', ({ runAs }) => isAccount(runAs)],
  ['timeoutS', ({ timeoutS }) => isWhole(timeoutS, 1, 86_400)],
  ['concurrency', ({ concurrency }) => isWhole(concurrency, 1, 1_000)],
  ['batches', ({ batches }) => areBatches(batches)],
  ['stopAfter', ({ stopAfter }) => stopAfter.trim() === '' || countOrShare.test(stopAfter.trim())],
  ['pauseS', ({ pauseS }) => isWhole(pauseS, 0, 86_400)],
  ['tolerate', ({ tolerate }) => countOrShare.test(tolerate.trim())],
  ['deadlineS', ({ deadlineS }) => isWhole(deadlineS, 0, 604_800)],
];

/** The first thing that keeps a draft from being started; null when it can be. */
export function draftProblem(draft: Draft): DraftProblem | null {
  const failed = checks.find(([, holds]) => !holds(draft));
  if (failed) {
    return { field: failed[0] };
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

/** How it is rolled out, as it is sent; only for a draft without a problem. A pause without batches says nothing. */
export function optionsOf(draft: Draft): Partial<RunOptions> {
  const batches = batchSizesOf(draft.batches);
  const stopAfter = draft.stopAfter.trim();
  return {
    timeoutS: Number(draft.timeoutS),
    deadlineS: Number(draft.deadlineS),
    concurrency: Number(draft.concurrency),
    tolerate: draft.tolerate.trim(),
    ...(batches.length > 0 && { batches, pauseS: Number(draft.pauseS) }),
    ...(stopAfter !== '' && { stopAfter }),
  };
}

/** What is sent to start, without the login; only for a draft without a problem. */
export function startOf(draft: Draft, parameterNames: readonly string[]): InputOf<'run.start'> {
  return {
    name: draft.name.trim(),
    task: taskOf(draft, parameterNames),
    ...placesOf(draft),
    options: optionsOf(draft),
  };
}

const textOfEnvironment = (environment: Task['environment']): string =>
  Object.entries(environment)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');

/**
 * The form as it was when this run was started on these hosts, or on those of them that `where` says; the accounts that were
 * given with it are not stored.
 */
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
    user: '',
    runAs: '',
    timeoutS: String(options.timeoutS),
    deadlineS: String(options.deadlineS),
    concurrency: String(options.concurrency),
    batches: options.batches?.join(', ') ?? '',
    pauseS: String(options.pauseS),
    stopAfter: options.stopAfter ?? '',
    tolerate: options.tolerate,
    args: task.args.join('\n'),
    environment: textOfEnvironment(task.environment),
    stdin: task.stdin ?? '',
    noParameters: task.noParameters,
  };
}

/** Fields of the form that are neither text nor targets. */
const optionFields = [
  'user',
  'runAs',
  'timeoutS',
  'concurrency',
  'batches',
  'pauseS',
  'stopAfter',
  'tolerate',
  'deadlineS',
  'args',
  'environment',
  'stdin',
  'noParameters',
] as const;
export type OptionField = (typeof optionFields)[number];

/** The options that say something else than by default, in the order of the page. */
export function optionsSet(draft: Draft): readonly OptionField[] {
  const trimmed = (value: string | boolean): string | boolean => (typeof value === 'string' ? value.trim() : value);
  return optionFields.filter(
    (field) =>
      trimmed(draft[field]) !== emptyDraft[field] && !(field === 'pauseS' && batchSizesOf(draft.batches).length === 0),
  );
}

/** The options as they are by default, for one click back. */
export const usualOptions: Partial<Draft> = Object.fromEntries(optionFields.map((field) => [field, emptyDraft[field]]));
