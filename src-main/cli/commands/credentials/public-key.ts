import type { Command } from 'commander';
import type { DroverClient } from '#contract/client';
import { DroverError } from '#contract/errors';
import { findCredential } from '../../find-credential.ts';
import { jsonLine } from '../../json-line.ts';
import type { Session } from '../../session.ts';
import { dataOption, jsonOption } from '../shared-options.ts';

type Flags = { readonly data?: string; readonly json?: boolean };

const after = `
Example:
  drover credential public-key deploy >> ~/.ssh/authorized_keys`;

export function addCredentialPublicKey(group: Command, session: Session): void {
  group
    .command('public-key')
    .summary('print the public half of a key')
    .description('Prints the public half of a key, as authorized_keys takes it.')
    .argument('<name>', 'name of the credential')
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (name: string, flags: Flags) => {
      session.exitCode = await session.withEngine({ data: flags.data }, async ({ client }) => {
        const key = await publicKeyOf(client, name);
        session.out.write(flags.json ? jsonLine({ name, ...key }) : `${key.publicKey}\n`);
        return 0;
      });
    });
}

/** Throws DroverError `unknown-credential`, and `bad-input` for one without a key. */
export async function publicKeyOf(
  client: DroverClient,
  name: string,
): Promise<{ publicKey: string; fingerprint: string | null }> {
  const { publicKey, fingerprint, kind } = await findCredential(client, name);
  if (publicKey === null) {
    throw new DroverError('bad-input', `The credential '${name}' has no public key: it is of the kind ${kind}`);
  }
  return { publicKey, fingerprint };
}
