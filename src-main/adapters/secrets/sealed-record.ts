import type { Secret } from '#contract/credential';
import { DroverError } from '#contract/errors';
import { type DataKey, decrypt, encrypt, keyIdBytes } from './data-key.ts';

/** Version, key id, then nonce, ciphertext and tag; version and key id are associated data too. */
const version = 1;
const headerBytes = 1 + keyIdBytes;

const associatedWith = (header: Uint8Array, recordId: string): Buffer =>
  Buffer.concat([header, Buffer.from(recordId, 'utf8')]);

/** A secret that opens with this key and under this record's id only. */
export function sealRecord(data: DataKey, recordId: string, secret: Secret): Uint8Array {
  const header = Buffer.concat([Buffer.of(version), Buffer.from(data.id, 'hex')]);
  const plain = Buffer.from(JSON.stringify(secret), 'utf8');
  try {
    return Buffer.concat([header, encrypt(data.key, plain, associatedWith(header, recordId))]);
  } finally {
    plain.fill(0);
  }
}

/** Throws DroverError `vault-damaged`. */
export function unsealRecord(data: DataKey, recordId: string, sealed: Uint8Array): Secret {
  const header = sealed.subarray(0, headerBytes);
  if (header.length < headerBytes || header[0] !== version) {
    throw damaged(recordId, 'is not in a form that this Drover knows');
  }
  if (Buffer.from(header.subarray(1)).toString('hex') !== data.id) {
    throw damaged(recordId, 'was sealed with another key than the one of this archive');
  }
  const plain = decrypt(data.key, sealed.subarray(headerBytes), associatedWith(header, recordId));
  if (!plain) {
    throw damaged(recordId, 'was changed, or belongs to another record');
  }
  try {
    return JSON.parse(plain.toString('utf8')) as Secret;
  } finally {
    plain.fill(0);
  }
}

const damaged = (recordId: string, what: string): DroverError =>
  new DroverError(
    'vault-damaged',
    `The stored secret ${what}: enter it again, or restore the archive together with its folder \`secrets\``,
    { detail: { recordId } },
  );
