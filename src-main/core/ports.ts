import type {
  HostReason,
  HostRow,
  HostStatus,
  OutputLine,
  Run,
  RunDetail,
  RunOptions,
  RunPhase,
  RunRef,
  RunSource,
  RunStatus,
  Stream,
  Task,
} from '#contract/run';
import type { SessionRow } from '#contract/node';
import type { Target } from '#contract/target';
import type { Actor, AuditEntry } from './ports-actor.ts';
import type { RunFinder } from './ports-history.ts';
import type { CredentialStore, HostKeyStore, Reach, TargetStore } from './ports-reach.ts';
import type { SettingsStore } from './ports-settings.ts';

export type { Actor, AuditEntry };

// ---------------------------------------------------------------- time, identity, logs

/** Wall time is only shown and stored; every wait and every duration uses the monotonic clock. */
export interface Clock {
  /** Milliseconds since 1970 UTC; may jump. */
  now(): number;
  /** Milliseconds from an arbitrary start; never goes back. */
  monotonic(): number;
  /** Runs `act` once after `ms` milliseconds; the returned function cancels it. */
  after(ms: number, act: () => void): () => void;
}

export interface Ids {
  /** A new UUIDv7. */
  next(): string;
  /** `bytes` random bytes as base64url, for links and sessions. */
  secret(bytes: number): string;
}

type Fields = Record<string, unknown>;

/** The message is a fixed sentence; what varies stands in the fields. */
export interface Log {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}

/** SHA-256, hexadecimal. */
export interface Digest {
  of(text: string): string;
  start(): { update(bytes: Uint8Array): void; hex(): string };
}

/** The disk that holds the data folder. */
export interface Disk {
  /** Free space, in bytes and as a share of the disk (0–1). */
  free(): { bytes: number; share: number };
}

// ---------------------------------------------------------------- archive

/** One target of a frozen plan; `host` counts from 0 in the plan's order. */
export type PlannedHost = {
  readonly host: number;
  readonly targetId: string | null;
  readonly name: string;
  readonly address: string;
  readonly os: Target['os'];
  readonly connection: Target['connection'];
  /** Null for the machine the node runs on. */
  readonly reach: Reach | null;
};

/** All of a run that is known before it starts and never changes afterwards. */
export type NewRun = {
  readonly id: string;
  readonly name: string;
  readonly summary: string;
  readonly phase: RunPhase;
  readonly source: RunSource;
  readonly executor: Run['executor'];
  readonly teamId: string;
  readonly createdBy: string;
  readonly selector: string;
  readonly task: Task;
  readonly options: RunOptions;
  readonly finalText: string;
  readonly textSha256: string;
  readonly planSha256: string;
  readonly leftAlone: readonly string[];
  readonly rerunOf: RunRef | null;
  readonly createdAt: number;
};

/** What a transition writes; fields left out stay as they are. */
export type RunChangeSet = {
  readonly status: RunStatus;
  readonly phase: RunPhase;
  readonly reason?: string;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly durationMs?: number;
  readonly cancel?: Run['cancel'];
};

export type HostResult = {
  readonly status: Exclude<HostStatus, 'pending' | 'running' | 'cancelling'>;
  readonly reason: HostReason | null;
  readonly message: string;
  readonly exitCode: number | null;
  readonly stopped: string | null;
  readonly endedAt: number;
  readonly durationMs: number | null;
  readonly out: StreamEnd;
  readonly err: StreamEnd;
};

/** What is known of a stream when it has ended; `sha256` is of the stored bytes. */
export type StreamEnd = { readonly omitted: number; readonly sha256: string | null };

/**
 * Consecutive slices of one stream: whole lines, each ended by LF, and at most one last slice without it (≤ 64 KB, cut at
 * a UTF-8 border) whose line goes on in the stream's next chunk. A reader cuts at LF and nowhere else.
 */
export type OutputChunk = {
  readonly host: number;
  readonly attempt: number;
  readonly stream: Stream;
  /** Number of the first line (slices of one line share it). */
  readonly firstN: number;
  /** Slices in `bytes`; each takes one sequence number. */
  readonly slices: number;
  readonly at: number;
  readonly bytes: Uint8Array;
};

export type OutputRange = {
  readonly host?: number;
  readonly stream?: Stream;
  /** Only lines with a greater number. */
  readonly after?: number;
  /** Only lines with a smaller number, the nearest ones, still in rising order. */
  readonly before?: number;
  readonly limit: number;
};

