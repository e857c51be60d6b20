import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
export const keyBytes = 32;
export const keyIdBytes = 8;

/** The key that seals the secrets of one archive; its bytes live outside the heap. */
export type DataKey = { readonly id: string; readonly key: KeyObject };

/** Nonce, ciphertext and tag of AES-256-GCM under a fresh random nonce. */
export function encrypt(key: KeyObject | Buffer, plain: Uint8Array, associated: Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes);
  const sealer = createCipheriv(cipher, key, nonce, { authTagLength: tagBytes });
  sealer.setAAD(associated);
  return Buffer.concat([nonce, sealer.update(plain), sealer.final(), sealer.getAuthTag()]);
}

/** Undefined when anything of it was changed, or the key or the associated data is another. */
export function decrypt(key: KeyObject | Buffer, sealed: Uint8Array, associated: Uint8Array): Buffer | undefined {
  if (sealed.length < nonceBytes + tagBytes) {
    return undefined;
  }
  const opener = createDecipheriv(cipher, key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes });
  opener.setAAD(associated);
  opener.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  const plain = opener.update(sealed.subarray(nonceBytes, sealed.length - tagBytes));
  try {
    return Buffer.concat([plain, opener.final()]);
  } catch {
    return undefined;
  } finally {
    plain.fill(0);
  }
}

/** Takes the bytes over and wipes them. The id is computed from the key, so that a wrong key never passes for a right one. */
function takeKey(bytes: Buffer): DataKey {
  const id = createHmac('sha256', bytes).update('drover data key').digest().subarray(0, keyIdBytes).toString('hex');
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return { id, key };
}

export const newDataKey = (): DataKey => takeKey(randomBytes(keyBytes));

const wrapLabel = (keyId: string, kind: string): Buffer => Buffer.from(`drover data key 1 ${keyId} ${kind}`);

/** Base64 of the data key under a wrapping key; `kind` is the opener it belongs to. */
export function wrapKey(data: DataKey, wrapping: Buffer, kind: string): string {
  const plain = data.key.export();
  try {
    return encrypt(wrapping, plain, wrapLabel(data.id, kind)).toString('base64');
  } finally {
    plain.fill(0);
  }
}

/** Undefined when the wrapping key is another one or the text was changed. */
export function unwrapKey(
  wrapped: { readonly keyId: string; readonly text: string },
  wrapping: Buffer,
  kind: string,
): DataKey | undefined {
  const plain = decrypt(wrapping, Buffer.from(wrapped.text, 'base64'), wrapLabel(wrapped.keyId, kind));
  const found = plain?.length === keyBytes ? takeKey(plain) : undefined;
  return found?.id === wrapped.keyId ? found : undefined;
}

/** The data key as a keyring keeps it. */
export function toKeyringText({ id, key }: DataKey): string {
  const plain = key.export();
  try {
    return `drover-1:${id}:${plain.toString('base64')}`;
  } finally {
    plain.fill(0);
  }
}

/** Undefined when it is not the text of this very key. */
export function fromKeyringText(text: string, keyId: string): DataKey | undefined {
  const [, id, base64 = ''] = /^drover-1:([0-9a-f]{16}):([A-Za-z0-9+/=]{44})$/.exec(text) ?? [];
  const bytes = Buffer.from(base64, 'base64');
  const found = id === keyId && bytes.length === keyBytes ? takeKey(bytes) : undefined;
  return found?.id === keyId ? found : undefined;
}
