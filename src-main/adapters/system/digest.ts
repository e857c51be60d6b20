import { createHash } from 'node:crypto';
import type { Digest } from '#core/ports';

export const sha256Digest: Digest = {
  of: (text) => createHash('sha256').update(text, 'utf8').digest('hex'),
  start() {
    const hash = createHash('sha256');
    return { update: (bytes) => void hash.update(bytes), hex: () => hash.copy().digest('hex') };
  },
};