export type RawChunk = {
  readonly host: number;
  readonly stream: Stream;
  /** Number of the first line in `bytes`. */
  readonly firstN: number;
  readonly lastSeq: number;
  readonly at: number;
  readonly bytes: Uint8Array;
};

/** A run that had not ended, as recovery finds it. */
export type UnendedRun = { readonly run: Run; readonly detail: RunDetail; readonly hosts: readonly PlannedHost[] };

/**
 * The one store of what was done. Every writing method is one transaction that is on disk when it returns (output may
 * trail by a second on power loss, never on a crash), and throws DroverError `no-space` when the disk is full.
 */
export interface Archive extends TargetStore, CredentialStore, HostKeyStore, SettingsStore, RunFinder {
  readonly nodeId: string;
  /** The one team and the one actor of an archive without people. */
  readonly builtIn: { readonly teamId: string; readonly userId: string };

  /**
   * Makes one transaction of all that `act` writes by the methods below (not output): all of it is on disk, or nothing.
   * On a full disk `act` is called a second time; it must not catch what they throw.
   */
  together<T>(act: () => T): T;

  /** Stores the run with status `pending`, its targets with status `pending` and the audit row; gives the number. */
  createRun(run: NewRun, hosts: readonly PlannedHost[], audit: AuditEntry): Run;
  /** Compare-and-set on the status: nothing is written and undefined returned when the run does not stand at `from`. */
  moveRun(id: string, from: RunStatus, change: RunChangeSet, audit?: AuditEntry): Run | undefined;
  /** Durable before the target is contacted; false when it does not stand at `pending`. */
  startHost(runId: string, host: number, at: number): boolean;
  /**
   * False, and the result kept as `lateResult`, when the target's result is final already. Stores the target's omitted
   * bytes; the run's sum of them is raised by `addOmitted` alone.
   */
  finishHost(runId: string, host: number, result: HostResult): boolean;
  /** Ends all targets of a run that stand at `from` with one result; returns how many. */
  finishHosts(runId: string, from: readonly HostStatus[], result: HostResult): number;
  /** Gives each chunk its sequence numbers, in order; returns the last one given. */
  appendOutput(runId: string, chunks: readonly OutputChunk[]): number;
  /** Adds to a run's count of bytes that were not stored, also when it has ended: once for every such byte. */
  addOmitted(runId: string, bytes: number): void;
  /** Packs a slice of the output of an ended run; true when there is more. May be called again after a crash. */
  packOutput(runId: string): boolean;
  /** Ended runs whose output was never packed, oldest first. */
  unpackedRuns(limit: number): string[];
  /** Digest of what is stored of a stream, for a target whose end nobody saw. */
  streamDigest(runId: string, host: number, stream: Stream): string;
  recordAudit(entry: AuditEntry): void;

  /** By id or by number; undefined when there is none in the team. */
  findRun(teamId: string, key: string | number): Run | undefined;
  getDetail(runId: string): RunDetail;
  /**
   * How many runs of exactly this text have come to an end of their own among the last 5 000 runs, 100 of them at most, and
   * how long they took in the median; null when there is none. `summary` is that of the text; with `before` only runs
   * with a smaller number are looked at.
   */
  earlierRuns(
    teamId: string,
    of: { readonly textSha256: string; readonly summary: string; readonly before?: number },
  ): { runs: number; durationMs: number } | null;
  getHosts(
    runId: string,
    query: { status?: readonly HostStatus[] | undefined; after: number; limit: number },
  ): HostRow[];
  getPlan(runId: string): PlannedHost[];
  /** May stop before the limit, after about 1 MB of long lines; empty only when there is none. */
  getLines(runId: string, range: OutputRange): OutputLine[];
  /** Stored chunks after a sequence number, for byte-exact copies; at most about 1 MB at once. */
  getRaw(runId: string, range: { host?: number; stream?: Stream; after: number }): RawChunk[];
  /** The sequence number after which the last `tail` lines of the selection begin. */
  seqBeforeTail(runId: string, range: { host?: number; stream?: Stream; tail: number }): number;
  /** Highest `rev` given so far. */
  currentRev(): number;
  /** Runs, or the targets of one run, with a greater `rev`, in rising order. */
  runsSince(teamId: string, rev: number, limit: number): Run[];
  hostsSince(runId: string, rev: number, limit: number): { rev: number; row: HostRow }[];
  unendedRuns(): UnendedRun[];
  countLive(): number;

