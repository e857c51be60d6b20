import { z } from 'zod';
import { call } from './define.ts';
import { errorCodes } from './errors.ts';
import { RunKey, RunLogin, RunOptions, StartRun } from './run.ts';
import { Become, Target } from './target.ts';

/** A login as a plan sees it: its secrets are given with the start and with nothing before. */
export const LoginOutline = RunLogin.omit({ keys: true, password: true, become: true }).extend({
  become: Become.optional(),
  /** A key or a password will be given with the start. */
  hasSecrets: z.boolean().default(false),
});
export type LoginOutline = z.infer<typeof LoginOutline>;

const Place = StartRun.pick({ targets: true, addresses: true }).extend({ login: LoginOutline.optional() });

const PreviewRun = Place.extend({
  task: StartRun.shape.task,
  options: RunOptions.prefault({}),
  /** Asks for the blast-radius card as well. */
  card: z.boolean().default(false),
});
export type PreviewRun = z.infer<typeof PreviewRun>;

/** Targets that are logged in to in the same way; `by` says where the secrets come from. */
const CardLogin = z.strictObject({
  user: z.string(),
  by: z.enum(['local', 'account', 'stored', 'given']),
  /** Name of the stored credential. */
  credential: z.string().nullable(),
  count: z.int(),
});
export type CardLogin = z.infer<typeof CardLogin>;

/** What a start would touch. The digests are those that `run.start` takes as `expect`. */
export const RunCard = z.strictObject({
  planSha256: z.string(),
  textSha256: z.string(),
  maintenance: z.int(),
  /** The most frequent ones first, and how many more there are. */
  logins: z.array(CardLogin),
  moreLogins: z.int(),
  /** Accounts the commands run as after the login. */
  runAs: z.array(z.strictObject({ user: z.string(), count: z.int() })),
  /** No saved target is left out but those under maintenance. */
  everyTarget: z.boolean(),
  /** The first sizes, and how many batches there are in all. */
  batches: z.strictObject({ sizes: z.array(z.int()), count: z.int() }),
  /** Ended runs of the same text among the last ones, and their median duration; null when there is none. */
  earlier: z.strictObject({ runs: z.int(), durationMs: z.int() }).nullable(),
});
export type RunCard = z.infer<typeof RunCard>;

/** What would happen, said before anything is started. */
export const RunPreview = z.strictObject({
  targets: z.strictObject({
    total: z.int(),
    first: z.array(z.string()),
    /** Those whose last contact failed. */
    unreachable: z.int(),
    problem: z.string().nullable(),
  }),
  /** Words of the addresses that cannot be read: the first ones, and whether reading ended before the last word. */
  addresses: z.strictObject({
    problems: z.array(z.strictObject({ line: z.int(), message: z.string() })),
    more: z.boolean(),
  }),
  parameters: z.array(z.strictObject({ name: z.string(), line: z.int() })),
  leftAlone: z.array(z.strictObject({ text: z.string(), line: z.int() })),
  problems: z.array(z.strictObject({ line: z.int(), message: z.string() })),
  finalText: z.string().nullable(),
  /** What a start would be refused with; null when it would be taken. */
  refusal: z.strictObject({ code: z.enum(errorCodes), message: z.string() }).nullable(),
  /** Null unless it was asked for and a start would be taken. */
  card: RunCard.nullable(),
});
export type RunPreview = z.infer<typeof RunPreview>;

/** One target a start would run on, and how it was reached last. */
export const ResolvedTarget = z.strictObject({
  /** Its place in the plan, from 0. */
  host: z.int(),
  targetId: z.string().nullable(),
  name: z.string(),
  address: z.string(),
  /** Account it is logged in to with; null for the machine the node runs on. */
  user: z.string().nullable(),
  maintenance: z.boolean(),
  lastReach: Target.shape.lastReach,
  /** It is there because of the addresses, not because of the selector. */
  byAddress: z.boolean(),
});
export type ResolvedTarget = z.infer<typeof ResolvedTarget>;

const ResolveQuery = Place.extend({
  /** `unreachable`: those whose last contact failed. */
  only: z.enum(['all', 'unreachable', 'maintenance']).default('all'),
  /** A part of the name or of the address. */
  text: z.string().max(1_000).default(''),
  after: z.int().min(-1).default(-1),
  limit: z.int().min(1).max(1_000).default(200),
});
export type ResolveQuery = z.infer<typeof ResolveQuery>;

const Resolved = z.strictObject({
  targets: z.array(ResolvedTarget),
  next: z.int().nullable(),
  /** All that were found, whatever the page holds. */
  total: z.int(),
  /** Among all targets of the selection. */
  unreachable: z.int(),
});
export type Resolved = z.infer<typeof Resolved>;

export const runPreviewContract = {
  'run.preview': call(PreviewRun, RunPreview, { role: 'operator' }),
  /** What the card tells of earlier runs, for a run that was started: those of the same text before it. */
  'run.usual': call(z.strictObject({ run: RunKey }), RunCard.pick({ earlier: true }), { role: 'viewer' }),
  /** The targets a start would run on, in their frozen order. */
  'run.resolve': call(ResolveQuery, Resolved, { role: 'operator' }),
};
