import { z } from 'zod';
import { call, download, feed } from './define.ts';
import { Purged } from './retention.ts';
import { AccountName, Become, Port } from './target.ts';

/** The seven run statuses (product §5.7); the last four are final. */
export const runStatuses = ['pending', 'running', 'cancelling', 'success', 'failed', 'timeout', 'cancelled'] as const;
export const RunStatus = z.enum(runStatuses);
export type RunStatus = z.infer<typeof RunStatus>;

const runPhases = [
  'queued', 'waiting_slot', 'waiting_approval', 'dispatching', 'running', 'paused', 'finishing', 'requested', 'sent', 'forcing',
  'ok', 'tolerated', 'task_failed', 'stopped_early', 'refused', 'dispatch_failed', 'lost', 'run_limit', 'task_limit',
  'by_user', 'by_api', 'superseded', 'dependency', 'expired', 'forced', 'rejected',
] as const; // prettier-ignore
export const RunPhase = z.enum(runPhases);
export type RunPhase = z.infer<typeof RunPhase>;

export const runSources = ['manual', 'scheduled', 'api'] as const;
export const RunSource = z.enum(runSources);
export type RunSource = z.infer<typeof RunSource>;

export const HostStatus = z.enum([...runStatuses, 'skipped']);
export type HostStatus = z.infer<typeof HostStatus>;

export const HostReason = z.enum([
  'exit-code',
  'timed-out',
  'unreachable',
  'refused-connection',
  'auth-failed',
  'host-key',
  'become-failed',
  'no-interpreter',
  'no-space',
  'lost',
  'cancelled',
  'not-started',
  'refused-by-guard',
]);
export type HostReason = z.infer<typeof HostReason>;

export const scriptTypes = ['shell', 'python', 'powershell', 'bat', 'perl'] as const;
export const ScriptType = z.enum(scriptTypes);
export type ScriptType = z.infer<typeof ScriptType>;

/** A run by its id or by its number; a decimal string is taken as a number. */
export const RunKey = z.union([
  z.int().positive(),
  z.string().regex(/^(\d{1,16}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/),
]);
export type RunKey = z.infer<typeof RunKey>;

const VariableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/);
/** Names that begin with DROVER_ are Drover's own, in any case. */
const EnvironmentName = z.string().regex(/^(?![Dd][Rr][Oo][Vv][Ee][Rr]_)[A-Za-z_][A-Za-z0-9_]{0,63}$/, {
  error: 'a name of letters, digits and _ that does not begin with DROVER_',
});
const ParameterValue = z.union([z.string().max(1_000_000), z.number(), z.boolean()]);

const ScriptTask = z.strictObject({
  type: z.literal('script'),
  language: ScriptType.default('shell'),
  text: z.string(),
  /** Given to the script as its arguments; never seen in a process list. */
  args: z.array(z.string().max(100_000)).max(100).default([]),
  environment: z.record(EnvironmentName, z.string().max(100_000)).default({}),
  /** What the script's commands read from standard input; nothing when absent. */
  stdin: z.string().max(1_000_000).optional(),
  /** Values of the `{{ … }}` found in the text. */
  parameters: z.record(VariableName, ParameterValue).default({}),
  /** Leaves every `{{ … }}` of the text alone. */
  noParameters: z.boolean().default(false),
});
type ScriptTask = z.infer<typeof ScriptTask>;

export const Task = z.discriminatedUnion('type', [ScriptTask]);
export type Task = z.infer<typeof Task>;

/** A count of targets or a share of all of them: `3`, `10%`. */
const CountOrShare = z
  .string()
  .regex(/^(\d{1,6}|(100|\d{1,2}(\.\d{1,3})?)%)$/, 'a number such as 3 or a share such as 10%');

