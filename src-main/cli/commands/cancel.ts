import { type Command, Option } from 'commander';
import type { Run, RunKey } from '#contract/run';
import { jsonLine } from '../json-line.ts';
import { runKey } from '../option-values.ts';
import type { Session } from '../session.ts';
import { statusText } from '../wording.ts';
import { dataOption, jsonOption } from './shared-options.ts';

type Flags = { readonly waiting?: boolean; readonly kill?: boolean; readonly data?: string; readonly json?: boolean };

const after = `
Three levels: with --waiting nothing more is begun and targets that work come
to their end; without a word they are asked to stop; with --kill they are ended
at once. A run that has ended, or is being cancelled already, is refused with
exit code 3, and so is --waiting where every target was begun.

Examples:
  drover cancel 12
  drover cancel 12 --waiting`;

export function addCancel(program: Command, session: Session): void {
  program
    .command('cancel')
    .summary('stop a run')
    .description('Asks the targets of a run to stop, and all that they started.')
    .argument('<run>', 'number of the run', runKey)
    .addOption(new Option('--waiting', 'begin nothing more, and let what works come to its end').conflicts('kill'))
    .option('--kill', 'end them at once, also when they have been asked already')
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (key: RunKey, flags: Flags) => {
      session.exitCode = await session.withEngine({ data: flags.data }, async ({ client }) => {
        const run = flags.kill
          ? await client.call('run.kill', { run: key })
          : await client.call('run.cancel', { run: key, ...(flags.waiting && { level: 'waiting' as const }) });
        session.out.write(flags.json ? jsonLine(run) : `#${run.no} ${statusText(run.status)}${whatGoesOn(run)}\n`);
        return 0;
      });
    });
}

/** Of a run that begins nothing more and still goes on. */
function whatGoesOn({ status, counts }: Run): string {
  return status === 'running' ? `: ${counts.running} at work, ${counts.skipped} not started` : '';
}
