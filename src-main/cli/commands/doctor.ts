import type { Command } from 'commander';
import type { Finding } from '../host.ts';
import { jsonLine } from '../json-line.ts';
import type { Session } from '../session.ts';
import { plainLine } from '../terminal-safe.ts';
import { plural } from '../wording.ts';
import { dataOption, jsonOption } from './shared-options.ts';

type Flags = { readonly data?: string; readonly json?: boolean };

const after = `
Works with and without a running engine, and changes nothing. Run it as the account that runs the engine: files, keys and the
ssh-agent are looked at as this account has them. The exit code is 1 when something must be mended, else 0.

Examples:
  drover doctor
  sudo -u drover drover doctor --data /var/lib/drover
  drover doctor --json | jq -r 'select(.state != "ok") | .check + ": " + .remedy'`;

const looks = {
  ok: { mark: '● ok  ', colour: 32 },
  warn: { mark: '◆ warn', colour: 33 },
  fail: { mark: '▲ fail', colour: 31 },
} as const;

export function addDoctor(program: Command, session: Session): void {
  program
    .command('doctor')
    .summary('look whether this node has all it needs')
    .description(
      'Looks at the data folder, the archive, secrets, the clock, SSH and what else a node needs; says the remedy.',
    )
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async ({ data, json }: Flags) => {
      const findings = await session.host.doctor({ data });
      const colours = session.out.hasColours;
      session.out.write(json ? findings.map(jsonLine).join('') : findingsText(findings, colours));
      session.exitCode = findings.some(({ state }) => state === 'fail') ? 1 : 0;
    });
}

/** One line a finding, the remedy below it, and the sum. */
function findingsText(findings: readonly Finding[], colours: boolean): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, state, seen, remedy }) => {
    const { mark, colour } = looks[state];
    const painted = colours ? `\u001b[${colour}m${mark}\u001b[0m` : mark;
    const line = `${painted}  ${check.padEnd(width)}  ${plainLine(seen)}`;
    return remedy === null ? [line] : [line, `${' '.repeat(mark.length + width + 4)}→ ${plainLine(remedy)}`];
  });
  return `${lines.join('\n')}\n${sumText(findings)}\n`;
}

function sumText(findings: readonly Finding[]): string {
  const number = (state: Finding['state']): number => findings.filter((one) => one.state === state).length;
  const [bad, doubtful] = [number('fail'), number('warn')];
  if (bad === 0 && doubtful === 0) {
    return `All ${findings.length} checks are well.`;
  }
  const parts = [
    ...(bad > 0 ? [`${plural(bad, 'check')} must be mended`] : []),
    ...(doubtful > 0 ? [`${plural(doubtful, 'check')} should be looked at`] : []),
  ];
  return `${parts.join(', ')}; ${number('ok')} of ${findings.length} are well.`;
}
