import type { Command } from 'commander';
import { confirm } from '../../ask-person.ts';
import { findCredential } from '../../find-credential.ts';
import { jsonLine } from '../../json-line.ts';
import type { Session } from '../../session.ts';
import { dataOption, jsonOption, yesOption } from '../shared-options.ts';

type Flags = { readonly yes?: boolean; readonly data?: string; readonly json?: boolean };

const after = `
Refused with exit code 3 while targets name it.

Example:
  drover credential rm old`;

export function addCredentialRm(group: Command, session: Session): void {
  group
    .command('rm')
    .summary('remove a credential')
    .description('Removes a credential and the secrets it holds.')
    .argument('<name>', 'its name')
    .addOption(yesOption())
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (name: string, flags: Flags) => {
      session.exitCode = await session.withEngine({ data: flags.data }, async ({ client }) => {
        const { id } = await findCredential(client, name);
        await confirm(session, { question: `Remove the credential ${name} and its secrets?`, yes: flags.yes });
        await client.call('credential.remove', { id });
        session.out.write(flags.json ? jsonLine({ removed: 1 }) : `${name} removed\n`);
        return 0;
      });
    });
}
