import { type Command, Option } from 'commander';
import { DroverError } from '#contract/errors';
import type { Guard, GuardOs } from '../../host.ts';
import { jsonLine } from '../../json-line.ts';
import type { Session } from '../../session.ts';
import { plainLine } from '../../terminal-safe.ts';
import { jsonOption } from '../shared-options.ts';
import { exitCodeOfLevel } from './judge.ts';
import { judgeLines, optionalText, osField, textField } from './judged-lines.ts';

type Flags = { readonly os: GuardOs; readonly jsonl?: boolean; readonly json?: boolean };

const after = `
With --jsonl each line of stdin is {"id", "path", "os", "rule"?, "symlinks"?, "mounts"?}: rule is one more zone, symlinks and
mounts say what stands for what on the target. Each line of the answer is {"id", "verdict", "level", "rules", "reason", "ms"}.

Examples:
  drover guard path /etc/nginx/nginx.conf
  drover guard path --os windows 'C:\\Temp\\app.zip'`;

export function addGuardPath(group: Command, session: Session): void {
  group
    .command('path')
    .summary('say whether a file could be written there')
    .description('Says whether a file could be written to a path of a target.')
    .argument('[path]', 'absolute, as it would be given')
    .addOption(new Option('--os <os>', 'the system of the target').choices(['linux', 'windows']).default('linux'))
    .option('--jsonl', 'judge one path for each line of stdin')
    .addOption(jsonOption())
    .addHelpText('after', after)
    .action(async (path: string | undefined, { os, json, jsonl }: Flags) => {
      const guard = await session.host.guard();
      if (jsonl) {
        await judgeLines(session, (line) => lineAnswer(line, guard));
        session.exitCode = 0;
        return;
      }
      if (path === undefined) {
        throw new DroverError('bad-input', 'Say which path: drover guard path /srv/app/config');
      }
      const judged = guard.path({ path, os });
      const text = judged.verdict === 'allow' ? 'allowed' : `${judged.level}: ${judged.reason}`;
      session.out.write(json ? jsonLine(judged) : `${plainLine(path)}: ${plainLine(text)}\n`);
      session.exitCode = exitCodeOfLevel(judged.level);
    });
}

function lineAnswer(line: Readonly<Record<string, unknown>>, guard: Guard): object {
  const { verdict, level, rule, reason } = guard.path({
    path: textField(line, 'path'),
    os: osField(line),
    zone: optionalText(line, 'rule'),
    links: { ...pairsOf(line['symlinks']), ...pairsOf(line['mounts']) },
  });
  return { verdict, level, rules: rule === null ? [] : [rule], reason };
}

function pairsOf(value: unknown): Record<string, string> {
  const pairs = Object.entries(typeof value === 'object' && value !== null ? value : {});
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}
