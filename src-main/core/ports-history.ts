import type { Run, RunSource, RunStatus } from '#contract/run';
import type { Target } from '#contract/target';
import type { LastRun } from '#contract/target-runs';

/** What of a run a search may look at, without reading the whole of it. */
export type RunFacts = Pick<
  Run,
  | 'no'
  | 'name'
  | 'summary'
  | 'firstTarget'
  | 'selector'
  | 'status'
  | 'phase'
  | 'reason'
  | 'source'
  | 'language'
  | 'createdAt'
> & { readonly starter: string; readonly rerunOf: number | null };

/** A condition on the targets of a run: one of them has a name or an address that is meant; with `not`, none of them has. */
export type TargetTerm = {
  readonly not: boolean;
  /** What is meant, when whole words are: upper and lower case are the same. Null when only `means` tells. */
  readonly words: readonly string[] | null;
  readonly means: (nameOrAddress: string) => boolean;
};

/** Runs that hold one of `texts` in name, first line, first target or selector, or have one of the serials. */
export type TextHint = { readonly texts: readonly string[]; readonly serials: readonly number[] };

/** What is looked for among runs: what an index can narrow, and the test that decides. */
export type RunSearch = {
  /** These serials and no others, whatever the other fields say. */
  readonly serials: readonly number[] | null;
  /** Only runs with these numbers. */
  readonly numbers: readonly number[] | null;
  readonly status: readonly RunStatus[];
  readonly source: readonly RunSource[];
  /** Created at this time or later, and before that one; milliseconds since 1970 UTC. */
  readonly since: number;
  readonly until: number;
  /** Only runs with a smaller number. */
  readonly before: number;
  /** The search ends when so many are found. */
  readonly limit: number;
  /** Every hit fits all of these; texts have three characters at least. */
  readonly hints: readonly TextHint[];
  readonly targets: readonly TargetTerm[];
  readonly test: (facts: RunFacts) => boolean;
};

/**
 * A stretch of a search: what was found in it, and the number down to which everything has been looked at; null when
 * nothing is left to look at.
 */
export type RunSlice = { readonly runs: readonly Run[]; readonly reached: number | null };

export interface RunFinder {
  /** Newest first; each step takes some 20 ms at the most, so that whoever asks can let others work in between. */
  searchRuns(teamId: string, search: RunSearch): Iterable<RunSlice>;
  /** The newest run that each of some targets had under the name it has now; nothing of those that had none. */
  lastRuns(targets: readonly Pick<Target, 'id' | 'name'>[]): LastRun[];
}
