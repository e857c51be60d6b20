import type { Secret, VaultState } from '#contract/credential';
import { DroverError } from '#contract/errors';
import type { SshKeys, Vault } from '#core/ports-reach';

/** Keeps the promises of the real vault with sealed bytes that a test can tell apart. */
export class FakeVault implements Vault {
  isLocked = false;
  seals = 0;
  readonly #sealed = new Map<string, { readonly recordId: string; readonly secret: Secret }>();

  state(): VaultState {
    return this.isLocked
      ? { state: 'locked', openers: ['passphrase'], message: 'The secrets are locked.' }
      : { state: 'open', openers: ['key-file'], message: '' };
  }

  seal(recordId: string, secret: Secret): Uint8Array {
    this.#refuseLocked();
    this.seals += 1;
    this.#sealed.set(String(this.seals), { recordId, secret: structuredClone(secret) });
    return Uint8Array.of(this.seals);
  }

  unseal(recordId: string, sealed: Uint8Array): Secret {
    this.#refuseLocked();
    const found = this.#sealed.get(String(sealed[0]));
    if (found?.recordId !== recordId) {
      throw new DroverError('vault-damaged', 'The stored secret was changed, or belongs to another record');
    }
    return structuredClone(found.secret);
  }

  /** Makes all that was sealed so far unreadable. */
  damage(): void {
    this.#sealed.clear();
  }

  unlock(): Promise<VaultState> {
    this.isLocked = false;
    return Promise.resolve(this.state());
  }

  setPassphrase(): Promise<VaultState> {
    return Promise.resolve(this.state());
  }

  #refuseLocked(): void {
    if (this.isLocked) {
      throw new DroverError('secrets-locked', 'The secrets are locked.');
    }
  }
}

/** Keys that look like `key NAME`, or `locked NAME PASSPHRASE` when they need one. */
export const fakeKeys: SshKeys = {
  describe(privateKey, passphrase) {
    const [, kind, name = '', needed] = /^(key|locked) (\S+)(?: (\S+))?$/.exec(privateKey) ?? [];
    if (kind === undefined || (kind === 'locked' && passphrase !== needed)) {
      throw new DroverError('bad-key', 'The private key cannot be used');
    }
    return { publicKey: `ssh-fake ${name}`, fingerprint: `SHA256:${name}` };
  },
  generate: (comment) => ({
    privateKey: 'key generated',
    publicKey: `ssh-fake generated ${comment}`,
    fingerprint: 'SHA256:generated',
  }),
};
