import type { Command } from 'commander';
import type { Credential } from '#contract/credential';
import { jsonLine } from '../../json-line.ts';
import type { Session } from '../../session.ts';
import { tableLines } from '../../table.ts';
import { dataOption, jsonOption } from '../shared-options.ts';

type Flags = { readonly data?: string; readonly json?: boolean };

const after = `
No secret is ever shown.

Example:
  drover credential ls`;

export function addCredentialLs(group: Command, session: Session): void {
  group
    .command('ls')
    .summary('list credentials')
    .description('Lists the stored credentials and what they hold.')
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (flags: Flags) => {
      session.exitCode = await session.withEngine({ data: flags.data }, async ({ client }) => {
        const { credentials } = await client.call('credential.list', {});
        if (flags.json) {
          session.out.write(credentials.map(jsonLine).join(''));
        } else {
          showTable(session, credentials);
        }
        return 0;
      });
    });
}

const held = {
  password: 'password',
  privateKey: 'private key',
  passphrase: 'passphrase',
  becomePassword: 'sudo password',
} as const;

function showTable(session: Session, credentials: readonly Credential[]): void {
  if (credentials.length === 0) {
    session.notice('no credentials');
    return;
  }
  const rows = credentials.map((credential) => [
    { text: String(credential.no) },
    { text: credential.name },
    { text: credential.kind },
    { text: credential.user ?? '' },
    { text: credential.become?.user ?? '' },
    { text: credential.holds.map((secret) => held[secret]).join(', ') },
    { text: String(credential.usedBy) },
    { text: credential.fingerprint ?? '' },
  ]);
  const head = ['NO', 'NAME', 'KIND', 'USER', 'SUDO', 'HOLDS', 'TARGETS', 'FINGERPRINT'];
  session.out.write(`${tableLines(rows, { head, columns: session.out.columns }).join('\n')}\n`);
}
