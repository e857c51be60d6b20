import { type Command, Option } from 'commander';
import type { InputOf } from '#contract';
import { DroverError } from '#contract/errors';
import { AccountName, Port } from '#contract/target';
import { askSecret } from './ask-person.ts';
import { checkedBy, collected, wholeNumber } from './option-values.ts';
import { privateKey } from './private-key.ts';
import { secretLine } from './secret-file.ts';
import type { Session } from './session.ts';

export type PasswordFlags = {
  readonly askPassword?: boolean;
  readonly passwordFile?: string;
  readonly askSudoPassword?: boolean;
  readonly sudoPasswordFile?: string;
};

/** How the targets of one run are reached, in the place of what is stored with them. */
export type LoginFlags = PasswordFlags & {
  readonly user?: string;
  readonly port?: number;
  readonly identity?: string[];
  readonly sudo?: string;
  readonly acceptNewHostKeys?: boolean;
};

type RunLogin = NonNullable<InputOf<'run.start'>['login']>;

export const userOption = (): Option =>
  new Option('-u, --user <user>', 'account to log in to').argParser(checkedBy(AccountName));

export const portOption = (): Option =>
  new Option('-p, --port <port>', 'port of the SSH server').argParser(wholeNumber(Port));

/** The program gives a bare `--sudo` its value, so that it never swallows the next word. */
export const sudoOption = (): Option =>
  new Option('--sudo <user>', 'run as another account by sudo; --sudo alone means root').argParser(
    checkedBy(AccountName),
  );

export function addPasswordOptions(command: Command): Command {
  return command
    .addOption(new Option('--ask-password', 'ask for the password of the login').conflicts('passwordFile'))
    .option('--password-file <file>', 'read it from the only line of this file; - is stdin')
    .addOption(new Option('--ask-sudo-password', 'ask for the password of sudo').conflicts('sudoPasswordFile'))
    .option('--sudo-password-file <file>', 'read it from the only line of this file; - is stdin');
}

export function addLoginOptions(command: Command): Command {
  command
    .addOption(userOption())
    .addOption(portOption())
    .option('-i, --identity <key>', 'file of a private key; repeat for more', collected)
    .addOption(sudoOption());
  return addPasswordOptions(command).option('--accept-new-host-keys', 'trust machines that were never seen before');
}

/** The files among the flags; `-` in more than one of them cannot be. */
export function loginFiles(flags: LoginFlags): (string | undefined)[] {
  return [flags.passwordFile, flags.sudoPasswordFile, ...(flags.identity ?? [])];
}

/** Throws DroverError `bad-input`; reads nothing. */
export function checkLogin(flags: LoginFlags): void {
  if (flags.sudo === undefined && (flags.askSudoPassword || flags.sudoPasswordFile !== undefined)) {
    throw new DroverError('bad-input', 'A password for sudo is given without --sudo');
  }
}

/** The passwords that the flags ask for, from files or the terminal. */
export async function givenPasswords(
  session: Session,
  flags: PasswordFlags & { readonly user?: string },
): Promise<{ password?: string; sudoPassword?: string }> {
  const read = async (
    file: string | undefined,
    ask: string | undefined,
    option: string,
  ): Promise<string | undefined> => {
    if (file !== undefined) {
      return secretLine(file, session.host);
    }
    return ask === undefined ? undefined : askSecret(session, ask, `Name a file that holds it: ${option} FILE`);
  };
  const ofLogin = flags.user === undefined ? 'Password: ' : `Password of ${flags.user}: `;
  const password = await read(flags.passwordFile, flags.askPassword ? ofLogin : undefined, '--password-file');
  const ofSudo = flags.askSudoPassword ? 'Password for sudo: ' : undefined;
  const sudoPassword = await read(flags.sudoPasswordFile, ofSudo, '--sudo-password-file');
  return { ...(password !== undefined && { password }), ...(sudoPassword !== undefined && { sudoPassword }) };
}

/** The login of a run with its secrets read; undefined when no flag asks for one. The flags were checked by `checkLogin`. */
export async function givenLogin(session: Session, flags: LoginFlags): Promise<RunLogin | undefined> {
  const keys: { privateKey: string; passphrase?: string }[] = [];
  for (const file of flags.identity ?? []) {
    keys.push(await privateKey(session, file));
  }
  const { password, sudoPassword } = await givenPasswords(session, flags);
  const login: RunLogin = {
    ...(flags.user !== undefined && { user: flags.user }),
    ...(flags.port !== undefined && { port: flags.port }),
    ...(keys.length > 0 && { keys }),
    ...(password !== undefined && { password }),
    ...(flags.sudo !== undefined && {
      become: { user: flags.sudo, ...(sudoPassword !== undefined && { password: sudoPassword }) },
    }),
    ...(flags.acceptNewHostKeys && { hostKeys: 'accept-new' as const }),
  };
  return Object.keys(login).length > 0 ? login : undefined;
}
