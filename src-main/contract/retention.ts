import { z } from 'zod';
import { call } from './define.ts';

/** Why output is removed: it is older than so many days, or there are so many runs or bytes of newer output. */
export const PurgeRule = z.enum(['age', 'count', 'bytes']);
export type PurgeRule = z.infer<typeof PurgeRule>;

/** That the output of a run was removed by policy; `limit` is in days, runs or bytes. */
export const Purged = z.strictObject({ at: z.int(), rule: PurgeRule, limit: z.int() });
export type Purged = z.infer<typeof Purged>;

/** Runs whose output is removed, by the rule that takes them. */
const ByRule = z.strictObject({ age: z.int(), count: z.int(), bytes: z.int() });

/** How much output is kept; 0 sets no bound. */
const PurgeRules = z.strictObject({ days: z.int(), runs: z.int(), bytes: z.int() });
export type PurgeRules = z.infer<typeof PurgeRules>;

/** What there is and what the rules would remove now; bytes are those that were written, before they are packed. */
export const PurgeOutlook = z.strictObject({
  rules: PurgeRules,
  kept: z.strictObject({ runs: z.int(), bytes: z.int() }),
  removes: z.strictObject({ bytes: z.int(), byRule: ByRule }),
  /** The oldest of those that would be removed. */
  oldest: z.array(z.strictObject({ no: z.int(), endedAt: z.int(), bytes: z.int(), rule: PurgeRule })),
});
export type PurgeOutlook = z.infer<typeof PurgeOutlook>;

const Sweep = z.strictObject({
  beganAt: z.int(),
  /** Null when it was interrupted and goes on later. */
  endedAt: z.int().nullable(),
  askedBy: z.string(),
  stopped: z.boolean(),
  bytes: z.int(),
  byRule: ByRule,
});
export type Sweep = z.infer<typeof Sweep>;

export const SweepState = z.strictObject({
  /** Runs done and runs in all; `of` is null while it is still looked for them. */
  running: z.strictObject({ runs: z.int(), of: z.int().nullable(), bytes: z.int() }).nullable(),
  last: Sweep.nullable(),
  /** Why the last one could not go on, in a sentence. */
  problem: z.string().nullable(),
  nextAt: z.int().nullable(),
});
export type SweepState = z.infer<typeof SweepState>;

const Nothing = z.strictObject({});

export const retentionContract = {
  'retention.preview': call(Nothing, PurgeOutlook, { role: 'viewer' }),
  'retention.state': call(Nothing, SweepState, { role: 'viewer' }),
  /** Begins to remove what the rules take, unless that is under way; answers at once. */
  'retention.sweep': call(Nothing, SweepState, { role: 'admin' }),
  /** Ends the sweep that is under way; what it has removed stays removed. */
  'retention.stop': call(Nothing, SweepState, { role: 'admin' }),
};
