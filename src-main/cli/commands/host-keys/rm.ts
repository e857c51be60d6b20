import type { Command } from 'commander';
import { DroverError } from '#contract/errors';
import { isMachine } from '../../host-key-text.ts';
import { jsonLine } from '../../json-line.ts';
import type { Session } from '../../session.ts';
import { plural } from '../../wording.ts';
import { dataOption, jsonOption } from '../shared-options.ts';

type Flags = { readonly data?: string; readonly json?: boolean };

const after = `
A machine whose key is removed is a stranger again. Keys of ~/.ssh/known_hosts are not touched.

Example:
  drover hostkey rm web1:2222`;

export function addHostKeyRm(group: Command, session: Session): void {
  group
    .command('rm')
    .summary('forget the host keys of a machine')
    .description('Forgets the host keys of a machine, trusted and refused ones.')
    .argument('<addresses...>', 'of machines, as drover hostkey ls writes them')
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (addresses: string[], flags: Flags) => {
      session.exitCode = await session.withEngine({ data: flags.data }, async ({ client }) => {
        const { keys } = await client.call('hostkey.list', {});
        const unknown = addresses.find((address) => !keys.some((key) => isMachine(key, address)));
        if (unknown !== undefined) {
          throw new DroverError('not-found', `No host key of ${unknown} is known`, {
            detail: { remedy: 'drover hostkey ls shows which are.' },
          });
        }
        const ids = keys.filter((key) => addresses.some((each) => isMachine(key, each))).map(({ id }) => id);
        const { removed } = await client.call('hostkey.remove', { ids });
        session.out.write(flags.json ? jsonLine({ removed }) : `${plural(removed, 'host key')} removed\n`);
        return 0;
      });
    });
}
