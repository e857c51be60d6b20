import type { InputOf } from '#contract';
import type { Credential } from '#contract/credential';

export type CredentialKind = 'password' | 'key' | 'generate' | 'agent';

/** What stands in the form; its secrets live as long as the form is open. */
export type CredentialFields = {
  readonly name: string;
  readonly kind: CredentialKind;
  readonly user: string;
  readonly password: string;
  readonly privateKey: string;
  readonly passphrase: string;
  readonly hasBecome: boolean;
  readonly becomeUser: string;
  readonly becomePassword: string;
};

const emptyFields: CredentialFields = {
  name: '',
  kind: 'key',
  user: '',
  password: '',
  privateKey: '',
  passphrase: '',
  hasBecome: false,
  becomeUser: 'root',
  becomePassword: '',
};

export function fieldsOf(credential: Credential | null): CredentialFields {
  if (!credential) {
    return emptyFields;
  }
  const { name, kind, user, become } = credential;
  return {
    ...emptyFields,
    name,
    kind: kind === 'winrm' ? 'password' : kind,
    user: user ?? '',
    hasBecome: become !== null,
    becomeUser: become?.user ?? 'root',
  };
}

/** Only what was typed: the rest stays as it is. */
function secretOf(fields: CredentialFields): InputOf<'credential.create'>['secret'] {
  const { kind, password, privateKey, passphrase, hasBecome, becomePassword } = fields;
  return {
    ...(kind !== 'generate' && password !== '' && { password }),
    // A key that lost its last line break in a clipboard is none to some readers.
    ...(kind === 'key' && privateKey.trim() !== '' && { privateKey: privateKey.trimEnd().concat('\n') }),
    ...(kind === 'key' && passphrase !== '' && { passphrase }),
    ...(hasBecome && becomePassword !== '' && { becomePassword }),
  };
}

const shared = ({ name, user, hasBecome, becomeUser }: CredentialFields) => ({
  name: name.trim(),
  user: user.trim() === '' ? null : user.trim(),
  become: hasBecome ? { user: becomeUser.trim() || 'root' } : null,
});

export function creationOf(fields: CredentialFields): InputOf<'credential.create'> {
  return {
    ...shared(fields),
    kind: fields.kind === 'generate' ? 'key' : fields.kind,
    secret: secretOf(fields),
  };
}

export function generationOf(fields: CredentialFields): InputOf<'credential.generate'> {
  return shared(fields);
}

export function changeOf(fields: CredentialFields): InputOf<'credential.update'>['change'] {
  const secret = secretOf(fields) ?? {};
  return { ...shared(fields), ...(Object.keys(secret).length > 0 && { secret }) };
}

/** Whether the engine could take it; it says itself what else is wrong. */
export function isComplete({ name, kind, password, privateKey }: CredentialFields, isNew: boolean): boolean {
  if (name.trim() === '') {
    return false;
  }
  const needed = { password, key: privateKey.trim(), generate: '-', agent: '-' }[kind];
  return !isNew || needed !== '';
}
