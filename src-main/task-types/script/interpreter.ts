import type { ScriptType } from '#contract/run';
import type { LaunchPlan } from '#core/ports';
import { isPlainCommand } from './plain-command.ts';
import { baseName, isInstalled, readShebang, type Shebang, unknownInterpreter } from './shebang.ts';

export type HostOs = 'linux' | 'windows';

export type Interpreter = {
  readonly candidates: LaunchPlan['candidates'];
  readonly source: 'shebang' | 'default';
  /** What the interpreter understands, which for a shell-type script may be another language than its type. */
  readonly language: ScriptType;
};

/** What the first line of a shell-type script may name. */
export const shellTypeInterpreters: readonly string[] = ['sh', 'bash', 'python', 'python3', 'powershell', 'pwsh'];

/**
 * Which interpreters to try for a script, in order; each gets its options, then the path of the script.
 * Throws `unknown-interpreter` with the remedy; a script is never run by another interpreter than it asks for.
 */
export function chooseInterpreter(type: ScriptType, text: string, os: HostOs): Interpreter {
  if (type === 'bat') {
    return batch(os);
  }
  if (type === 'shell' && text.startsWith('\ufeff#!')) {
    throw unknownInterpreter('A byte order mark stands before “#!”. Save the script as UTF-8 without it');
  }
  const shebang = readShebang(text);
  const language = shebang ? languageOf(type, shebang) : type;
  const options = shebang?.options ?? [];
  if (!harmlessOptions[language].test(options.join(' '))) {
    throw unknownInterpreter(`The options “${options.join(' ')}” on the first line are not passed on. Remove them`);
  }
  const source = shebang ? 'shebang' : 'default';
  const candidates =
    os === 'windows' ? windowsCandidates(language, shebang) : posixCandidates(language, shebang, isPlainCommand(text));
  return { candidates, source, language };
}

function batch(os: HostOs): Interpreter {
  if (os !== 'windows') {
    throw unknownInterpreter('Batch runs on Windows targets only. Choose Windows targets or another script type');
  }
  return { candidates: [{ path: 'cmd.exe', options: ['/d', '/c'] }], source: 'default', language: 'bat' };
}

/** The shebang list binds shell-type scripts; other types take any interpreter that is not plainly another language's. */
function languageOf(type: Exclude<ScriptType, 'bat'>, shebang: Shebang): Exclude<ScriptType, 'bat'> {
  const name = baseName(shebang.path);
  const family = families.find(({ pattern }) => pattern.test(name))?.language;
  if (type !== 'shell') {
    if (family !== undefined && family !== type) {
      throw unknownInterpreter(
        `The first line asks for “${name}”, but the script is of type ${type}. Change the one or the other`,
      );
    }
    return type;
  }
  if (!shellTypeInterpreters.includes(name) || family === undefined || family === 'other') {
    const list = shellTypeInterpreters.join(', ');
    throw unknownInterpreter(`“${name}” may not run a shell script. The first line may name ${list}`);
  }
  if (!isInstalled(shebang)) {
    throw unknownInterpreter(
      `“${shebang.path}” is in none of the directories interpreters are installed in. Write “#!/usr/bin/env ${name}”`,
    );
  }
  return family;
}

type Family = { readonly pattern: RegExp; readonly language: Exclude<ScriptType, 'bat'> | 'other' };

const families: readonly Family[] = [
  { pattern: /^(?:r?ba|da|a|pd?k|mk|k|z)?sh(?:[-.\d].*)?$/, language: 'shell' },
  { pattern: /^(?:python|pypy)[\d.]*$/, language: 'python' },
  { pattern: /^perl[\d.]*$/, language: 'perl' },
  { pattern: /^(?:pwsh|powershell)(?:-preview|\.exe)?$/, language: 'powershell' },
  {
    pattern:
      /^(?:fish|t?csh|raku|ruby|node|nodejs|deno|bun|php|lua|tclsh|expect|[gmn]?awk|sed|make|Rscript|osascript)[\d.]*$/,
    language: 'other',
  },
];

/**
 * Options that change how a script runs, but hold no program of their own: whoever judges a script reads its text,
 * in which the first line is a comment.
 */
const harmlessOptions: Readonly<Record<Exclude<ScriptType, 'bat'>, RegExp>> = {
  shell: /^(?:(?:[-+][abdefhiklmnpruvxBCEHPT]*(?:o [A-Za-z_]+)?|--(?:posix|norc|noprofile|login|verbose)?)(?: |$))*$/,
  python: /^(?:-(?:[bBdEIOPqRsSuv]+|[WX] ?[\w:=.]+)(?: |$))*$/,
  perl: /^(?:-(?:[lwWXtTU]+|C\w*)(?: |$))*$/,
  powershell: /^(?:-(?:NoProfile|NonInteractive|NoLogo)(?: |$))*$/i,
};

const powershellOptions = ['-NoProfile', '-NonInteractive'];

function posixCandidates(
  language: Exclude<ScriptType, 'bat'>,
  shebang: Shebang | undefined,
  isPlain: boolean,
): LaunchPlan['candidates'] {
  const defaults = language === 'shell' && isPlain ? plainDefaults : posixDefaults[language];
  const names = shebang ? [shebang.path] : defaults;
  const options = language === 'powershell' ? [...powershellOptions, '-File'] : (shebang?.options ?? []);
  return names.map((path) => ({ path, options }));
}

const posixDefaults: Readonly<Record<Exclude<ScriptType, 'bat'>, readonly string[]>> = {
  shell: ['/bin/bash', 'bash', 'sh'],
  python: ['python3', 'python'],
  perl: ['perl'],
  powershell: ['pwsh', 'powershell'],
};

/** What starts fastest, for a text that every shell understands alike. */
const plainDefaults: readonly string[] = ['sh', '/bin/bash', 'bash'];

/** POSIX paths mean nothing on Windows: there the first line only picks the language, and PowerShell's edition. */
function windowsCandidates(
  language: Exclude<ScriptType, 'bat'>,
  shebang: Shebang | undefined,
): LaunchPlan['candidates'] {
  const options = shebang?.options ?? [];
  switch (language) {
    case 'shell':
      throw unknownInterpreter('Shell scripts do not run on Windows targets. Use PowerShell, Batch or Python there');
    case 'python':
      return [
        { path: 'python', options },
        { path: 'py', options: ['-3', ...options] },
      ];
    case 'perl':
      return [{ path: 'perl', options }];
    case 'powershell': {
      const editions = shebang && baseName(shebang.path).startsWith('pwsh') ? ['pwsh'] : ['powershell.exe', 'pwsh'];
      return editions.map((path) => ({
        path,
        options: [...powershellOptions, '-ExecutionPolicy', 'Bypass', '-File'],
      }));
    }
  }
}
