import type { Run } from '#contract/run';
import type { RunCard } from '#contract/run-preview';

type Timed = Pick<Run, 'status' | 'startedAt' | 'durationMs'>;

/** What is as good as the same: a second, or a tenth of the time on long runs. */
const slack = (ms: number): number => Math.max(1_000, ms / 10);

/**
 * By how many milliseconds a run has passed what earlier runs of its text took in the middle; null while it has not, and
 * for a run that was stopped.
 */
export function longerBy(
  { status, startedAt, durationMs }: Timed,
  earlier: RunCard['earlier'],
  now: number,
): number | null {
  const taken = durationMs ?? (startedAt === null ? 0 : now - startedAt);
  if (!earlier || status === 'cancelled') {
    return null;
  }
  const more = taken - earlier.durationMs;
  return more > slack(earlier.durationMs) ? more : null;
}
