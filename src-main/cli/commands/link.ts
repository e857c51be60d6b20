import type { Command } from 'commander';
import { DroverError } from '#contract/errors';
import { jsonLine } from '../json-line.ts';
import type { Session } from '../session.ts';
import { timeText } from '../wording.ts';
import { dataOption, jsonOption } from './shared-options.ts';

type Flags = { readonly data?: string; readonly json?: boolean };

const after = `
Whoever opens the link within ten minutes is signed in as the owner, once. Needs a running drover serve.

Example:
  drover link`;

export function addLink(program: Command, session: Session): void {
  program
    .command('link')
    .summary('print a link that opens the console')
    .description('Prints a fresh link that opens the console of the running engine in a browser.')
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (flags: Flags) => {
      session.exitCode = await session.withEngine({ data: flags.data }, async ({ client, local }) => {
        if (local) {
          throw new DroverError('engine-unreachable', 'No engine is running that a link could open', {
            detail: { remedy: 'Start one: drover serve' },
          });
        }
        const link = await client.call('session.link', {});
        session.out.write(flags.json ? jsonLine(link) : `${link.url}\n`);
        if (session.err.isTerminal && !flags.json) {
          session.notice(`opens once, until ${timeText(link.expiresAt)}`);
        }
        return 0;
      });
    });
}
