import type { PurgeRule, Sweep } from '#contract/retention';
import type { AuditEntry } from './ports-actor.ts';

/** A run whose output was not removed. */
export type KeptRun = {
  readonly no: number;
  /** Of its output as it was written. */
  readonly bytes: number;
  /** Null while it is live. */
  readonly endedAt: number | null;
};

/** A run whose output goes; `limit` is the rule's, in days, runs or bytes. Without a rule there is no output to remove. */
export type DoomedRun = {
  readonly no: number;
  readonly bytes: number;
  readonly why: { readonly rule: PurgeRule; readonly limit: number } | null;
};

/** `done` counts the runs of the step that need nothing more, from its first on; `runIds` are those that lost output. */
export type PurgeStep = { readonly done: number; readonly bytes: number; readonly runIds: readonly string[] };

/** Each method takes some 10 ms at the most and is one transaction; all may be called again after a crash. */
export interface RetentionStore {
  /** Newest first, those with a smaller number than `before`. */
  keptRuns(before: number, limit: number): KeptRun[];
  /** Runs whose removal was begun and not finished. */
  halfPurged(): DoomedRun[];
  /** The number of the sweep that has no end yet; one begins when there is none. */
  beginSweep(askedBy: string, at: number): number;
  /** Removes output of the first of `doomed`, as far as the time goes, and counts it with the sweep. */
  purge(doomed: readonly DoomedRun[], sweep: { readonly no: number; readonly at: number }): PurgeStep;
  /** With the audit row that tells what was removed. */
  endSweep(end: { readonly at: number; readonly stopped: boolean }, audit: (sweep: Sweep) => AuditEntry): void;
  lastSweep(): Sweep | undefined;
  /** Makes the file smaller by what is free in it, a step at a time; true when there is more. */
  giveBack(): boolean;
}
