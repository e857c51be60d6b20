import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Secret, VaultState } from '#contract/credential';
import { DroverError } from '#contract/errors';
import type { Log } from '#core/ports';
import type { Vault } from '#core/ports-reach';
import { Backoff } from './backoff.ts';
import { type ArchiveKey, createArchiveKey, type SecretsFolder } from './create-archive-key.ts';
import { type DataKey, newDataKey } from './data-key.ts';
import { type Keyring, openByKeyring, sealByKeyring } from './keyring.ts';
import { type Opener, type Openers, readOpeners, replaceOpeners } from './openers-file.ts';
import { deriveKey, newDerivation, type ScryptCost, usualCost } from './passphrase.ts';
import { openByPassphrase, passphraseOpener, sealByPassphrase } from './passphrase-opener.ts';
import { removeParts, syncFolder } from './private-file.ts';
import { sealRecord, unsealRecord } from './sealed-record.ts';
import { lockedMessage, reasonsOf, standingOf } from './standing.ts';
import { asDroverError } from './storage-problem.ts';

type VaultOptions = {
  readonly dataDir: string;
  readonly log: Log;
  /** The desktop's; one that protects nothing is not used. */
  readonly keyring?: Keyring | undefined;
  /** Known when the program starts, such as from the file that DROVER_PASSPHRASE_FILE names. */
  readonly passphrase?: string | undefined;
  /** What a new passphrase costs to try; tests make it cheap. */
  readonly cost?: ScryptCost | undefined;
  /** Milliseconds that never go back. */
  readonly monotonic?: (() => number) | undefined;
};

interface OpeningVault extends Vault {
  /**
   * Settles, and never rejects, when the keyring and the passphrase of the start were tried. A key file is tried at once,
   * but a keyring may ask its user and never answer: wait no longer for it than a start may take.
   */
  readonly opened: Promise<void>;
}

/**
 * Opens the secrets of the archive in `dataDir`. Never throws: without an opener the vault is locked and says why, and
 * looks again whenever it is used. Writes nothing before a secret is sealed or a passphrase is set.
 */
export function openVault(options: VaultOptions): OpeningVault {
  return new SecretsVault(options);
}

type Standing =
  | { readonly kind: 'open'; readonly data: DataKey }
  | { readonly kind: 'fresh' }
  /** `damaged`: the openers cannot even be tried. */
  | { readonly kind: 'locked' | 'damaged'; readonly openers?: Openers; readonly message: string };