export const RunOptions = z.strictObject({
  /** Seconds one target may take. */
  timeoutS: z.int().min(1).max(86_400).default(600),
  /** Seconds the whole run may take; 0 is no limit. */
  deadlineS: z.int().min(0).max(604_800).default(0),
  /** Targets worked on at once. */
  concurrency: z.int().min(1).max(1_000).default(64),
  /** Sizes of the batches, the last one repeated: `10`, `10%`, `1,10%,100%`; absent is one batch. */
  batches: z
    .array(CountOrShare.refine((size) => Number.parseFloat(size) > 0, { error: 'a batch holds at least one target' }))
    .min(1)
    .max(50)
    .optional(),
  /** Seconds between two batches. */
  pauseS: z.int().min(0).max(86_400).default(0),
  /** Starts nothing more once this many targets have failed. */
  stopAfter: CountOrShare.optional(),
  /** Up to this many failed targets leave the run a success. */
  tolerate: CountOrShare.default('0'),
});
export type RunOptions = z.infer<typeof RunOptions>;

/**
 * How the targets of one run are reached, in the place of what is stored with them. Its secrets live in memory until the
 * run has ended and are never stored.
 */
export const RunLogin = z.strictObject({
  user: AccountName.optional(),
  port: Port.optional(),
  /** Tried in this order. */
  keys: z
    .array(z.strictObject({ privateKey: z.string().max(100_000), passphrase: z.string().max(10_000).optional() }))
    .max(10)
    .default([]),
  password: z.string().max(10_000).optional(),
  become: Become.extend({ password: z.string().max(10_000).optional() }).optional(),
  /** `accept-new` trusts a machine that was never seen before, as OpenSSH's option of this name; a changed key is refused all the same. */
  hostKeys: z.enum(['known', 'accept-new']).default('known'),
});
export type RunLogin = z.infer<typeof RunLogin>;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, { error: '64 digits of a SHA-256' });

/** What was shown before a start, by the digests of `run.preview`. */
const Expected = z.strictObject({ planSha256: Sha256, textSha256: Sha256 });
export type Expected = z.infer<typeof Expected>;

export const StartRun = z.strictObject({
  name: z.string().max(256).default(''),
  task: Task,
  /** A selector over the saved targets, such as `local`; may be empty when there are addresses. */
  targets: z.string().max(100_000),
  /** Machines that need not be saved, in any habit of writing lists: `web1, 10.0.0.[1-20], anna@10.1.0.0/28`. */
  addresses: z.string().max(1_000_000).default(''),
  login: RunLogin.optional(),
  options: RunOptions.prefault({}),
  /** Refused with `changed-meanwhile` when targets, the ways to them or the text would be others now. */
  expect: Expected.optional(),
});
export type StartRun = z.infer<typeof StartRun>;

export const RunRef = z.strictObject({ id: z.string(), no: z.int() });
export type RunRef = z.infer<typeof RunRef>;

/** How far a cancel goes: `waiting` begins nothing more and lets what works come to its end; `all` asks that to stop too. */
export const CancelLevel = z.enum(['waiting', 'all']);
export type CancelLevel = z.infer<typeof CancelLevel>;

export const HostCounts = z.strictObject({
  total: z.int(),
  pending: z.int(),
  running: z.int(),
  success: z.int(),
  failed: z.int(),
  timeout: z.int(),
  cancelled: z.int(),
  skipped: z.int(),
  /** Those of `failed` that were never reached. */
  unreachable: z.int(),
});
export type HostCounts = z.infer<typeof HostCounts>;

/** Times are milliseconds since 1970 UTC; durations are milliseconds by a monotonic clock. */
export const Run = z.strictObject({
  id: z.string(),
  no: z.int(),
  name: z.string(),
  kind: z.literal('quick'),
  taskType: z.enum(['script']),
  language: ScriptType.nullable(),
  /** The first line of the text that says something, for lists. */
  summary: z.string(),
  status: RunStatus,
  phase: RunPhase,
  /** Why the run stands where it stands, in a sentence; empty when there is nothing to say. */
  reason: z.string(),
  source: RunSource,
  executor: z.strictObject({ userId: z.string(), name: z.string(), role: z.string(), teams: z.array(z.string()) }),
  selector: z.string(),
  firstTarget: z.string(),
  counts: HostCounts,
  rerunOf: RunRef.nullable(),
  cancel: z
    .strictObject({ by: z.string(), at: z.int(), forced: z.boolean(), level: CancelLevel.default('all') })
    .nullable(),
  createdAt: z.int(),
  startedAt: z.int().nullable(),
  endedAt: z.int().nullable(),
  durationMs: z.int().nullable(),
  /** The highest sequence number stored, which is the number of stored lines. */
  lastSeq: z.int(),
  outputBytes: z.int(),
  omittedBytes: z.int(),
  /** Its output was removed by policy; the record stays. */
  purged: Purged.nullable(),
  /** Rises with every change of the run or of its targets, over the whole archive. */
  rev: z.int(),
});
export type Run = z.infer<typeof Run>;

