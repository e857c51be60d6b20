import type { RunDetail } from '#contract/run';
import { curlOf } from '../../ui/copy-command.ts';
import { shellWord } from '../../ui/shell-word.ts';
import type { Where } from '../../ui/where-of.ts';

type Copied = Pick<RunDetail, 'run' | 'task' | 'options'>;

/** Where the engine listens for its owner, and where the run shall start. */
export type CopyPlace = { readonly dataFolder: string; readonly where: Where };

/** One word of a command line may not be longer on Linux. */
const longestWord = 100_000;

/** An option with its value, unless the value is the default. */
const option = (name: string, value: string | number, usual: string | number): string[] =>
  value === usual ? [] : [name, shellWord(String(value))];

const pairs = (name: string, values: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(values).flatMap(([key, value]) => [name, shellWord(`${key}=${String(value)}`)]);

function optionWords({ run, task, options }: Copied): string[] {
  return [
    ...option('--name', run.name, ''),
    ...option('--language', task.language, 'shell'),
    ...pairs('--param', task.parameters),
    ...(task.noParameters ? ['--no-parameters'] : []),
    ...pairs('--env', task.environment),
    ...option('--timeout', options.timeoutS, 600),
    ...option('--deadline', options.deadlineS, 0),
    ...option('--concurrency', options.concurrency, 64),
    ...option('--batch', options.batches?.join(',') ?? '', ''),
    ...option('--pause', options.pauseS, 0),
    ...option('--stop-after', options.stopAfter ?? '', ''),
    ...option('--tolerate', options.tolerate, '0'),
  ];
}

/** The shell makes a file of what would not fit behind the options. */
const file = (text: string): string => `<(printf %s ${shellWord(text)})`;

function whereWords({ targets, addresses }: Where): string[] {
  const list = addresses.length > longestWord ? ['--hosts', file(addresses)] : ['-w', shellWord(addresses)];
  return [...(targets === '' ? [] : ['-t', shellWord(targets)]), ...(addresses === '' ? [] : list)];
}

/** The same start on the command line (bash). */
export function commandLineOf(detail: Copied, { dataFolder, where }: CopyPlace): string {
  const { task } = detail;
  const words = ['drover', 'exec', '--data', shellWord(dataFolder), ...whereWords(where), ...optionWords(detail)];
  if (task.stdin !== undefined) {
    words.push('--stdin', file(task.stdin));
  }
  if (task.args.length === 0) {
    return [...words, '--', shellWord(task.text)].join(' ');
  }
  const language = task.language === 'shell' ? ['--language', 'shell'] : [];
  return [...words, ...language, '--script', file(task.text), '--', ...task.args.map(shellWord)].join(' ');
}

/** The same start as a request to the control socket, which is the owner's own way in. */
export function startCurlOf({ run, task, options }: Copied, { dataFolder, where }: CopyPlace): string {
  const { targets, addresses } = where;
  const places = { targets, ...(addresses !== '' && { addresses }) };
  return curlOf(dataFolder, 'run.start', { name: run.name, task, ...places, options });
}

/** The command that a refusal names between quotes, for this engine; null when it names none. */
export function remedyOf(message: string, dataFolder: string | undefined): string | null {
  const command = /"(drover hostkey accept [^"\r\n]+)"/.exec(message)?.[1];
  return command === undefined
    ? null
    : `${command}${dataFolder === undefined ? '' : ` --data ${shellWord(dataFolder)}`}`;
}
