import { useDebouncedValue } from '@mantine/hooks';
import type { RunPreview } from '#contract/run';
import { useCall } from '../../client/use-call.ts';
import { type Draft, taskOf } from './draft.ts';

const typingPauseMs = 250;

/** What a start would do, asked a moment after the last key; the answer before stays until the next one is there. */
export function usePreview(draft: Draft): RunPreview | null {
  const key = JSON.stringify({
    task: taskOf(draft, Object.keys(draft.parameters)),
    targets: draft.targets.join(','),
  });
  const [asked] = useDebouncedValue(key, typingPauseMs);
  const input = JSON.parse(asked) as Parameters<typeof useCall<'run.preview'>>[1];
  const { data } = useCall('run.preview', input, { keepPrevious: true, enabled: input.task.text.trim() !== '' });
  return draft.text.trim() === '' ? null : (data ?? null);
}

/** Names of the parameters, in the order of the text. */
export const parameterNames = (preview: RunPreview | null): readonly string[] =>
  preview?.parameters.map(({ name }) => name) ?? [];
