import { DroverError } from '#contract/errors';
import type { ScriptType } from '#contract/run';
import type { LaunchPlan } from '#core/ports';
import { chooseInterpreter, type HostOs, type Interpreter } from './interpreter.ts';
import { isPlainCommand } from './plain-command.ts';
import { normaliseNewlines } from './script-text.ts';
import { perlWithArguments, powershellEntry, pythonEntry, shellWithArguments } from './script-arguments.ts';

type ScriptFile = LaunchPlan['files'][number];

export type ScriptLaunch = LaunchPlan & Pick<Interpreter, 'language' | 'source'>;

/**
 * Lays a script out as files of a private directory. The adapter starts one candidate with its options and the path of
 * `entry`, which must hold a slash; arguments stand in the files, as argv is open to everybody's `ps`.
 * A plan of one file may also be read from a descriptor (`bash /dev/fd/3`).
 * Throws `unknown-interpreter`, and `bad-input` for arguments the script cannot be given.
 */
export function planLaunch(script: {
  readonly type: ScriptType;
  readonly text: string;
  readonly args: readonly string[];
  readonly os: HostOs;
}): ScriptLaunch {
  const { type, args, os } = script;
  const text = normaliseNewlines(type, script.text);
  const { candidates, language, source } = chooseInterpreter(type, text, os);
  checkArguments(language, args);
  const files = layOut(language, text.replace(/^\ufeff/, ''), args);
  return {
    files: files.map(({ name, content }) => ({ name, content: encodeFor(language, os, content) })),
    entry: files[0].name,
    isPlain: type === 'shell' && args.length === 0 && isPlainCommand(text),
    candidates,
    language,
    source,
  };
}

const names: Readonly<Record<ScriptType, string>> = {
  shell: 'script.sh',
  python: 'script.py',
  perl: 'script.pl',
  powershell: 'script.ps1',
  bat: 'script.cmd',
};

function checkArguments(language: ScriptType, args: readonly string[]): void {
  if (language === 'bat' && args.length > 0) {
    throw new DroverError(
      'bad-input',
      'A Batch script takes no arguments: nothing can be quoted safely for cmd.exe. Use parameters or PowerShell.',
    );
  }
  const at = args.findIndex((argument) => argument.includes('\0') || !argument.isWellFormed());
  if (at !== -1) {
    throw new DroverError('bad-input', `Argument ${at + 1} holds a NUL character or half a character.`, {
      detail: { argument: at + 1 },
    });
  }
}

/** The first file is the entry. */
function layOut(language: ScriptType, text: string, args: readonly string[]): [ScriptFile, ...ScriptFile[]] {
  const script = { name: names[language], content: text };
  if (args.length === 0) {
    return [script];
  }
  switch (language) {
    case 'shell':
      return [{ ...script, content: shellWithArguments(text, args) }];
    case 'perl':
      return [{ ...script, content: perlWithArguments(text, args) }];
    case 'python':
      return [{ name: 'entry.py', content: pythonEntry(script.name, args) }, script];
    case 'powershell':
      return [{ name: 'entry.ps1', content: powershellEntry(script.name, args) }, script];
    case 'bat':
      return [script];
  }
}

/**
 * Windows PowerShell takes a file without byte order mark for the machine's old code page, and cmd.exe misses labels
 * in files without CRLF.
 */
function encodeFor(language: ScriptType, os: HostOs, content: string): string {
  if (language === 'powershell' && os === 'windows') {
    return `\ufeff${content}`;
  }
  return language === 'bat' ? content.replaceAll(/\r?\n/g, '\r\n') : content;
}