class SecretsVault implements OpeningVault {
  readonly opened: Promise<void>;
  readonly #places: SecretsFolder;
  readonly #log: Log;
  readonly #cost: ScryptCost;
  readonly #keyring: Keyring | undefined;
  readonly #backoff: Backoff;
  #data: DataKey | undefined;
  #kinds: VaultState['openers'] = [];
  /** Of an archive without a data key: one that a keyring or a passphrase opens, not on disk yet. */
  #prepared: ArchiveKey | undefined;
  /** What is still being tried, in words. */
  #pending: string | undefined;
  readonly #failures = new Map<Opener['kind'], string>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor({ dataDir, log, keyring, passphrase, cost, monotonic }: VaultOptions) {
    const folder = join(dataDir, 'secrets');
    this.#places = { folder, openers: join(folder, 'openers.json'), key: join(folder, 'key') };
    this.#log = log;
    this.#cost = cost ?? usualCost;
    this.#keyring = keyring?.isProtected() === true ? keyring : undefined;
    this.#backoff = new Backoff(monotonic ?? (() => performance.now()));
    this.opened = this.#start(passphrase);
  }

  state(): VaultState {
    const standing = this.#look();
    return standing.kind === 'locked' || standing.kind === 'damaged'
      ? { state: 'locked', openers: kindsOf(standing.openers?.openers ?? []), message: standing.message }
      : { state: 'open', openers: [...this.#kinds], message: '' };
  }

  seal(recordId: string, secret: Secret): Uint8Array {
    const standing = this.#lookUnlocked();
    const data = standing.kind === 'open' ? standing.data : this.#create(this.#prepared);
    return sealRecord(data, recordId, secret);
  }

  unseal(recordId: string, sealed: Uint8Array): Secret {
    const standing = this.#lookUnlocked();
    if (standing.kind === 'open') {
      return unsealRecord(standing.data, recordId, sealed);
    }
    throw new DroverError(
      'vault-damaged',
      `The key of the stored secrets is gone: put the folder ${this.#places.folder} back from a backup, or enter them again`,
      { detail: { recordId } },
    );
  }

  unlock(passphrase: string): Promise<VaultState> {
    return this.#inTurn(async () => {
      const standing = this.#look();
      if (standing.kind === 'open' || standing.kind === 'fresh') {
        return this.state();
      }
      if (!standing.openers) {
        throw new DroverError(standing.kind === 'damaged' ? 'vault-damaged' : 'secrets-locked', standing.message);
      }
      this.#backoff.check();
      const data = await openByPassphrase(standing.openers, passphrase);
      if (data === 'none') {
        throw new DroverError('secrets-locked', `No passphrase was set for the secrets. ${standing.message}`);
      }
      if (data === 'wrong') {
        this.#log.warn('A wrong passphrase was tried for the secrets', { inARow: this.#backoff.failed() });
        throw new DroverError('access-denied', 'This passphrase does not open the secrets');
      }
      this.#backoff.succeeded();
      this.#open(data, standing.openers, 'passphrase');
      return this.state();
    });
  }

  setPassphrase(passphrase: string, { removeKeyFile }: { readonly removeKeyFile: boolean }): Promise<VaultState> {
    return this.#inTurn(async () => {
      this.#lookUnlocked();
      const derivation = newDerivation(this.#cost);
      const wrapping = await deriveKey(passphrase, derivation);
      try {
        this.#addPassphrase((data) => passphraseOpener(data, derivation, wrapping), removeKeyFile);
      } finally {
        wrapping.fill(0);
      }
      this.#log.info('A passphrase was set for the secrets', { openers: this.#kinds });
      return this.state();
    });
  }

  /** How things stand now; cheap once the vault is open. A mended key file opens it here. */
  #look(): Standing {
    if (this.#data) {
      return { kind: 'open', data: this.#data };
    }
    const pending = this.#pending === undefined ? [] : [this.#pending];
    const found = standingOf(this.#places);
    switch (found.kind) {
      case 'open':
        this.#open(found.data, found.openers, 'key-file');
        return found;
      case 'lost':
        return { kind: 'damaged', message: lockedMessage([found.problem]) };
      case 'fresh':
        return pending.length === 0 ? found : { kind: 'locked', message: lockedMessage(pending) };
      case 'closed': {
        if (found.problem !== undefined) {
          this.#failures.set('key-file', found.problem);
        }
        const reasons = reasonsOf(found.openers.openers, this.#failures);
        return { kind: 'locked', openers: found.openers, message: lockedMessage([...pending, ...reasons]) };
      }
    }
  }

  /** Throws DroverError `secrets-locked`. */
  #lookUnlocked(): Extract<Standing, { kind: 'open' | 'fresh' }> {
    const standing = this.#look();
    if (standing.kind === 'open' || standing.kind === 'fresh') {
      return standing;
    }
    throw new DroverError('secrets-locked', standing.message);
  }

  #open(data: DataKey, { openers }: { readonly openers: readonly Opener[] }, by: Opener['kind']): void {
    this.#kinds = kindsOf(openers);
    if (this.#data) {
      return;
    }
    this.#data = data;
    this.#prepared = undefined;
    for (const [opener, problem] of this.#failures) {
      this.#log.warn('An opener of the secrets could not be used', { opener, problem });
    }
    this.#failures.clear();
    this.#log.info('The secrets are open', { by });
  }

  /** Makes the data key of an archive that has none. */
  #create(prepared: ArchiveKey | undefined): DataKey {
    let made: ArchiveKey | undefined;
    try {
      made = createArchiveKey(this.#places, prepared);
    } catch (error) {
      throw asDroverError(error, this.#places.folder);
    }
    if (made) {
      this.#log.info('The key of the secrets was made', { openers: kindsOf(made.openers) });
      this.#open(made.data, made, made.openers[0]?.kind ?? 'key-file');
      return made.data;
    }
    const standing = this.#lookUnlocked();
    if (standing.kind === 'open') {
      return standing.data;
    }
    throw new DroverError('secrets-locked', 'Another program makes the key of the secrets at this moment: try again');
  }

  #addPassphrase(openerFor: (data: DataKey) => Opener, removeKeyFile: boolean): void {
    const standing = this.#lookUnlocked();
    let data: DataKey;
    if (standing.kind === 'open') {
      data = standing.data;
    } else {
      const own = this.#prepared?.data ?? newDataKey();
      const others = this.#prepared?.openers.filter(({ kind }) => kind !== 'passphrase') ?? [];
      data = this.#create({ data: own, openers: [...others, openerFor(own)] });
      if (data === own) {
        return;
      }
    }
    const found = readOpeners(this.#places.openers);
    if (found.kind !== 'found' || found.openers.keyId !== data.id) {
      throw new DroverError(
        'vault-damaged',
        `${this.#places.openers} is gone or belongs to another archive: put it back from a backup`,
      );
    }
    const gone: readonly Opener['kind'][] = removeKeyFile ? ['passphrase', 'key-file'] : ['passphrase'];
    const openers = [...found.openers.openers.filter(({ kind }) => !gone.includes(kind)), openerFor(data)];
    try {
      replaceOpeners(this.#places.openers, { keyId: data.id, openers });
      this.#kinds = kindsOf(openers);
      this.#cleanUp(removeKeyFile);
    } catch (error) {
      throw asDroverError(error, this.#places.folder);
    }
  }

  #cleanUp(removeKeyFile: boolean): void {
    const { folder, openers, key } = this.#places;
    if (removeKeyFile) {
      rmSync(key, { force: true });
      syncFolder(folder);
    }
    removeParts(folder, [openers, key]);
  }

  /** Tries what takes its time. */
  async #start(passphrase: string | undefined): Promise<void> {
    const standing = this.#look();
    try {
      if (standing.kind === 'fresh') {
        await this.#prepare(passphrase);
      } else if (standing.kind === 'locked' && standing.openers) {
        await Promise.all([this.#tryKeyring(standing.openers), this.#tryPassphrase(standing.openers, passphrase)]);
      }
    } catch (error) {
      this.#log.error('The openers of the secrets could not be tried', { error });
    }
    this.#pending = undefined;
    const now = this.#look();
    if (now.kind === 'locked' || now.kind === 'damaged') {
      this.#log.warn('The secrets are locked', { reason: now.message });
    }
  }

  async #prepare(passphrase: string | undefined): Promise<void> {
    const keyring = this.#keyring;
    if (!keyring && passphrase === undefined) {
      return;
    }
    this.#pending = keyring ? waitFor(keyring) : 'The passphrase is being prepared: try again in a moment';
    const data = newDataKey();
    const openers = await Promise.all([
      keyring && sealByKeyring(keyring, data, this.#log),
      passphrase === undefined ? undefined : sealByPassphrase(data, passphrase, this.#cost),
    ]);
    const usable = openers.filter((opener) => opener !== undefined);
    this.#prepared = usable.length > 0 ? { data, openers: usable } : undefined;
  }

  async #tryKeyring(openers: Openers): Promise<void> {
    const opener = openers.openers.find(({ kind }) => kind === 'keyring');
    if (!this.#keyring || opener?.kind !== 'keyring') {
      return;
    }
    this.#pending = waitFor(this.#keyring);
    const data = await openByKeyring(this.#keyring, opener, openers.keyId);
    this.#pending = undefined;
    if (data) {
      this.#open(data, openers, 'keyring');
    } else {
      const sealer = this.#keyring.name === opener.name ? 'it was reset' : `the keyring ${opener.name} opens them`;
      this.#failures.set('keyring', `The keyring ${this.#keyring.name} does not open them: ${sealer}`);
    }
  }

  async #tryPassphrase(openers: Openers, passphrase: string | undefined): Promise<void> {
    if (passphrase === undefined) {
      return;
    }
    const data = await openByPassphrase(openers, passphrase);
    if (data === 'none') {
      this.#log.warn('A passphrase was given at the start, but none was set for the secrets');
    } else if (data === 'wrong') {
      this.#failures.set('passphrase', 'The passphrase that was given at the start does not open them');
    } else {
      this.#open(data, openers, 'passphrase');
    }
  }

  /** Passphrases are tried and set one after the other. */
  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(act);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

const waitFor = ({ name }: Keyring): string => `The keyring ${name} has not answered yet: unlock it, if it asks`;

const kindsOf = (openers: readonly Opener[]): VaultState['openers'] => openers.map(({ kind }) => kind);
