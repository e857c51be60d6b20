import type { InputOf } from '#contract';
import type { Draft } from './draft.ts';

/** What opens a login for one run. It lives in the page's memory until the start, and is written nowhere. */
export type RunSecrets = {
  readonly password: string;
  readonly privateKey: string;
  readonly passphrase: string;
  readonly becomePassword: string;
};

export const noSecrets: RunSecrets = { password: '', privateKey: '', passphrase: '', becomePassword: '' };

const opensLogin = ({ password, privateKey }: RunSecrets): boolean => password !== '' || privateKey.trim() !== '';

export const holdsAny = (secrets: RunSecrets): boolean => opensLogin(secrets) || secrets.becomePassword !== '';

type Accounts = Pick<Draft, 'user' | 'runAs'>;

/** What is sent with the start; undefined when nothing was said about the login. */
export function loginOf({ user, runAs }: Accounts, secrets: RunSecrets): InputOf<'run.start'>['login'] {
  const { password, privateKey, passphrase, becomePassword } = secrets;
  const login = {
    ...(user.trim() !== '' && { user: user.trim() }),
    ...(password !== '' && { password }),
    ...(privateKey.trim() !== '' && { keys: [{ privateKey, ...(passphrase !== '' && { passphrase }) }] }),
    ...(runAs.trim() !== '' && {
      become: { user: runAs.trim(), ...(becomePassword !== '' && { password: becomePassword }) },
    }),
  };
  return Object.keys(login).length === 0 ? undefined : login;
}

/** The same without the secrets, for what is asked before the start. */
export function outlineOf({ user, runAs }: Accounts, secrets: RunSecrets): InputOf<'run.preview'>['login'] {
  const outline = {
    ...(user.trim() !== '' && { user: user.trim() }),
    ...(opensLogin(secrets) && { hasSecrets: true }),
    ...(runAs.trim() !== '' && { become: { user: runAs.trim() } }),
  };
  return Object.keys(outline).length === 0 ? undefined : outline;
}
