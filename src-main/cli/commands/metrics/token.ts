import type { Command } from 'commander';
import { jsonLine } from '../../json-line.ts';
import type { Session } from '../../session.ts';
import { dataOption, jsonOption } from '../shared-options.ts';

type Flags = { readonly data?: string; readonly json?: boolean };

const after = `
The token is printed once and kept as a digest only. It reads the numbers and can do nothing else.

Example:
  drover metrics token > /etc/prometheus/drover.token`;

export function addMetricsToken(group: Command, session: Session): void {
  group
    .command('token')
    .summary('make the token anew; the one before works no more')
    .description('Makes a new token for /metrics and prints it. The one before works no more.')
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (flags: Flags) => {
      session.exitCode = await session.withEngine({ data: flags.data }, async ({ client }) => {
        const made = await client.call('metrics.token', {});
        session.out.write(flags.json ? jsonLine(made) : `${made.token}\n`);
        if (session.err.isTerminal && !flags.json) {
          session.notice('keep it now: it is not shown again');
        }
        return 0;
      });
    });
}
