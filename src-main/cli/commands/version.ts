import type { Command } from 'commander';
import { jsonLine } from '../json-line.ts';
import type { Session } from '../session.ts';

const after = `
Example:
  drover version --json`;

export function addVersion(program: Command, session: Session): void {
  program
    .command('version')
    .summary('print the version')
    .description('Prints the version of this program.')
    .option('--json', 'one JSON object')
    .addHelpText('after', after)
    .action(({ json }: { json?: boolean }) => {
      const { version } = session.host;
      session.out.write(json ? jsonLine({ version }) : `drover ${version}\n`);
    });
}
