import { z } from 'zod';
import { call } from './define.ts';

export const NodeInfo = z.strictObject({
  nodeId: z.string(),
  name: z.string(),
  version: z.string(),
  platform: z.string(),
  dataFolder: z.string(),
  startedAt: z.int(),
  /** Who this session is. */
  actor: z.strictObject({ userId: z.string(), name: z.string(), role: z.string(), team: z.string() }),
  /** Milliseconds since 1970 UTC on the node, to compare clocks with. */
  now: z.int(),
  /** A sentence when the archive takes no new runs, such as a full disk. */
  trouble: z.string().nullable(),
});
export type NodeInfo = z.infer<typeof NodeInfo>;

export const SessionRow = z.strictObject({
  id: z.string(),
  createdAt: z.int(),
  lastSeenAt: z.int(),
  expiresAt: z.int(),
  address: z.string(),
  agent: z.string(),
  current: z.boolean(),
});
export type SessionRow = z.infer<typeof SessionRow>;

const Nothing = z.strictObject({});

export const nodeContract = {
  'node.info': call(Nothing, NodeInfo, { role: 'viewer' }),
  /** A link that opens the console once within ten minutes; only for who can open the control socket or the window. */
  'session.link': call(Nothing, z.strictObject({ url: z.string(), expiresAt: z.int() }), { role: 'owner' }),
  'session.list': call(Nothing, z.strictObject({ sessions: z.array(SessionRow) }), { role: 'viewer' }),
  'session.revoke': call(z.strictObject({ id: z.string() }), Nothing, { role: 'viewer' }),
};
