import { z } from 'zod';
import { call } from './define.ts';
import { AccountName, Become } from './target.ts';

export const credentialKinds = ['password', 'key', 'agent', 'winrm'] as const;

const CredentialName = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._ -]{0,127}$/, {
  error: 'a name of 1 to 128 letters, digits, dots, dashes or blanks',
});

/** What is sealed and never given out again. */
const Secret = z.strictObject({
  password: z.string().min(1).max(10_000).optional(),
  /** OpenSSH, PEM or PuTTY format 2. */
  privateKey: z.string().min(1).max(100_000).optional(),
  passphrase: z.string().max(10_000).optional(),
  /** For sudo; else the login's password is used. */
  becomePassword: z.string().min(1).max(10_000).optional(),
});
export type Secret = z.infer<typeof Secret>;

const shape = { name: CredentialName, user: AccountName.nullable(), become: Become.nullable() };

const CredentialFields = z.strictObject({
  ...shape,
  kind: z.enum(credentialKinds),
  user: shape.user.default(null),
  become: shape.become.default(null),
});

export const Credential = CredentialFields.extend({
  id: z.string(),
  no: z.int(),
  /** Of a key: the line for authorized_keys and its SHA-256, as OpenSSH writes it. */
  publicKey: z.string().nullable(),
  fingerprint: z.string().nullable(),
  /** Which secrets it holds. */
  holds: z.array(z.enum(['password', 'privateKey', 'passphrase', 'becomePassword'])),
  /** Targets that name it, for login or on the way. */
  usedBy: z.int(),
  createdAt: z.int(),
  updatedAt: z.int(),
  rev: z.int(),
});
export type Credential = z.infer<typeof Credential>;

const Passphrase = z.string().min(8, { error: 'at least 8 characters' }).max(1_000);

/** Whether sealed secrets can be opened now, and by what. */
export const VaultState = z.strictObject({
  state: z.enum(['open', 'locked']),
  /** The openers that exist. */
  openers: z.array(z.enum(['keyring', 'key-file', 'passphrase'])),
  /** Why it is locked and what to do; empty when it is open. */
  message: z.string(),
});
export type VaultState = z.infer<typeof VaultState>;

const Nothing = z.strictObject({});

export const credentialContract = {
  'credential.list': call(Nothing, z.strictObject({ credentials: z.array(Credential) }), { role: 'viewer' }),
  'credential.create': call(CredentialFields.extend({ secret: Secret.prefault({}) }), Credential, { role: 'editor' }),
  /** Makes an Ed25519 key here; only its public half ever leaves. */
  'credential.generate': call(CredentialFields.omit({ kind: true }), Credential, { role: 'editor' }),
  /** Secrets that are left out stay as they are. */
  'credential.update': call(
    z.strictObject({
      id: z.string(),
      rev: z.int(),
      change: z.strictObject(shape).partial().extend({ secret: Secret.optional() }),
    }),
    Credential,
    { role: 'editor' },
  ),
  /** Refused while targets name it. */
  'credential.remove': call(z.strictObject({ id: z.string() }), Nothing, { role: 'editor' }),
  'vault.state': call(Nothing, VaultState, { role: 'viewer' }),
  'vault.unlock': call(z.strictObject({ passphrase: z.string().min(1).max(1_000) }), VaultState, { role: 'owner' }),
  /** Adds or changes the passphrase that opens the secrets; the vault must be open. */
  'vault.passphrase': call(
    z.strictObject({ passphrase: Passphrase, removeKeyFile: z.boolean().default(false) }),
    VaultState,
    {
      role: 'owner',
    },
  ),
};
