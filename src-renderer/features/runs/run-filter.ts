import type { InputOf } from '#contract';
import type { Run, RunSource, RunStatus } from '#contract/run';

/** The seven statuses, in the order of a run's life. */
export const statuses = [
  'pending',
  'running',
  'cancelling',
  'success',
  'failed',
  'timeout',
  'cancelled',
] as const satisfies readonly RunStatus[];

export const sources = ['manual', 'scheduled', 'api'] as const satisfies readonly RunSource[];

export const windows = ['1h', '12h', '24h', '7d', 'all'] as const;
export type Window = (typeof windows)[number];

const hour = 3_600_000;
const lengths: Record<Window, number | null> = {
  '1h': hour,
  '12h': 12 * hour,
  '24h': 24 * hour,
  '7d': 168 * hour,
  all: null,
};

/** The filter as it stands in the address; what is left out is the default. */
export type RunFilter = { status?: string; source?: string; text?: string; window?: Window };

const some = <T extends string>(value: unknown, known: readonly T[]): T[] => {
  const words = typeof value === 'string' ? value.split(',') : [];
  return known.filter((word) => words.includes(word));
};

export const chosenStatuses = (filter: RunFilter): RunStatus[] => some(filter.status, statuses);
export const chosenSources = (filter: RunFilter): RunSource[] => some(filter.source, sources);
export const chosenWindow = (filter: RunFilter): Window => filter.window ?? '7d';

/** The filter of an address that anybody may have typed: what is not known is left out. */
export function readRunFilter(search: Record<string, unknown>): RunFilter {
  const status = some(search['status'], statuses).join(',');
  const source = some(search['source'], sources).join(',');
  const asked = search['text'];
  // A number alone comes out of the address as one.
  const text = typeof asked === 'string' || typeof asked === 'number' ? String(asked).slice(0, 1_000) : '';
  const window = windows.find((name) => name === search['window']);
  return {
    ...(status !== '' && { status }),
    ...(source !== '' && { source }),
    ...(text !== '' && { text }),
    ...(window !== undefined && window !== '7d' && { window }),
  };
}

/** Everything is shown that there is in the time of the default. */
export const isDefaultFilter = (filter: RunFilter): boolean => Object.keys(readRunFilter(filter)).length === 0;

/** The question for the engine; `now` is the node's time. */
export function queryOf(filter: RunFilter, now: number): InputOf<'run.list'> {
  const status = chosenStatuses(filter);
  const source = chosenSources(filter);
  const length = lengths[chosenWindow(filter)];
  const text = filter.text?.trim() ?? '';
  return {
    ...(status.length > 0 && { status }),
    ...(source.length > 0 && { source }),
    ...(text !== '' && { text }),
    ...(length !== null && { since: now - length }),
    limit: 100,
  };
}

/** Whether a run that has just changed belongs to the list; only a search text is left to the engine. */
export function belongs(run: Run, filter: RunFilter, now: number): boolean {
  const status = chosenStatuses(filter);
  const source = chosenSources(filter);
  const length = lengths[chosenWindow(filter)];
  return (
    (status.length === 0 || status.includes(run.status)) &&
    (source.length === 0 || source.includes(run.source)) &&
    (length === null || run.createdAt >= now - length)
  );
}
