import { z } from 'zod';
import { call } from './define.ts';
import { HostStatus, OutputLine, RunKey, Stream } from './run.ts';

/** What is taken for the same although it differs. */
const GroupMasks = z.strictObject({
  /** The target's own name and address, and its name without the domain. */
  hosts: z.boolean().default(false),
  /** Clock times, dates, ISO stamps, durations. */
  times: z.boolean().default(false),
  /** Runs of digits. */
  numbers: z.boolean().default(false),
});
export type GroupMasks = z.infer<typeof GroupMasks>;

export const GroupStream = z.enum(['both', ...Stream.options]);
export type GroupStream = z.infer<typeof GroupStream>;

const GroupsQuery = z.strictObject({
  run: RunKey,
  masks: GroupMasks.prefault({}),
  stream: GroupStream.default('both'),
  /** Groups told at the most, the largest first. */
  limit: z.int().min(1).max(1_000).default(100),
});
export type GroupsQuery = z.infer<typeof GroupsQuery>;

const ExcerptLine = OutputLine.pick({ stream: true, text: true, open: true });
export type ExcerptLine = z.infer<typeof ExcerptLine>;

const OutputGroup = z.strictObject({
  /** Names the group: the same for the same output under the same masks. */
  digest: z.string(),
  count: z.int(),
  /** Places in the frozen plan as ranges, both ends included, in rising order. */
  hosts: z.array(z.tuple([z.int(), z.int()])),
  /** Targets beyond the ranges told. */
  hostsLeftOff: z.int(),
  statuses: z.partialRecord(HostStatus, z.int()),
  /** The most frequent ones; null where there was none. */
  exitCodes: z.array(z.strictObject({ code: z.int().nullable(), count: z.int() })),
  /** The first lines of the first target, long ones shortened. */
  excerpt: z.array(ExcerptLine),
  /** The output goes on behind the excerpt, or lines in it were shortened. */
  cut: z.boolean(),
  /** Of the first target. */
  lines: z.int(),
  bytes: z.int(),
  /** Masks were asked for, but a stream is longer than what is masked: it was compared byte for byte. */
  unmasked: z.boolean(),
});
export type OutputGroup = z.infer<typeof OutputGroup>;

const RunGroups = z.strictObject({
  groups: z.array(OutputGroup),
  total: z.strictObject({ groups: z.int(), hosts: z.int() }),
  /** Targets that are in no group: their output is not whole yet, or there never was any. */
  ungrouped: z.strictObject({
    pending: z.int(),
    running: z.int(),
    skipped: z.int(),
    /** Never reached. */
    unreached: z.int(),
  }),
});
export type RunGroups = z.infer<typeof RunGroups>;

export const runGroupsContract = {
  /** Folds targets that have ended with the same output into groups, whatever their exit status; the largest first. */
  'run.groups': call(GroupsQuery, RunGroups, { role: 'viewer' }),
};
