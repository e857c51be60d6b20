import type { Command } from 'commander';
import type { RunKey } from '#contract/run';
import { jsonLine } from '../json-line.ts';
import { runKey } from '../option-values.ts';
import type { Session } from '../session.ts';
import { statusText } from '../wording.ts';
import { dataOption, jsonOption } from './shared-options.ts';

type Flags = { readonly kill?: boolean; readonly data?: string; readonly json?: boolean };

const after = `
A run that has ended, or is being cancelled already, is refused with exit code 3.

Example:
  drover cancel 12`;

export function addCancel(program: Command, session: Session): void {
  program
    .command('cancel')
    .summary('stop a run')
    .description('Asks the targets of a run to stop, and all that they started.')
    .argument('<run>', 'number of the run', runKey)
    .option('--kill', 'end them at once, also when they have been asked already')
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (key: RunKey, flags: Flags) => {
      session.exitCode = await session.withEngine({ data: flags.data }, async ({ client }) => {
        const run = await client.call(flags.kill ? 'run.kill' : 'run.cancel', { run: key });
        session.out.write(flags.json ? jsonLine(run) : `#${run.no} ${statusText(run.status)}\n`);
        return 0;
      });
    });
}
