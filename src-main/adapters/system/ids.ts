import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import type { Ids } from '#core/ports';

export const systemIds: Ids = {
  next: () => v7(),
  secret: (bytes) => randomBytes(bytes).toString('base64url'),
};
