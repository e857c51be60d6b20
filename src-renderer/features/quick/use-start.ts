import { useRef } from 'react';
import type { DroverError } from '#contract/errors';
import type { RunPreview } from '#contract/run-preview';
import { useAct } from '../../client/use-call.ts';
import { draftProblem, startOf } from './draft.ts';
import type { DraftStore } from './use-draft.ts';
import { parameterNames } from './use-preview.ts';

/** A second press for the very same within this time was meant for the first start. */
const doublePressMs = 600;

export type Starting = {
  readonly start: () => void;
  readonly isStarting: boolean;
  readonly error: DroverError | null;
};

/** Starts what stands in the form; while a start is on its way further presses do nothing. */
export function useStart(
  store: DraftStore,
  preview: RunPreview | null,
  { onStarted }: { onStarted: (no: number) => void },
): Starting {
  const act = useAct('run.start');
  const isBusy = useRef(false);
  const last = useRef({ request: '', until: 0 });
  const start = (): void => {
    const draft = store.current;
    if (isBusy.current || draftProblem(draft) !== null) {
      return;
    }
    const input = startOf(draft, parameterNames(preview));
    const request = JSON.stringify(input);
    if (request === last.current.request && performance.now() < last.current.until) {
      return;
    }
    isBusy.current = true;
    act.mutate(input, {
      onSuccess: ({ no }) => {
        last.current = { request, until: performance.now() + doublePressMs };
        onStarted(no);
      },
      onSettled: () => {
        isBusy.current = false;
      },
    });
  };
  return { start, isStarting: act.isPending, error: act.error };
}
