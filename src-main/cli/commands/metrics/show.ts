import type { Command } from 'commander';
import { jsonLine } from '../../json-line.ts';
import type { Session } from '../../session.ts';
import { dataOption, jsonOption } from '../shared-options.ts';

type Flags = { readonly data?: string; readonly json?: boolean };

const after = `
Example:
  drover metrics show | grep ^drover_`;

export function addMetricsShow(group: Command, session: Session): void {
  group
    .command('show')
    .summary('print the numbers as they are now')
    .description('Prints the numbers of the running engine in Prometheus’ text format, as /metrics gives them.')
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (flags: Flags) => {
      session.exitCode = await session.withEngine({ data: flags.data }, async ({ client }) => {
        const metrics = await client.call('metrics.read', {});
        session.out.write(flags.json ? jsonLine(metrics) : metrics.text);
        return 0;
      });
    });
}
