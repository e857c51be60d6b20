import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import type { OutputOf } from '#contract';
import type { DroverError } from '#contract/errors';
import { useAct, useCall } from '../../client/use-call.ts';
import { emptyImport, type ImportDraft, importOf, type ImportProblem, importProblems } from './import-draft.ts';

export type Imported = OutputOf<'target.import'>;

export type Import = {
  readonly draft: ImportDraft;
  readonly problems: readonly ImportProblem[];
  /** What the text would change; null while there is nothing to look at. */
  readonly preview: Imported | null;
  /** The preview is of an earlier text. */
  readonly isOld: boolean;
  readonly error: DroverError | null;
  readonly isApplying: boolean;
  /** What was written. */
  readonly done: Imported | null;
  readonly change: (change: Partial<ImportDraft>) => void;
  readonly apply: () => void;
  readonly startAnew: () => void;
};

const typingPauseMs = 350;

/** A text, what it would change, and the writing of it. */
export function useImport(): Import {
  const [draft, setDraft] = useState(emptyImport);
  const [asked] = useDebouncedValue(draft, typingPauseMs);
  const act = useAct('target.import');
  const problems = importProblems(draft);
  const isEmpty = asked.text.trim() === '';
  const look = useCall('target.import', importOf(asked, false), {
    enabled: !isEmpty && importProblems(asked).length === 0,
    keepPrevious: true,
    staleTime: 0,
  });
  const preview = isEmpty ? null : (look.data ?? null);
  const isOld = draft !== asked || look.isFetching || look.isPlaceholderData;
  const isReady = preview !== null && !isOld && look.error === null && problems.length === 0;
  return {
    draft,
    problems,
    preview,
    isOld,
    error: act.error ?? (isEmpty ? null : look.error),
    isApplying: act.isPending,
    done: act.data ?? null,
    change: (change) => {
      act.reset();
      setDraft((current) => ({ ...current, ...change }));
    },
    apply: () => {
      if (isReady && !act.isPending) {
        act.mutate(importOf(draft, true));
      }
    },
    startAnew: () => {
      act.reset();
      setDraft({ ...draft, text: '', format: 'auto' });
    },
  };
}
