import { z } from 'zod';
import { call } from './define.ts';

/** `removed`: a newer one took its place; `gone`: somebody else removed or changed it. */
const CopyState = z.enum(['running', 'made', 'failed', 'removed', 'gone']);

export const ArchiveCopy = z.strictObject({
  no: z.int(),
  beganAt: z.int(),
  endedAt: z.int().nullable(),
  askedBy: z.string(),
  /** With its folder. */
  file: z.string(),
  withKey: z.boolean(),
  state: CopyState,
  bytes: z.int().nullable(),
  /** Why it failed, and what helps. */
  message: z.string(),
});
export type ArchiveCopy = z.infer<typeof ArchiveCopy>;

export const ArchiveCopies = z.strictObject({
  /** The folder that the next one goes to. */
  folder: z.string(),
  /** Null while no copies are scheduled. */
  nextAt: z.int().nullable(),
  /** One is being made, or older ones are being removed after it. */
  isBusy: z.boolean(),
  /** Newest first; those that were removed are left out but for the last ones. */
  copies: z.array(ArchiveCopy),
});
export type ArchiveCopies = z.infer<typeof ArchiveCopies>;

const Nothing = z.strictObject({});

export const copiesContract = {
  'copy.list': call(Nothing, ArchiveCopies, { role: 'viewer' }),
  /** Begins a copy now, unless one is being made; answers at once. */
  'copy.make': call(Nothing, ArchiveCopies, { role: 'admin' }),
};
