import { z } from 'zod';
import { feed } from './define.ts';
import { OutputLine, RunKey, Stream } from './run.ts';

export const FindQuery = z.strictObject({
  run: RunKey,
  text: z.string().min(1).max(1_000),
  caseSensitive: z.boolean().default(false),
  /** The text is an expression of RE2, looked for line by line. */
  regex: z.boolean().default(false),
  host: z.int().min(0).optional(),
  stream: Stream.optional(),
  /** Matching lines told one by one at the most; the others are counted. */
  limit: z.int().min(0).max(10_000).default(1_000),
  after: z.int().min(0).default(0),
});
export type FindQuery = z.infer<typeof FindQuery>;

/** A line that matches, or a slice of one: each slice of a very long line counts by itself. */
const FindHit = OutputLine.pick({ seq: true, n: true, host: true, stream: true }).extend({
  /** What an expression has matched, its first 200 characters. */
  matched: z.string().optional(),
});
export type FindHit = z.infer<typeof FindHit>;

export const FindFrame = z.discriminatedUnion('kind', [
  /** What was found since the frame before. */
  z.strictObject({
    kind: z.literal('scanned'),
    /** Everything up to this line is searched, of this many stored now. */
    through: z.int(),
    lastSeq: z.int(),
    lines: z.int(),
    bytes: z.int(),
    hits: z.array(FindHit),
    hosts: z.array(z.strictObject({ host: z.int(), count: z.int(), first: z.int() })),
    /** Everything that is stored now is searched; what comes is searched as it comes. */
    caughtUp: z.boolean(),
  }),
  /** The run has ended and all of it is searched: the sums of what stands after line `after`. */
  z.strictObject({
    kind: z.literal('done'),
    after: z.int(),
    hits: z.int(),
    hosts: z.int(),
    lines: z.int(),
    bytes: z.int(),
  }),
]);
export type FindFrame = z.infer<typeof FindFrame>;

export const runFindContract = {
  /** Searches the whole stored output of a run in its order, and what comes while the run is live. */
  'run.find': feed(FindQuery, FindFrame, { role: 'viewer' }),
};
