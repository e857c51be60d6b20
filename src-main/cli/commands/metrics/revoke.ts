import type { Command } from 'commander';
import { jsonLine } from '../../json-line.ts';
import type { Session } from '../../session.ts';
import { dataOption, jsonOption } from '../shared-options.ts';

type Flags = { readonly data?: string; readonly json?: boolean };

const after = `
Example:
  drover metrics revoke`;

export function addMetricsRevoke(group: Command, session: Session): void {
  group
    .command('revoke')
    .summary('let no token read the numbers any more')
    .description('Removes the token: nobody reads /metrics over the network until a new one is made.')
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (flags: Flags) => {
      session.exitCode = await session.withEngine({ data: flags.data }, async ({ client }) => {
        const done = await client.call('metrics.revoke', {});
        session.out.write(
          flags.json ? jsonLine(done) : done.revoked ? 'The token works no more.\n' : 'There was no token.\n',
        );
        return 0;
      });
    });
}
