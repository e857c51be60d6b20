// safeStorage with a keyring of our own: AES-256-GCM under a key made from the keyring's name in the settings.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { lifecycle } from './lifecycle.mjs';
import { settings } from './settings.mjs';
import { covered } from './uncovered.mjs';

const key = createHash('sha256').update(`electron double ${settings.keyring}`).digest();
const prefix = Buffer.from('v11');
const ivBytes = 12;
const tagBytes = 16;

/** @param {string} text */
function encrypt(text) {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  return Buffer.concat([prefix, iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

/** @param {Buffer} data */
function decrypt(data) {
  const from = prefix.length + ivBytes;
  const decipher = createDecipheriv('aes-256-gcm', key, data.subarray(prefix.length, from));
  decipher.setAuthTag(data.subarray(-tagBytes));
  return decipher.update(data.subarray(from, -tagBytes), undefined, 'utf8') + decipher.final('utf8');
}

/** @param {string} method @param {string} verb @param {() => string | Buffer} work */
function attempt(method, verb, work) {
  if (!lifecycle.ready) {
    throw new Error('safeStorage cannot be used before app is ready');
  }
  if (!settings.encryption) {
    throw new Error(`Error while ${verb} provided to safeStorage.${method}. Encryption is not available.`);
  }
  try {
    return work();
  } catch {
    throw new Error(`Error while ${verb} provided to safeStorage.${method}.`);
  }
}

/** @param {string} method @param {Buffer} data */
function mustBeBuffer(method, data) {
  if (!Buffer.isBuffer(data)) {
    throw new Error(`Expected the first argument of ${method}() to be a buffer`);
  }
}

export const safeStorage = covered('safeStorage', {
  isEncryptionAvailable: () => lifecycle.ready && settings.encryption,
  isAsyncEncryptionAvailable: async () => lifecycle.ready && settings.encryption,
  getSelectedStorageBackend() {
    if (!lifecycle.ready) {
      return 'unknown';
    }
    return settings.encryption ? 'gnome_libsecret' : 'basic_text';
  },
  encryptString: (/** @type {string} */ text) => attempt('encryptString', 'encrypting the text', () => encrypt(text)),
  decryptString(/** @type {Buffer} */ data) {
    mustBeBuffer('decryptString', data);
    return attempt('decryptString', 'decrypting the ciphertext', () => decrypt(data));
  },
  encryptStringAsync: async (/** @type {string} */ text) =>
    attempt('encryptStringAsync', 'encrypting the text', () => encrypt(text)),
  async decryptStringAsync(/** @type {Buffer} */ data) {
    mustBeBuffer('decryptStringAsync', data);
    const result =
      data.length === 0 ? '' : attempt('decryptStringAsync', 'decrypting the ciphertext', () => decrypt(data));
    return { shouldReEncrypt: false, result };
  },
});
