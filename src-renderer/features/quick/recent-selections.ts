import type { Run } from '#contract/run';
import { quickDefaults } from './defaults.ts';

/** The newest run of each of the last selections, without the one that stands in the form. */
export function recentSelections(
  runs: readonly Pick<Run, 'no' | 'selector' | 'counts' | 'createdAt'>[],
  present: string,
): readonly Pick<Run, 'no' | 'selector' | 'counts' | 'createdAt'>[] {
  const seen = new Set([present.trim()]);
  const recent = runs.filter(({ selector }) => {
    const isNew = !seen.has(selector);
    seen.add(selector);
    return isNew;
  });
  return recent.slice(0, quickDefaults.recentSelections);
}
