import { extname } from 'node:path';
import type { InputOf } from '#contract';
import { DroverError } from '#contract/errors';
import type { RunOptions, ScriptType } from '#contract/run';
import { checkLogin, type LoginFlags, loginFiles } from './login-options.ts';
import { quoteWords } from './quote-words.ts';
import { checkWhere, type WhereFlags } from './where-options.ts';

/** What `drover exec` was told, as commander gives it; absent means the contract's default. */
export type ExecFlags = WhereFlags &
  LoginFlags & {
    readonly script?: string;
    readonly language?: ScriptType;
    readonly name?: string;
    readonly param?: Record<string, string>;
    readonly env?: Record<string, string>;
    readonly stdin?: string;
    readonly timeout?: number;
    readonly deadline?: number;
    readonly concurrency?: number;
    readonly batch?: string[];
    readonly pause?: number;
    readonly stopAfter?: string;
    readonly tolerate?: string;
    /** False after `--no-parameters`. */
    readonly parameters: boolean;
  };

/** The words behind `--`, and what was read from the files that the flags name. */
export type ExecTexts = Pick<Request, 'targets' | 'addresses' | 'login'> & {
  readonly words: readonly string[];
  readonly script: string | undefined;
  readonly stdin: string | undefined;
};

type Request = InputOf<'run.start'>;

const languageOfExtension: Record<string, ScriptType> = {
  '': 'shell',
  '.sh': 'shell',
  '.bash': 'shell',
  '.py': 'python',
  '.ps1': 'powershell',
  '.bat': 'bat',
  '.cmd': 'bat',
  '.pl': 'perl',
};

/** What must be right before any file is read; throws DroverError `bad-input`, `no-targets`. */
export function checkExec(flags: ExecFlags, words: readonly string[]): void {
  checkWhere(flags, "drover exec -t local -- 'uptime'");
  if (flags.pause !== undefined && flags.batch === undefined) {
    throw new DroverError('bad-input', '--pause is for what lies between two batches: give --batch as well');
  }
  if (flags.script === undefined && words.every((word) => word.trim() === '')) {
    throw new DroverError('bad-input', 'Nothing to run: the command stands behind --', {
      detail: { remedy: "drover exec -t local -- 'uptime', or --script FILE" },
    });
  }
  const files = [flags.script, flags.stdin, ...(flags.hosts ?? []), ...loginFiles(flags)];
  if (files.filter((file) => file === '-').length > 1) {
    throw new DroverError('bad-input', 'Stdin cannot be two things: - stands for more than one file');
  }
  checkLogin(flags);
  if (flags.script === undefined && words.length > 1 && (flags.language ?? 'shell') !== 'shell') {
    throw new DroverError('bad-input', `Text in ${flags.language} must be one word behind --: put quotes around it`);
  }
}

/** The request for `run.start`; the flags have been checked by `checkExec`. */
export function startRequest(flags: ExecFlags, texts: ExecTexts): Request {
  const { words, script, stdin, targets, addresses, login } = texts;
  const [onlyWord = ''] = words;
  const commandText = words.length === 1 ? onlyWord : quoteWords(words);
  return {
    ...(flags.name !== undefined && { name: flags.name }),
    targets,
    ...(addresses !== undefined && { addresses }),
    ...(login && { login }),
    task: {
      type: 'script',
      language: flags.language ?? scriptLanguage(flags.script),
      text: script ?? commandText,
      ...(script !== undefined && { args: [...words] }),
      ...(flags.env && { environment: flags.env }),
      ...(stdin !== undefined && { stdin }),
      ...(flags.param && { parameters: flags.param }),
      noParameters: !flags.parameters,
    },
    options: runOptions(flags),
  };
}

function runOptions(flags: ExecFlags): Partial<RunOptions> {
  const options: { [K in keyof RunOptions]: RunOptions[K] | undefined } = {
    timeoutS: flags.timeout,
    deadlineS: flags.deadline,
    concurrency: flags.concurrency,
    batches: flags.batch,
    pauseS: flags.pause,
    stopAfter: flags.stopAfter,
    tolerate: flags.tolerate,
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** Shell without a file or an extension, where a `#!` line may say more; never a guess for a foreign one. */
function scriptLanguage(file: string | undefined): ScriptType {
  const extension = file === undefined || file === '-' ? '' : extname(file).toLowerCase();
  const language = languageOfExtension[extension];
  if (!language) {
    throw new DroverError('bad-input', `The language of a ${extension} file is not known: say --language`);
  }
  return language;
}
