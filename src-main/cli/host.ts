import type { Readable, Writable } from 'node:stream';
import type { DownloadName, InputOf } from '#contract';
import type { DroverClient } from '#contract/client';

/** What every command may be told about the engine it talks to. */
export type EngineFlags = {
  /** The data folder as it was typed; the configuration decides when it is absent. */
  readonly data?: string | undefined;
};

/** What `drover serve` may be told; checked by the configuration. */
export type ServeFlags = EngineFlags & {
  readonly listen?: string | undefined;
  readonly tlsCert?: string | undefined;
  readonly tlsKey?: string | undefined;
  readonly behindProxy?: boolean | undefined;
  readonly name?: string | undefined;
};

/** A terminal, a pipe or a file; `process.stdout` is one. */
export type Screen = Writable & { readonly isTTY?: boolean; readonly columns?: number };

export type Connection = {
  readonly client: DroverClient;
  /** The engine runs in this process, which then has to stay until its runs have ended. */
  readonly local: boolean;
  /** Throws DroverError, at once or while the bytes come. */
  download<N extends DownloadName>(name: N, input: InputOf<N>): Promise<AsyncIterable<Uint8Array>>;
  /** Leaves; when the engine runs in this process it waits for all live runs first. */
  close(): Promise<void>;
};

/** The person at the terminal; an answer is null when it was refused with Ctrl-C or the terminal has gone. */
export interface Terminal {
  /** Somebody watches this command, so it may ask what nobody told it to ask. */
  readonly isInteractive: boolean;
  ask(question: string): Promise<string | null>;
  /** Shows nothing of what is typed. */
  askHidden(question: string): Promise<string | null>;
}

/** What was saved of a damaged archive. */
export type Salvaged = {
  /** The new archive. */
  readonly file: string;
  /** Of each table: rows in the new archive, rows that held what Drover never wrote, rows that could not be read. */
  readonly tables: readonly {
    readonly table: string;
    readonly kept: number;
    readonly refused: number;
    readonly lost: number;
    readonly isExact: boolean;
  }[];
  readonly madeAnew: readonly string[];
  readonly incompleteRuns: readonly number[];
  readonly audit: { readonly brokenAt: number | null };
};

/** What a backup says of itself. */
type BackupFacts = {
  /** Of the program that made it. */
  readonly version: string;
  /** Milliseconds since 1970 UTC. */
  readonly createdAt: number;
  readonly nodeId: string;
  readonly runs: number;
  readonly auditRows: number;
  /** Hash of the last row of the audit log. */
  readonly auditHead: string;
  /** By their names inside. */
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
};

export type BackupMade = { readonly file: string; readonly bytes: number; readonly note: BackupFacts };

export type Restored = {
  readonly file: string;
  /** The new data folder; null when it was a rehearsal. */
  readonly folder: string | null;
  readonly note: BackupFacts;
  /** Number of the first audit row that is not what was written; null when all is well. */
  readonly auditBrokenAt: number | null;
  /** Runs that waited for their start when the backup was made, and are cancelled now. */
  readonly notStarted: number;
  /** Whether the stored secrets can be opened, and if not, what it needs. */
  readonly secrets: { readonly state: 'none' | 'open' | 'locked'; readonly message: string };
};

/** One thing that was looked at: how it is, what was seen, and what to do about it. */
export type Finding = {
  readonly check: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly seen: string;
  readonly remedy: string | null;
};

export type SupportMade = {
  readonly file: string;
  readonly bytes: number;
  /** Names of the files inside. */
  readonly inside: readonly string[];
  readonly withNames: boolean;
};

/** What a rule of the guard says of itself. */
type GuardRule = {
  readonly id: string;
  readonly level: string;
  readonly say: string;
  readonly about: 'paths' | 'words' | 'structure';
  readonly os: 'linux' | 'windows' | 'any';
};

/** One reason why the guard stopped a script, or noted something. */
export type GuardHit = {
  readonly rule: string;
  readonly level: string;
  readonly say: string;
  /** What was understood. */
  readonly what: string;
  readonly line: number;
  readonly safer?: string;
};

export type GuardOs = 'linux' | 'windows';

/** The judge of scripts and paths; works without an engine. */
export interface Guard {
  judge(script: { readonly text: string; readonly os: GuardOs; readonly shell?: string | undefined }): {
    readonly verdict: 'allow' | 'block';
    readonly level: string | null;
    readonly hits: readonly GuardHit[];
    readonly commands: number;
  };
  path(place: {
    readonly path: string;
    readonly os: GuardOs;
    readonly zone?: string | undefined;
    readonly links?: Readonly<Record<string, string>> | undefined;
  }): {
    readonly verdict: 'allow' | 'block';
    readonly level: string | null;
    readonly rule: string | null;
    readonly reason: string;
  };
  readonly rules: readonly GuardRule[];
  /** Words for languages of scripts. */
  readonly shells: readonly string[];
}

/** All that the command line needs of the process it runs in. */
export interface CliHost {
  readonly version: string;
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly stdin: Readable;
  /** The controlling terminal, wherever the three streams lead; null where there is none. */
  readonly terminal: Terminal | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Paths on the command line are relative to this folder. */
  readonly cwd: string;
  readonly clock: {
    /** Milliseconds since 1970 UTC. */
    now(): number;
    /** Milliseconds from some moment on, for measuring; never goes back. */
    monotonic(): number;
    /** Runs `act` once after `ms` milliseconds; the returned function cancels it. */
    after(ms: number, act: () => void): () => void;
  };
  /** Reaches the running engine, or runs one in this process; throws DroverError. */
  connect(flags: EngineFlags): Promise<Connection>;
  /** Runs the engine with its console until it is told to stop, interrupts included; gives the exit code. */
  serve(flags: ServeFlags): Promise<number>;
  /** Saves a damaged archive into another folder; throws DroverError. */
  salvage(flags: EngineFlags & { readonly into: string }): Promise<Salvaged>;
  /** Puts archive and sealed secrets into one file, also while an engine works; throws DroverError. */
  backup(
    flags: EngineFlags & { readonly file: string; readonly withKey: boolean; readonly force: boolean },
  ): Promise<BackupMade>;
  /** Makes the data folder of a backup, or tries whether it could; throws DroverError. */
  restore(flags: EngineFlags & { readonly file: string; readonly rehearse: boolean }): Promise<Restored>;
  /** Looks at everything a node needs, and changes nothing. */
  doctor(flags: EngineFlags): Promise<readonly Finding[]>;
  /** Packs what a node knows about itself, without secrets; throws DroverError. */
  support(
    flags: EngineFlags & {
      readonly file: string | undefined;
      readonly withNames: boolean;
      readonly force: boolean;
    },
  ): Promise<SupportMade>;
  /** Loads the judge of scripts and paths. */
  guard(): Promise<Guard>;
  /** Calls `listener` on each SIGINT, SIGTERM and SIGHUP; the returned function ends that. */
  onInterrupt(listener: () => void): () => void;
}
