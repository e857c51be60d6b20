import { type Command, Option } from 'commander';
import { DroverError } from '#contract/errors';
import type { ExitCode } from '../../exit-code.ts';
import type { Guard, GuardHit, GuardOs } from '../../host.ts';
import { inputText } from '../../input-text.ts';
import { jsonLine } from '../../json-line.ts';
import type { Session } from '../../session.ts';
import { plainLine } from '../../terminal-safe.ts';
import { jsonOption } from '../shared-options.ts';
import { judgeLines, optionalText, osField, textField } from './judged-lines.ts';

type Flags = { readonly os: GuardOs; readonly shell?: string; readonly jsonl?: boolean; readonly json?: boolean };
type Judged = ReturnType<Guard['judge']>;

const after = `
Without FILE, or with -, the script comes from stdin. The guard reads the text; it cannot see files on a host, or code that is
fetched at run time.

With --jsonl each line of stdin is {"id", "cmd", "os", "shell"?} and each line of the answer {"id", "verdict", "level", "rules",
"reason", "ms"}; a note counts as allow.

Examples:
  drover guard judge cleanup.sh
  drover guard judge --os windows --shell cmd wipe.bat
  drover guard judge --jsonl < cases.jsonl`;

export function addGuardJudge(group: Command, session: Session): void {
  group
    .command('judge')
    .summary('say whether a script would be stopped, and why')
    .description('Says whether a script would be stopped, by which rule, and what was understood.')
    .argument('[file]', 'the script; stdin without it', '-')
    .addOption(new Option('--os <os>', 'the system it would run on').choices(['linux', 'windows']).default('linux'))
    .option('--shell <shell>', 'its language: bash, python, powershell, cmd …; else its first line says it')
    .option('--jsonl', 'judge one script for each line of stdin')
    .addOption(jsonOption())
    .addHelpText('after', after)
    .action(async (file: string, flags: Flags) => {
      const guard = await session.host.guard();
      checkShell(flags.shell, guard);
      if (flags.jsonl) {
        await judgeLines(session, (line) =>
          shortAnswer(
            guard.judge({ text: textField(line, 'cmd'), os: osField(line), shell: optionalText(line, 'shell') }),
          ),
        );
        session.exitCode = 0;
        return;
      }
      const text = await inputText(file, session.host);
      const judged = guard.judge({ text, os: flags.os, shell: flags.shell });
      session.out.write(flags.json ? jsonLine(judged) : judgedText(judged));
      session.exitCode = exitCodeOfLevel(judged.level);
    });
}

function checkShell(shell: string | undefined, { shells }: Guard): void {
  if (shell !== undefined && !shells.includes(shell.toLowerCase())) {
    throw new DroverError('bad-input', `Drover knows no scripts of ${shell}`, {
      detail: { remedy: `Known are ${shells.join(', ')}.` },
    });
  }
}

function shortAnswer({ verdict, level, hits }: Judged): object {
  return { verdict, level, rules: hits.map(({ rule }) => rule), reason: hits.map(reasonOf).join(' ') };
}

function reasonOf({ say, what, line }: GuardHit): string {
  return `${say} (line ${line}: ${what})`;
}

/** 0 it may run, 3 somebody has to agree, 4 nobody can. */
export function exitCodeOfLevel(level: string | null): ExitCode {
  return level === 'forbid' ? 4 : level === 'confirm' || level === 'second-person' ? 3 : 0;
}

const words: Readonly<Record<string, string>> = {
  note: 'note',
  confirm: 'needs confirmation',
  'second-person': 'needs a second person',
  forbid: 'forbidden',
};

function judgedText({ level, hits, commands }: Judged): string {
  const understood = `${commands} ${commands === 1 ? 'command' : 'commands'} understood`;
  if (level === null) {
    return `allowed: no rule says anything about it; ${understood}\n`;
  }
  const lines = hits.flatMap(({ rule, level: own, say, what, line, safer }) => [
    `  line ${line}: ${plainLine(what)}`,
    `    ${words[own] ?? own}: ${say} [${rule}]`,
    ...(safer === undefined ? [] : [`    ${safer}`]),
  ]);
  return [`${level === 'note' ? 'allowed, with a note' : (words[level] ?? level)}: ${understood}`, ...lines, ''].join(
    '\n',
  );
}