export const RunDetail = z.strictObject({
  run: Run,
  task: Task,
  options: RunOptions,
  /** The text as it was sent, after the parameters were filled in, with its digest. */
  finalText: z.string(),
  textSha256: z.string(),
  /** Digest of the frozen target list. */
  planSha256: z.string(),
  leftAlone: z.array(z.string()),
});
export type RunDetail = z.infer<typeof RunDetail>;

const StreamTotals = z.strictObject({
  lines: z.int(),
  bytes: z.int(),
  omitted: z.int(),
  /** SHA-256 of the stored bytes, once the stream has ended. */
  sha256: z.string().nullable(),
});
type StreamTotals = z.infer<typeof StreamTotals>;

/** One target inside one run; `host` is its place in the frozen plan, counted from 0. */
export const HostRow = z.strictObject({
  host: z.int(),
  targetId: z.string().nullable(),
  name: z.string(),
  address: z.string(),
  status: HostStatus,
  reason: HostReason.nullable(),
  message: z.string(),
  exitCode: z.int().nullable(),
  attempt: z.int(),
  startedAt: z.int().nullable(),
  endedAt: z.int().nullable(),
  durationMs: z.int().nullable(),
  /** How the target was stopped and what was seen of its processes afterwards. */
  stopped: z.string().nullable(),
  /** A result that came after the run had ended; it changes no status. */
  lateResult: z.string().nullable(),
  out: StreamTotals,
  err: StreamTotals,
});
export type HostRow = z.infer<typeof HostRow>;

export const Stream = z.enum(['out', 'err']);
export type Stream = z.infer<typeof Stream>;

/** A line, or a slice of at most 64 KB of one. */
export const OutputLine = z.strictObject({
  /** Order in which the run's lines were stored, from 1. */
  seq: z.int(),
  /** Line of this target's stream, from 1; slices of one line share it. */
  n: z.int(),
  host: z.int(),
  stream: Stream,
  at: z.int(),
  /** Decoded as UTF-8; bytes that are not UTF-8 show as U+FFFD and stay exact in the archive. */
  text: z.string(),
  /** The line goes on in the stream's next slice. */
  open: z.boolean(),
});
export type OutputLine = z.infer<typeof OutputLine>;

export const OutputFrame = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('lines'), lines: z.array(OutputLine) }),
  z.strictObject({ kind: z.literal('final'), run: Run }),
]);
export type OutputFrame = z.infer<typeof OutputFrame>;

const OutputFilter = { host: z.int().min(0).optional(), stream: Stream.optional() };

export const OutputQuery = z.strictObject({
  run: RunKey,
  ...OutputFilter,
  after: z.int().min(0).default(0),
  /** Begins this many lines before the present end instead of at `after`. */
  tail: z.int().min(0).max(100_000).optional(),
});
export type OutputQuery = z.infer<typeof OutputQuery>;

const LinesQuery = z.strictObject({
  run: RunKey,
  ...OutputFilter,
  after: z.int().min(0).optional(),
  before: z.int().min(1).optional(),
  limit: z.int().min(1).max(5_000).default(500),
});
type LinesQuery = z.infer<typeof LinesQuery>;

export const RunQuery = z.strictObject({
  status: z.array(RunStatus).optional(),
  source: z.array(RunSource).optional(),
  /**
   * In the grammar of searches, such as `status:failed target:web* by:anna since:24h`; plain words are looked for in
   * name, first line, first target and selector. `#12` finds that run whatever all other filters say.
   */
  text: z.string().max(1_000).optional(),
  since: z.int().optional(),
  /** Only runs with a smaller number: the next page. */
  before: z.int().optional(),
  /** Only runs with one of these numbers. */
  numbers: z.array(z.int()).max(500).optional(),
  limit: z.int().min(1).max(500).default(50),
});
export type RunQuery = z.infer<typeof RunQuery>;

