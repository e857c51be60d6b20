import type { z } from 'zod';
import type { Credential, credentialContract, Secret } from '#contract/credential';
import { DroverError } from '#contract/errors';
import type { Target } from '#contract/target';
import type { Actor, AuditEntry, Clock, Ids } from '#core/ports';
import type { CredentialStore, SshKeys, StoredCredential, TargetStore, Vault } from '#core/ports-reach';
import { credentialsOf } from '../target/credentials-of.ts';
import { checkKind, filledSecret, holdsOf } from './secret-of-kind.ts';

type CredentialParts = {
  readonly store: CredentialStore;
  readonly targets: Pick<TargetStore, 'listTargets'>;
  readonly vault: Pick<Vault, 'seal' | 'unseal'>;
  readonly keys: SshKeys;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Pick<Ids, 'next'>;
};

type Input<Name extends keyof typeof credentialContract> = z.infer<(typeof credentialContract)[Name]['input']>;

/** The calls about credentials; no answer, message or audit row ever holds a secret. */
export interface CredentialService {
  /** By number. */
  list(actor: Actor): Credential[];
  /** Throws DroverError `name-taken`, `bad-input`, `bad-key` or `secrets-locked`. */
  create(input: Input<'credential.create'>, actor: Actor): Credential;
  /** Throws DroverError `name-taken` or `secrets-locked`. */
  generate(input: Input<'credential.generate'>, actor: Actor): Credential;
  /** Throws DroverError `changed-meanwhile` or `unknown-credential`, and what `create` throws. */
  update(input: Input<'credential.update'>, actor: Actor): Credential;
  /** Throws DroverError `credential-in-use` or `unknown-credential`. */
  remove(id: string, actor: Actor): void;
}

const mostNames = 5;

/** What of a credential comes from its secrets. */
type SecretFields = Pick<StoredCredential, 'publicKey' | 'fingerprint' | 'holds' | 'sealed'>;

export function createCredentialService(parts: CredentialParts): CredentialService {
  const { store, targets, keys, clock, ids } = parts;

  const find = (id: string, actor: Actor): StoredCredential => findCredential(store, id, actor);

  const shown = (credential: StoredCredential): Credential =>
    toCredential(credential, namers(targets.listTargets(credential.teamId), credential.id).length);

  const create = (fields: Omit<Input<'credential.create'>, 'secret'>, secret: Secret, actor: Actor): Credential => {
    refuseTaken(store.listCredentials(actor.teamId), fields.name);
    const id = ids.next();
    const at = clock.now();
    const credential = {
      ...fields,
      ...secretFields(parts, { id, kind: fields.kind }, secret),
      id,
      teamId: actor.teamId,
      createdBy: actor.userId,
      createdAt: at,
      updatedAt: at,
    };
    return shown(store.createCredential(credential, auditOf(actor, 'credential.create', credential)));
  };

  return {
    list(actor) {
      const known = targets.listTargets(actor.teamId);
      return store
        .listCredentials(actor.teamId)
        .map((credential) => toCredential(credential, namers(known, credential.id).length));
    },

    create: ({ secret, ...fields }, actor) => create(fields, secret, actor),

    generate(fields, actor) {
      const { privateKey } = keys.generate(`drover ${fields.name}`);
      return create({ ...fields, kind: 'key' }, { privateKey }, actor);
    },

    update: ({ id, rev, change }, actor) => {
      const present = find(id, actor);
      if (present.rev !== rev) {
        throw changedMeanwhile(present);
      }
      if (change.name !== undefined) {
        refuseTaken(store.listCredentials(actor.teamId), change.name, id);
      }
      const fields = changedFields(parts, present, change);
      const audit = auditOf(actor, 'credential.update', { ...present, ...fields });
      const changed = { ...audit, detail: { ...audit.detail, changed: Object.keys(definedOf(change)) } };
      const next = store.updateCredential(id, { rev, fields: { ...fields, updatedAt: clock.now() } }, changed);
      if (!next) {
        throw changedMeanwhile(find(id, actor));
      }
      return shown(next);
    },

    remove(id, actor) {
      const present = find(id, actor);
      refuseInUse(present, namers(targets.listTargets(actor.teamId), id));
      store.removeCredential(actor.teamId, id, auditOf(actor, 'credential.remove', present));
    },
  };
}

function findCredential(store: Pick<CredentialStore, 'listCredentials'>, id: string, actor: Actor): StoredCredential {
  const found = store.listCredentials(actor.teamId).find((credential) => credential.id === id);
  if (!found) {
    throw new DroverError('unknown-credential', 'This credential is gone: the list shows which there are', {
      detail: { id },
    });
  }
  return found;
}

