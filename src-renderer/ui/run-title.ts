import type { Run } from '#contract/run';

/** What a run is called in lists: its name, or the first line that says something. */
export const runTitle = (run: Pick<Run, 'name' | 'summary'>): string => run.name || run.summary;
