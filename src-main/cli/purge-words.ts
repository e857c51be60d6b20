import type { Purged, PurgeRule } from '#contract/retention';
import { bytesText, plural, timeText } from './wording.ts';

/** `older than 180 days`, `beyond the newest 100 runs`, `beyond 20.0 GB of newer output` */
function ruleText(rule: PurgeRule, limit: number): string {
  switch (rule) {
    case 'age':
      return `older than ${plural(limit, 'day')}`;
    case 'count':
      return `beyond the newest ${plural(limit, 'run')}`;
    case 'bytes':
      return `beyond ${bytesText(limit)} of newer output`;
  }
}

/** When the output of a run was removed, and by which rule. */
export const purgedText = ({ at, rule, limit }: Purged): string =>
  `removed by policy ${timeText(at)} (${ruleText(rule, limit)})`;
