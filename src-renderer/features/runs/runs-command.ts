import type { InputOf } from '#contract';
import { chosenSources, chosenStatuses, chosenWindow, type RunFilter } from './run-filter.ts';

type RunsCommand = {
  readonly line: readonly [string, ...string[]];
  readonly name: 'run.list';
  readonly input: InputOf<'run.list'>;
};

/** The list as the command line and a request would ask for it; times count from when it is asked. */
export function runsCommand(filter: RunFilter): RunsCommand {
  const option = (name: string, value: string): string[] => (value === '' ? [] : [name, value]);
  const [status, source] = [chosenStatuses(filter), chosenSources(filter)];
  const window = chosenWindow(filter);
  const query = filter.text?.trim() ?? '';
  const text = `${window === 'all' ? '' : `since:${window}`} ${query}`.trim();
  const line = [
    ...option('--status', status.join(',')),
    ...option('--source', source.join(',')),
    ...option('--since', window === 'all' ? '' : window),
    ...option('--limit', '100'),
    ...option('--', query),
  ];
  const input = {
    ...(status.length > 0 && { status }),
    ...(source.length > 0 && { source }),
    ...(text !== '' && { text }),
    limit: 100,
  };
  return { line: ['runs', ...line], name: 'run.list', input };
}
