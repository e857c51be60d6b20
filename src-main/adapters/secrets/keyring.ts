import type { Log } from '#core/ports';
import { type DataKey, fromKeyringText, toKeyringText } from './data-key.ts';
import type { Opener } from './openers-file.ts';

/** The keyring of a desktop session. */
export interface Keyring {
  /** Such as `gnome_libsecret`; stored, to say which one is missing. */
  readonly name: string;
  /** False when it only hides, as Linux's `basic_text` does: then it is not used. */
  isProtected(): boolean;
  seal(text: string): Promise<string>;
  unseal(text: string): Promise<string>;
}

type KeyringOpener = Extract<Opener, { kind: 'keyring' }>;

/** A keyring that fails counts as none. */
export async function sealByKeyring(keyring: Keyring, data: DataKey, log: Log): Promise<KeyringOpener | undefined> {
  try {
    return { kind: 'keyring', name: keyring.name, sealed: await keyring.seal(toKeyringText(data)) };
  } catch {
    // Not the error itself: nobody knows what a keyring says of the text it was given.
    log.warn('The keyring of this desktop could not be used for the secrets', { keyring: keyring.name });
    return undefined;
  }
}

/** Undefined when the keyring does not open it. */
export async function openByKeyring(
  keyring: Keyring,
  opener: KeyringOpener,
  keyId: string,
): Promise<DataKey | undefined> {
  try {
    return fromKeyringText(await keyring.unseal(opener.sealed), keyId);
  } catch {
    return undefined;
  }
}
