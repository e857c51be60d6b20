/** One thing that was looked at: how it is, what was seen, and what to do about it. */
export type Finding = {
  readonly check: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly seen: string;
  readonly remedy: string | null;
};

export type FolderFacts = {
  readonly path: string;
  readonly kind: 'folder' | 'absent' | 'other';
  /** Null where there are no such things. */
  readonly uid: number | null;
  readonly mode: number | null;
  readonly isWritable: boolean;
  /** What kind of network disk it is on; null for a local one. */
  readonly network: string | null;
};

/** What an engine says of itself over its socket. */
type EngineAnswer = {
  readonly version: string;
  readonly startedAt: number;
  readonly trouble: string | null;
};

export type EngineFacts = {
  readonly isLocked: boolean;
  readonly pid: number | null;
  /** When the holder took the archive; milliseconds since 1970 UTC. */
  readonly lockedAt: number | null;
  /** How long the machine had been up then, in seconds. */
  readonly lockedUpS: number | null;
  /** Null when nobody answers. */
  readonly answer: EngineAnswer | null;
};

/** Of the copies that a node makes of its archive by itself. */
export type CopyFacts = {
  /** The time of the day; empty when none are made. */
  readonly at: string;
  /** When the last good one was begun; null when there was none. */
  readonly lastMadeAt: number | null;
  /** Why the last one failed; null when it did not. */
  readonly failure: string | null;
};

export type ArchiveFacts =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unusable'; readonly message: string }
  | {
      readonly kind: 'sound';
      readonly bytes: number;
      readonly walBytes: number;
      /** Whether all of it was looked at; of a large one only what every start needs. */
      readonly isWhole: boolean;
      readonly schema: number;
      readonly knownSchema: number;
      readonly runs: number;
      readonly credentials: number;
      /** When the newest run was created; null without runs. */
      readonly newestAt: number | null;
      /** As somebody has set it; null when nobody has. */
      readonly minFreeShare: number | null;
      readonly copies: CopyFacts;
    };

export type SecretsFacts = {
  readonly state: 'open' | 'locked';
  readonly openers: readonly string[];
  readonly message: string;
};

export type LogFacts = {
  readonly bytes: number;
  readonly files: number;
  /** Lines of level error in what was looked at, of the last day. */
  readonly errors: number;
  /** The fixed sentence of the last one. */
  readonly lastError: string | null;
};

export type ClockFacts = {
  readonly now: number;
  /** How far the wall clock has gone ahead of the monotonic one since the engine started; null when that cannot be told. */
  readonly driftMs: number | null;
};

export type SshFacts = {
  /** Why ssh_config cannot be used; null when it can. */
  readonly problem: string | null;
  readonly names: number;
  /** Lines that are not used. */
  readonly unused: readonly string[];
  readonly knownHosts: readonly {
    readonly path: string;
    readonly keys: number;
    /** Numbers of lines that hold no key. */
    readonly ignored: readonly number[];
    readonly problem: string | null;
  }[];
  readonly agent:
    | { readonly kind: 'none' }
    | { readonly kind: 'keys'; readonly keys: number }
    | { readonly kind: 'silent'; readonly reason: string };
};

export type CertificateFacts =
  | { readonly kind: 'none' }
  | { readonly kind: 'unusable'; readonly message: string }
  | { readonly kind: 'read'; readonly path: string; readonly validTo: number; readonly isKeyOfIt: boolean };

export type Surroundings = {
  /** First line of `ansible --version`; null where there is none. */
  readonly ansible: string | null;
  /** Ways of holding the processes of a local script, surest first. */
  readonly holders: readonly string[];
  /** Files that the engine, or else this program, may have open, and has; null where it cannot be told. */
  readonly openFiles: { readonly limit: number; readonly used: number | null } | null;
};

export type ProgramFacts = {
  readonly version: string;
  readonly node: string;
  readonly sqlite: string;
  readonly platform: string;
  /** The account this runs as; null where there are no such numbers. */
  readonly uid: number | null;
};
