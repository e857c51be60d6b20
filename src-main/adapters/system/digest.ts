import { createHash, timingSafeEqual } from 'node:crypto';
import type { Digest } from '#core/ports';

export const sha256Digest: Digest = {
  of: (text) => createHash('sha256').update(text, 'utf8').digest('hex'),
  start() {
    const hash = createHash('sha256');
    return { update: (bytes) => void hash.update(bytes), hex: () => hash.copy().digest('hex') };
  },
};

/** Compares two digests, or other texts of one length, in a time that does not depend on what they hold. */
export function isSameDigest(one: string, other: string): boolean {
  const [bytes, others] = [Buffer.from(one), Buffer.from(other)];
  return bytes.length === others.length && timingSafeEqual(bytes, others);
}