  saveSession(session: StoredSession): void;
  findSession(secretSha256: string): StoredSession | undefined;
  listSessions(userId: string): StoredSession[];
  /** Also used to end one: `revokedAt`. */
  updateSession(id: string, change: { lastSeenAt?: number; expiresAt?: number; revokedAt?: number }): void;
}

export type StoredSession = Omit<SessionRow, 'current'> & {
  readonly userId: string;
  readonly teamId: string;
  readonly secretSha256: string;
  readonly revokedAt: number | null;
};

// ---------------------------------------------------------------- execution

/** How a script is laid out in a private directory and started there (task-types/script decides it). */
export type LaunchPlan = {
  readonly files: readonly { readonly name: string; readonly content: string }[];
  /** The file given to the interpreter. */
  readonly entry: string;
  /** One program with plain arguments on one line: a POSIX shell may become it, without a file and without another shell. */
  readonly isPlain?: boolean | undefined;
  /** Interpreters to try in this order; a bare name is looked up on PATH. */
  readonly candidates: readonly { readonly path: string; readonly options: readonly string[] }[];
};

export type ExecRequest = {
  readonly runId: string;
  readonly target: PlannedHost;
  readonly launch: LaunchPlan;
  readonly environment: Readonly<Record<string, string>>;
  /** What the script's commands read; end of file at once when null. */
  readonly stdin: Uint8Array | null;
};

export type ExecResult =
  /** The interpreter ended; a death by signal N is exit code 128 + N. `stopped` is set when it was told to. */
  | { readonly kind: 'exited'; readonly exitCode: number; readonly stopped: string | null; readonly message: string }
  /** It was never started, or its end was never seen. */
  | { readonly kind: 'failed'; readonly reason: HostReason; readonly stopped: string | null; readonly message: string };

/** Takes bytes as they come; a returned promise asks the reader to wait (back-pressure). */
export type OutputSink = (stream: Stream, bytes: Uint8Array) => void | Promise<void>;

/** `term` aborts when the work shall stop in good order, `kill` when it must be gone. */
export type StopSignals = { readonly term: AbortSignal; readonly kill: AbortSignal };

/** Runs things on a target. Never rejects: what goes wrong is a result. */
export interface Exec {
  run(request: ExecRequest, sink: OutputSink, stop: StopSignals): Promise<ExecResult>;
}

/** What a task type may touch while it works on one target. */
export type TaskContext = {
  readonly runId: string;
  readonly target: PlannedHost;
  /** The text after parameters were filled in. */
  readonly finalText: string;
  readonly exec: Exec;
  readonly sink: OutputSink;
  readonly stop: StopSignals;
};

/** Fills parameters into a text; throws DroverError `bad-parameter`. `leftAlone` lists what looked like one and was not. */
export type RenderText = (
  text: string,
  values: ReadonlyMap<string, string | number | boolean>,
) => { text: string; leftAlone: string[] };

export interface TaskType {
  readonly name: Task['type'];
  /** Throws DroverError when the task cannot run on these targets; gives the text that will be sent, byte for byte. */
  prepare(task: Task, hosts: readonly PlannedHost[], render: RenderText): { finalText: string; leftAlone: string[] };
  run(task: Task, context: TaskContext): Promise<ExecResult>;
}

// ---------------------------------------------------------------- the console's sessions

export interface Sessions {
  /** A token that opens one session within ten minutes. */
  createLinkToken(): { token: string; expiresAt: number };
  /** Throws DroverError `link-expired`; gives the secret for the cookie and when the session ends at the latest. */
  enter(token: string, from: { address: string; agent: string }): { secret: string; expiresAt: number };
  /** The actor of a live session, which thereby counts as used; undefined when the secret is unknown, revoked or expired. */
  find(secret: string, from: { address: string }): Actor | undefined;
  /** Whether `find` would give an actor; does not count as use, for streams that stay open. */
  isLive(secret: string): boolean;
  /** Ends the session; nothing happens when there is none. */
  leave(secret: string): void;
}

/** What the engine tells whoever watches: only that there is something new to read. */
export interface Signals {
  /** Output or state of this run changed. */
  onRun(runId: string, listener: () => void): () => void;
  /** Any run changed. */
  onAny(listener: () => void): () => void;
}
