import { createHash } from 'node:crypto';
import type { Digest } from '#core/ports';

/** SHA-256 of bytes or text, hexadecimal. */
export const sha256 = (content: Uint8Array | string): string => createHash('sha256').update(content).digest('hex');

/** Real digests, so that tests can compare them with those of the bytes they know. */
export const nodeDigest: Digest = {
  of: sha256,
  start() {
    const hash = createHash('sha256');
    return { update: (bytes) => void hash.update(bytes), hex: () => hash.copy().digest('hex') };
  },
};
