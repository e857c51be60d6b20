import { z } from 'zod';
import { call } from './define.ts';

const Nothing = z.strictObject({});

/** What watches over a node needs; the numbers themselves are also at `GET /metrics`, with the token. */
export const operatingContract = {
  /** Makes the token for `GET /metrics` anew; the one before works no more. Only its digest is kept. */
  'metrics.token': call(Nothing, z.strictObject({ token: z.string(), createdAt: z.int() }), { role: 'admin' }),
  /** Without a token nobody reads the metrics over the network. */
  'metrics.revoke': call(Nothing, z.strictObject({ revoked: z.boolean() }), { role: 'admin' }),
  'metrics.read': call(Nothing, z.strictObject({ contentType: z.string(), text: z.string() }), { role: 'admin' }),
};
