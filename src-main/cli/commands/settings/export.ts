import type { Command } from 'commander';
import type { Session } from '../../session.ts';
import { dataOption } from '../shared-options.ts';

const after = `
Example:
  drover settings export > settings.json`;

export function addSettingsExport(group: Command, session: Session): void {
  group
    .command('export')
    .summary('print all settings as one JSON object')
    .description('Prints the settings alone, as drover settings import takes them on another node.')
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (flags: { readonly data?: string }) => {
      session.exitCode = await session.withEngine({ data: flags.data }, async ({ client }) => {
        session.out.write(`${JSON.stringify(await client.call('settings.export', {}), null, 2)}\n`);
        return 0;
      });
    });
}
