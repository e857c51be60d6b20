import type { HostStatus, RunStatus } from '#contract/run';

/** Why a node takes no new work; the codes of the errors that a start would meet. */
export type Ailment = 'archive-read-only' | 'engine-stopping' | 'no-space';

type FinalStatus = Extract<RunStatus, 'success' | 'failed' | 'timeout' | 'cancelled'>;
type FinalHostStatus = FinalStatus | Extract<HostStatus, 'skipped'>;

/** What has ended since this engine started. */
export type EndedCounts = {
  readonly runs: Readonly<Record<FinalStatus, number>>;
  readonly targets: Readonly<Record<FinalHostStatus, number>>;
};

/** What has not ended, by the status of the run. */
export type LiveCounts = {
  readonly status: Exclude<RunStatus, FinalStatus>;
  readonly runs: number;
  /** Targets of these runs that are worked on now, and that wait. */
  readonly targetsRunning: number;
  readonly targetsPending: number;
};

/** The state of a node as numbers: no names of machines, people or scripts are in it. */
export type NodeReading = {
  readonly version: string;
  readonly ailment: Ailment | null;
  readonly live: readonly LiveCounts[];
  readonly ended: EndedCounts;
  readonly runsAtOnce: number;
  readonly queueLength: number;
  /** Bytes of the archive, of its write-ahead log and of the log. */
  readonly archiveBytes: number;
  readonly walBytes: number;
  readonly logBytes: number;
  readonly disk: { readonly freeBytes: number; readonly freeShare: number; readonly minFreeShare: number };
  readonly ssh: { readonly connections: number; readonly limit: number };
  readonly areSecretsLocked: boolean;
};

/** The numbers of a node for a program that collects such. */
export interface Metrics {
  /** Whether this is the token that `drover metrics token` printed last; false while there is none. */
  isToken(token: string): boolean;
  /** In Prometheus' text format. */
  text(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** What a node says of itself to programs that watch over it. */
export type Operating = {
  /** Null when all is well; cheap. */
  readonly ailment: () => Ailment | null;
  readonly metrics: Metrics;
};

/** The one token for metrics: of the secret only its digest is kept. */
export type StoredToken = { readonly sha256: string; readonly createdAt: number };

export interface TokenStore {
  /** Null when there is none. */
  read(): StoredToken | null;
  /** Null removes it. On disk when it returns; throws DroverError `no-space` or `archive-read-only`. */
  write(token: StoredToken | null): void;
}
