import { DroverError } from '#contract/errors';
import type { Actor, Archive } from '#core/ports';
import type { CredentialService } from '#core/credential/credential-service';
import type { Vault } from '#core/ports-reach';
import type { Handlers } from '../dispatcher.ts';

export type CredentialHandlerServices = {
  readonly credentialService: CredentialService;
  readonly vault: Vault;
  readonly archive: Pick<Archive, 'recordAudit'>;
};

type CredentialCalls =
  | 'credential.list'
  | 'credential.create'
  | 'credential.generate'
  | 'credential.update'
  | 'credential.remove';
type VaultCalls = 'vault.state' | 'vault.unlock' | 'vault.passphrase';

export function createCredentialHandlers(
  services: CredentialHandlerServices,
): Pick<Handlers, CredentialCalls | VaultCalls> {
  const { credentialService: credentials, vault } = services;
  return {
    'credential.list': (_input, actor) => ({ credentials: credentials.list(actor) }),
    'credential.create': (input, actor) => credentials.create(input, actor),
    'credential.generate': (input, actor) => credentials.generate(input, actor),
    'credential.update': (input, actor) => credentials.update(input, actor),
    'credential.remove': ({ id }, actor) => {
      credentials.remove(id, actor);
      return {};
    },
    'vault.state': () => vault.state(),
    'vault.unlock': ({ passphrase }, actor) =>
      audited(services, { actor, action: 'vault.unlock', detail: {} }, () => vault.unlock(passphrase)),
    'vault.passphrase': ({ passphrase, removeKeyFile }, actor) =>
      audited(services, { actor, action: 'vault.passphrase', detail: { removeKeyFile } }, () =>
        vault.setPassphrase(passphrase, { removeKeyFile }),
      ),
  };
}

type Deed = { readonly actor: Actor; readonly action: string; readonly detail: Record<string, unknown> };

/** Keeps who opened or re-sealed the secrets, and who tried to and was refused. */
async function audited<T>({ archive }: CredentialHandlerServices, deed: Deed, act: () => Promise<T>): Promise<T> {
  const record = (refused: string | undefined): void =>
    archive.recordAudit({
      ...deed,
      objectType: 'vault',
      objectId: '',
      detail: { ...deed.detail, ...(refused !== undefined && { refused }) },
    });
  let done: T;
  try {
    done = await act();
  } catch (error) {
    if (error instanceof DroverError) {
      record(error.code);
    }
    throw error;
  }
  record(undefined);
  return done;
}
