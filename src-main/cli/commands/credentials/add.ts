import { type Command, Option } from 'commander';
import type { InputOf } from '#contract';
import type { DroverClient } from '#contract/client';
import { type Credential, credentialKinds, type Secret } from '#contract/credential';
import { DroverError } from '#contract/errors';
import { jsonLine } from '../../json-line.ts';
import { addPasswordOptions, givenPasswords, type PasswordFlags, sudoOption, userOption } from '../../login-options.ts';
import { onlyOnce } from '../../option-values.ts';
import { privateKey } from '../../private-key.ts';
import type { Session } from '../../session.ts';
import { dataOption, jsonOption } from '../shared-options.ts';

type Kind = Exclude<Credential['kind'], 'winrm'>;

type Flags = PasswordFlags & {
  readonly kind?: Kind;
  readonly user?: string;
  readonly identity?: string;
  readonly generate?: boolean;
  readonly sudo?: string;
  readonly data?: string;
  readonly json?: boolean;
};

const kinds = credentialKinds.filter((kind) => kind !== 'winrm');

const after = `
Passwords and passphrases are asked at the terminal or read from a file, never taken from the command line, and are
kept sealed. --generate makes a key of which only the public half ever leaves; it is printed.

Examples:
  drover credential add deploy --generate --user deploy
  drover credential add old --kind key -i ~/.ssh/id_rsa --user ada --sudo --ask-sudo-password
  drover credential add router --kind password --user admin --ask-password`;

export function addCredentialAdd(group: Command, session: Session): void {
  const command = group
    .command('add')
    .summary('store a credential')
    .description('Stores a password, a key, or the use of the ssh-agent, for targets to name.')
    .argument('<name>', 'its name')
    .addOption(new Option('--kind <kind>', 'what it is (default: what the other options say)').choices(kinds))
    .addOption(userOption())
    .option('-i, --identity <key>', 'file of a private key', onlyOnce)
    .addOption(new Option('--generate', 'make a new key').conflicts('identity'))
    .addOption(sudoOption());
  addPasswordOptions(command)
    .addOption(jsonOption())
    .addOption(dataOption())
    .addHelpText('after', after)
    .action(async (name: string, flags: Flags) => {
      const kind = kindOf(flags);
      const secret = await secretOf(session, flags);
      session.exitCode = await session.withEngine({ data: flags.data }, async ({ client }) => {
        const credential = await create(client, { name, kind, flags, secret });
        session.out.write(flags.json ? jsonLine(credential) : createdText(credential));
        return 0;
      });
    });
}

/** The kind, which the other options must fit; throws DroverError `bad-input`. */
function kindOf(flags: Flags): Kind {
  const given: Record<Kind, boolean> = {
    key: flags.generate === true || flags.identity !== undefined,
    password: flags.askPassword === true || flags.passwordFile !== undefined,
    agent: false,
  };
  const kind = flags.kind ?? (given.key ? 'key' : given.password ? 'password' : undefined);
  const fault = kind === undefined ? 'Say what it is: --kind KIND' : misfit(kind, given);
  if (kind === undefined || fault !== undefined) {
    throw new DroverError('bad-input', fault ?? '', {
      detail: { remedy: 'drover credential add --help says what is possible.' },
    });
  }
  return kind;
}

/** What does not go together; a key may have a password beside it, for sudo. */
function misfit(kind: Kind, given: Record<Kind, boolean>): string | undefined {
  switch (kind) {
    case 'key':
      return given.key ? undefined : 'A key needs -i FILE or --generate';
    case 'password':
      return given.password && !given.key ? undefined : 'A password needs --ask-password or --password-file FILE alone';
    case 'agent':
      return given.key || given.password ? 'The ssh-agent needs neither a key nor a password' : undefined;
  }
}

async function secretOf(session: Session, flags: Flags): Promise<Secret> {
  const key = flags.identity === undefined ? {} : await privateKey(session, flags.identity);
  const { password, sudoPassword } = await givenPasswords(session, flags);
  return {
    ...key,
    ...(password !== undefined && { password }),
    ...(sudoPassword !== undefined && { becomePassword: sudoPassword }),
  };
}

type New = { readonly name: string; readonly kind: Kind; readonly flags: Flags; readonly secret: Secret };

async function create(client: DroverClient, { name, kind, flags, secret }: New): Promise<Credential> {
  const fields = {
    name,
    ...(flags.user !== undefined && { user: flags.user }),
    ...(flags.sudo !== undefined && { become: { user: flags.sudo } }),
  } satisfies InputOf<'credential.generate'>;
  if (!flags.generate) {
    return client.call('credential.create', { ...fields, kind, secret });
  }
  const made = await client.call('credential.generate', fields);
  if (Object.keys(secret).length === 0) {
    return made;
  }
  return client.call('credential.update', { id: made.id, rev: made.rev, change: { secret } });
}

/** Of a key its public half, ready for authorized_keys. */
function createdText({ no, name, publicKey }: Credential): string {
  return `${publicKey ?? `${no} ${name}`}\n`;
}
