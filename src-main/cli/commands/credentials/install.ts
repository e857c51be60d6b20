import type { Command } from 'commander';
import type { InputOf } from '#contract';
import { attendRun } from '../../attend-run.ts';
import { installKeyText } from '#contract/install-key-text';
import { addLoginOptions, checkLogin, givenLogin, type LoginFlags } from '../../login-options.ts';
import type { Session } from '../../session.ts';
import { addWhereOptions, checkWhere, type WhereFlags, whereFields } from '../../where-options.ts';
import { type AttendFlags, attendOptions, dataOption, jsonOption } from '../shared-options.ts';
import { publicKeyOf } from './public-key.ts';

type Flags = WhereFlags & LoginFlags & AttendFlags & { readonly data?: string };

const after = `
Adds the public half to ~/.ssh/authorized_keys of the account that is logged in to, where it is not there already.
This is a run like any other: it is listed, and its exit codes are those of drover exec.

Examples:
  drover credential install deploy -w 'web[01-20]' -u deploy --ask-password
  drover credential install deploy -t tag:web -u root -i ~/.ssh/id_ed25519`;

export function addCredentialInstall(group: Command, session: Session): void {
  const command = group
    .command('install')
    .summary('put the public half of a key on targets')
    .description('Lets a key in: puts its public half into authorized_keys on targets.')
    .usage('NAME -t SELECTOR | -w LIST | --hosts FILE [options]')
    .argument('<name>', 'name of the credential');
  attendOptions(addLoginOptions(addWhereOptions(command)))
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (name: string, flags: Flags) => {
      session.exitCode = await install(session, name, flags);
    });
}

async function install(session: Session, name: string, flags: Flags): Promise<number> {
  checkWhere(flags, `drover credential install ${name} -w web1`);
  checkLogin(flags);
  const where = await whereFields(flags, session.host);
  const login = await givenLogin(session, flags);
  return session.withEngine({ data: flags.data }, async (connection) => {
    const { publicKey } = await publicKeyOf(connection.client, name);
    const request: InputOf<'run.start'> = {
      ...where,
      ...(login && { login }),
      name: `Install key ${name}`,
      task: { type: 'script', language: 'shell', text: installKeyText, args: [publicKey], noParameters: true },
    };
    return attendRun(session, connection, {
      start: (client) => client.call('run.start', request),
      login,
      ...flags,
    });
  });
}
