import { type DataKey, unwrapKey, wrapKey } from './data-key.ts';
import type { Opener, Openers } from './openers-file.ts';
import { type Derivation, deriveKey, newDerivation, type ScryptCost } from './passphrase.ts';

/** The opener of a passphrase whose wrapping key is computed already. */
export const passphraseOpener = (data: DataKey, derivation: Derivation, wrapping: Buffer): Opener => ({
  kind: 'passphrase',
  ...derivation,
  wrapped: wrapKey(data, wrapping, 'passphrase'),
});

export async function sealByPassphrase(data: DataKey, passphrase: string, cost: ScryptCost): Promise<Opener> {
  const derivation = newDerivation(cost);
  const wrapping = await deriveKey(passphrase, derivation);
  try {
    return passphraseOpener(data, derivation, wrapping);
  } finally {
    wrapping.fill(0);
  }
}

/** `none` when no passphrase was set, `wrong` when it is another one. */
export async function openByPassphrase(
  { keyId, openers }: Openers,
  passphrase: string,
): Promise<DataKey | 'none' | 'wrong'> {
  const opener = openers.find((one) => one.kind === 'passphrase');
  if (!opener) {
    return 'none';
  }
  const wrapping = await deriveKey(passphrase, opener);
  try {
    return unwrapKey({ keyId, text: opener.wrapped }, wrapping, 'passphrase') ?? 'wrong';
  } finally {
    wrapping.fill(0);
  }
}