const HostQuery = z.strictObject({
  run: RunKey,
  status: z.array(HostStatus).optional(),
  after: z.int().min(-1).default(-1),
  limit: z.int().min(1).max(5_000).default(1_000),
});
type HostQuery = z.infer<typeof HostQuery>;

export const RunChange = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('run'), run: Run }),
  z.strictObject({ kind: z.literal('hosts'), runId: z.string(), hosts: z.array(HostRow) }),
]);
export type RunChange = z.infer<typeof RunChange>;

/** `failed` are those that failed or took too long; `unreachable` those of them that were never reached. */
const rerunStates = ['all', 'failed', 'timeout', 'unreachable', 'not-started'] as const;

/** Which targets of a run are run again. */
export const RerunChoice = z.union([z.enum(rerunStates), z.array(z.int().min(0)).min(1).max(100_000)]);
export type RerunChoice = z.infer<typeof RerunChoice>;

export const DownloadQuery = z.strictObject({
  run: RunKey,
  ...OutputFilter,
  /** `raw`: the bytes as they came; `text`: one line each with time, target and stream; `jsonl`: one object each. */
  format: z.enum(['raw', 'text', 'jsonl']).default('raw'),
});
export type DownloadQuery = z.infer<typeof DownloadQuery>;

/** Places of targets in a run's plan, as ranges: `0-4,7`. */
export const HostPlaces = z
  .string()
  .max(1_000_000)
  .regex(/^\d{1,6}(-\d{1,6})?(,\d{1,6}(-\d{1,6})?)*$/, 'places such as 0-4,7');

export const ResultsQuery = z.strictObject({
  run: RunKey,
  status: z.array(HostStatus).optional(),
  reason: z.array(HostReason).optional(),
  hosts: HostPlaces.optional(),
});
export type ResultsQuery = z.infer<typeof ResultsQuery>;

const OneRun = z.strictObject({ run: RunKey });

export const runContract = {
  'run.start': call(StartRun, RunRef, { role: 'operator' }),
  'run.get': call(OneRun, RunDetail, { role: 'viewer' }),
  /**
   * Newest first. A search that has to look at many runs answers after a while with what it has, be it nothing: `next`,
   * as `before` of the next call, goes on from there, and is null when nothing is left.
   */
  'run.list': call(RunQuery, z.strictObject({ runs: z.array(Run), next: z.int().nullable() }), { role: 'viewer' }),
  'run.hosts': call(HostQuery, z.strictObject({ hosts: z.array(HostRow), next: z.int().nullable() }), {
    role: 'viewer',
  }),
  'run.lines': call(LinesQuery, z.strictObject({ lines: z.array(OutputLine), more: z.boolean() }), { role: 'viewer' }),
  /**
   * Begins nothing more and asks the targets that work to stop, or lets them come to their end: by `level`. Refused for a
   * run that is final or already cancelling, and for `waiting` where nothing waits any more.
   */
  'run.cancel': call(OneRun.extend({ level: CancelLevel.default('all') }), Run, { role: 'operator' }),
  /** Kills at once what a cancel has asked to stop; allowed for a run that is running or cancelling. */
  'run.kill': call(OneRun, Run, { role: 'operator' }),
  /** A login that was given with a run is not stored: it is given again, or the stored ones are used. */
  'run.rerun': call(
    z.strictObject({ run: RunKey, hosts: RerunChoice.default('all'), login: RunLogin.optional() }),
    RunRef,
    { role: 'operator' },
  ),
  'run.output': feed(OutputQuery, OutputFrame, { role: 'viewer' }),
  'run.changes': feed(z.strictObject({ run: RunKey.optional(), after: z.int().min(0).optional() }), RunChange, {
    role: 'viewer',
  }),
  'run.download': download(DownloadQuery, { role: 'viewer' }),
  /** What became of each target, as CSV (RFC 4180, UTF-8); cells that a spreadsheet would take for a formula begin with an apostrophe. */
  'run.results': download(ResultsQuery, { role: 'viewer' }),
};
