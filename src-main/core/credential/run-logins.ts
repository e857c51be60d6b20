import type { Secret } from '#contract/credential';
import { DroverError } from '#contract/errors';
import type { RunLogin } from '#contract/run';
import type { Digest, Ids } from '#core/ports';
import type { CredentialStore, LoginSecrets, Logins, LoginSource, StoredCredential, Vault } from '#core/ports-reach';

type RunLoginsParts = {
  readonly store: Pick<CredentialStore, 'listCredentials'>;
  readonly teamId: string;
  readonly vault: Pick<Vault, 'unseal'>;
  readonly digest: Pick<Digest, 'of'>;
  readonly ids: Pick<Ids, 'secret'>;
};

type Opened = Omit<LoginSecrets, 'print'>;

/** Opens the logins of runs. What was given with a run is kept in memory until the run is forgotten, and nowhere else. */
export class RunLogins implements Logins {
  readonly #parts: RunLoginsParts;
  /** Goes into every print, so that nobody can try out passwords on one. */
  readonly #salt: string;
  readonly #given = new Map<string, RunLogin>();

  constructor(parts: RunLoginsParts) {
    this.#parts = parts;
    this.#salt = parts.ids.secret(32);
  }

  give(runId: string, login: RunLogin): void {
    this.#given.set(runId, login);
  }

  /** For the end of a run; nothing happens when nothing was given. */
  forget(runId: string): void {
    this.#given.delete(runId);
  }

  open(source: LoginSource, runId: string, place: 'target' | 'on-the-way'): LoginSecrets {
    const given = place === 'target' ? this.#given.get(runId) : undefined;
    switch (source.kind) {
      case 'stored': {
        const credential = this.#find(source.credentialId);
        const { id, rev } = credential;
        return this.#printed([id, rev], fromCredential(credential, this.#unseal(credential), given));
      }
      case 'given':
        return this.#printed([], fromRun(given));
      case 'account':
        return this.#printed([], {
          keys: [],
          ...passwordsOf(given, {}),
          agent: true,
          identityFiles: [...source.identityFiles],
        });
    }
  }

  /** Looked up anew each time: a credential that was taken away or changed counts at once. */
  #find(id: string): StoredCredential {
    const { store, teamId } = this.#parts;
    const found = store.listCredentials(teamId).find((credential) => credential.id === id);
    if (!found) {
      throw new DroverError(
        'unknown-credential',
        'The credential of this target is gone: give the target another one',
        {
          detail: { credentialId: id },
        },
      );
    }
    return found;
  }

  #unseal({ id, holds, sealed }: StoredCredential): Secret {
    return holds.length === 0 ? {} : this.#parts.vault.unseal(id, sealed);
  }

  #printed(record: readonly unknown[], opened: Opened): LoginSecrets {
    return { ...opened, print: this.#parts.digest.of(JSON.stringify([this.#salt, record, opened])) };
  }
}

function fromCredential({ kind }: StoredCredential, secret: Secret, given: RunLogin | undefined): Opened {
  const { privateKey, passphrase } = secret;
  return {
    keys: privateKey === undefined ? [] : [{ privateKey, ...(passphrase !== undefined && { passphrase }) }],
    ...passwordsOf(given, secret),
    agent: kind === 'agent',
    identityFiles: [],
  };
}

function fromRun(given: RunLogin | undefined): Opened {
  if (!given || (given.keys.length === 0 && !given.password)) {
    throw new DroverError(
      'unknown-credential',
      'The key of this run was given when it was started and is not stored: start it again with the key',
    );
  }
  return { keys: given.keys, ...passwordsOf(given, {}), agent: false, identityFiles: [] };
}

/** What was given with the run wins; who has no password of their own for sudo uses the login's. */
function passwordsOf(
  given: RunLogin | undefined,
  stored: Pick<Secret, 'password' | 'becomePassword'>,
): Pick<Opened, 'password' | 'becomePassword'> {
  const password = filled(given?.password) ?? filled(stored.password) ?? null;
  return { password, becomePassword: filled(given?.become?.password) ?? filled(stored.becomePassword) ?? password };
}

const filled = (text: string | undefined): string | undefined => (text === '' ? undefined : text);