/** Checks the secrets of a kind and seals them under the record's id. */
function secretFields(
  { vault, keys }: Pick<CredentialParts, 'vault' | 'keys'>,
  { id, kind }: Pick<Credential, 'id' | 'kind'>,
  given: Secret,
): SecretFields {
  const secret = withoutUselessPassphrase(keys, filledSecret(given));
  checkKind(kind, secret);
  const { privateKey, passphrase } = secret;
  const key = privateKey === undefined ? undefined : keys.describe(privateKey, passphrase);
  const holds = holdsOf(secret);
  return {
    publicKey: key?.publicKey ?? null,
    fingerprint: key?.fingerprint ?? null,
    holds,
    // A credential without secrets, such as one for the ssh-agent, needs no vault.
    sealed: holds.length === 0 ? new Uint8Array() : vault.seal(id, secret),
  };
}

/** The passphrase of the key before does not stay when the new key is not encrypted. */
function withoutUselessPassphrase(keys: SshKeys, secret: Secret): Secret {
  const { passphrase, ...rest } = secret;
  if (passphrase === undefined || rest.privateKey === undefined) {
    return secret;
  }
  try {
    keys.describe(rest.privateKey, undefined);
    return rest;
  } catch (error) {
    if (error instanceof DroverError) {
      return secret;
    }
    throw error;
  }
}

type Change = Input<'credential.update'>['change'];

function changedFields(
  parts: CredentialParts,
  present: StoredCredential,
  { secret, name, user, become }: Change,
): Partial<Pick<StoredCredential, 'name' | 'user' | 'become'> & SecretFields> {
  return {
    ...(name !== undefined && { name }),
    ...(user !== undefined && { user }),
    ...(become !== undefined && { become }),
    ...(secret && secretFields(parts, present, { ...presentSecret(parts, present), ...definedOf(secret) })),
  };
}

/** A record that cannot be opened any more can still be given new secrets. */
function presentSecret({ vault }: CredentialParts, { id, holds, sealed }: StoredCredential): Secret {
  if (holds.length === 0) {
    return {};
  }
  try {
    return vault.unseal(id, sealed);
  } catch (error) {
    if (error instanceof DroverError && error.code === 'vault-damaged') {
      return {};
    }
    throw error;
  }
}

/** Without the fields that are undefined. */
const definedOf = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

function refuseTaken(known: readonly StoredCredential[], name: string, ownId?: string): void {
  const other = known.find((one) => one.id !== ownId && one.name.toLowerCase() === name.toLowerCase());
  if (other) {
    throw new DroverError('name-taken', `There is a credential ${other.name} already: choose another name`, {
      detail: { name, no: other.no },
    });
  }
}

/** The targets that name a credential, for login or on the way. */
const namers = (targets: readonly Target[], id: string): Target[] =>
  targets.filter((target) => credentialsOf(target).includes(id));

function refuseInUse({ name }: StoredCredential, users: readonly Target[]): void {
  if (users.length === 0) {
    return;
  }
  const names = users.slice(0, mostNames).map((target) => target.name);
  const more = users.length > names.length ? ` and ${users.length - names.length} more` : '';
  const who = users.length === 1 ? 'target uses' : 'targets use';
  throw new DroverError(
    'credential-in-use',
    `${users.length} ${who} the credential ${name} (${names.join(', ')}${more}): give them another one first`,
    { detail: { targets: names, count: users.length } },
  );
}

const changedMeanwhile = ({ name, rev }: StoredCredential): DroverError =>
  new DroverError('changed-meanwhile', `The credential ${name} was changed meanwhile: load it again`, {
    detail: { rev },
  });

/** Field by field, so that nothing of the stored record slips out. */
function toCredential(credential: StoredCredential, usedBy: number): Credential {
  const { id, no, name, kind, user, become, publicKey, fingerprint, holds, createdAt, updatedAt, rev } = credential;
  return { id, no, name, kind, user, become, publicKey, fingerprint, holds, usedBy, createdAt, updatedAt, rev };
}

function auditOf(
  actor: Actor,
  action: string,
  credential: Pick<StoredCredential, 'id' | 'name' | 'kind' | 'user' | 'become' | 'fingerprint' | 'holds'>,
): AuditEntry {
  const { id, name, kind, user, become, fingerprint, holds } = credential;
  return {
    actor,
    action,
    objectType: 'credential',
    objectId: id,
    detail: { name, kind, user, become, fingerprint, holds },
  };
}
