import { useDebouncedValue } from '@mantine/hooks';
import type { RunPreview } from '#contract/run-preview';
import { useCall } from '../../client/use-call.ts';
import { type Draft, placesOf, taskOf } from './draft.ts';

const typingPauseMs = 250;

/** What a start would do, asked a moment after the last key; the answer before stays until the next one is there. */
export function usePreview(draft: Draft): RunPreview | null {
  const key = JSON.stringify({
    task: taskOf(draft, Object.keys(draft.parameters)),
    ...placesOf(draft),
  });
  const [asked] = useDebouncedValue(key, typingPauseMs);
  const input = JSON.parse(asked) as Parameters<typeof useCall<'run.preview'>>[1];
  const { data } = useCall('run.preview', input, { keepPrevious: true, enabled: input.task.text.trim() !== '' });
  return draft.text.trim() === '' ? null : (data ?? null);
}

/** The machines a draft stands for; `problem` says why it stands for none. */
export type Resolved = RunPreview['targets'] & Pick<RunPreview, 'addresses'>;

const nothingToRun = { type: 'script', text: '', noParameters: true } as const;
const nowhere: Resolved = {
  total: 0,
  first: [],
  unreachable: 0,
  problem: null,
  addresses: { problems: [], more: false },
};

/** The machines a start would run on, asked a moment after the last key; null until what is typed now is answered. */
export function useResolved(draft: Draft): Resolved | null {
  const where = JSON.stringify(placesOf(draft));
  const [asked] = useDebouncedValue(where, typingPauseMs);
  const isEmpty = isNowhere(draft);
  const input = { ...(JSON.parse(asked) as ReturnType<typeof placesOf>), task: nothingToRun };
  const { data, error } = useCall('run.preview', input, { enabled: !isEmpty && asked === where });
  if (isEmpty || asked !== where) {
    return null;
  }
  return data ? { ...data.targets, addresses: data.addresses } : error ? { ...nowhere, problem: error.message } : null;
}

const isNowhere = ({ targets, addresses }: Draft): boolean => targets.trim() === '' && addresses.trim() === '';
