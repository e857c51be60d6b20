import type { PurgeRules } from '#contract/retention';
import type { DoomedRun, KeptRun } from '../ports-retention.ts';

const dayMs = 86_400_000;
/** A run that has just ended is being looked at: only its age can take its output. */
const freshMs = 3_600_000;

/**
 * Judges runs that come newest first: what is removed of them and by which rule, null when they stay. A live run stays and
 * counts; a run is older than some days when it ended before them.
 */
export function purgeJudge(rules: PurgeRules, now: number): (run: KeptRun) => DoomedRun | null {
  let [runs, total] = [0, 0];
  return ({ no, bytes, endedAt }) => {
    runs += bytes > 0 ? 1 : 0;
    total += bytes;
    if (endedAt === null) {
      return null;
    }
    if (rules.days > 0 && endedAt < now - rules.days * dayMs) {
      return { no, bytes, why: bytes > 0 ? { rule: 'age', limit: rules.days } : null };
    }
    if (bytes === 0 || endedAt > now - freshMs) {
      return null;
    }
    if (rules.runs > 0 && runs > rules.runs) {
      return { no, bytes, why: { rule: 'count', limit: rules.runs } };
    }
    return rules.bytes > 0 && total > rules.bytes ? { no, bytes, why: { rule: 'bytes', limit: rules.bytes } } : null;
  };
}
