import type { InputOf } from '#contract';
import { chosenSources, chosenStatuses, chosenWindow, queryOf, type RunFilter } from './run-filter.ts';

type RunsCommand = {
  readonly line: readonly [string, ...string[]];
  readonly name: 'run.list';
  readonly input: InputOf<'run.list'>;
};

/** The list as the command line and a request would ask for it. */
export function runsCommand(filter: RunFilter, now: number): RunsCommand {
  const option = (name: string, value: string): string[] => (value === '' ? [] : [name, value]);
  const window = chosenWindow(filter);
  const line = [
    ...option('--status', chosenStatuses(filter).join(',')),
    ...option('--source', chosenSources(filter).join(',')),
    ...option('--text', filter.text?.trim() ?? ''),
    ...option('--since', window === 'all' ? '' : window),
    ...option('--limit', '100'),
  ];
  return { line: ['runs', ...line], name: 'run.list', input: queryOf(filter, now) };
}
