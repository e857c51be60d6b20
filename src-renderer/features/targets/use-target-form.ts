import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { DroverError } from '#contract/errors';
import type { Target } from '#contract/target';
import { client, queries } from '../../client/index.ts';
import {
  changeOf,
  circlesThrough,
  type Conflict,
  type DraftProblems,
  draftOfTarget,
  draftProblems,
  emptyTargetDraft,
  fieldsOfDraft,
  mergeTheirs,
  movesSecret,
  type TargetDraft,
} from './target-draft.ts';

export type TargetForm = {
  readonly draft: TargetDraft;
  /** The target that is changed, as it was when the form last agreed with the engine; null for a new one. */
  readonly base: Target | null;
  readonly change: (change: Partial<TargetDraft>) => void;
  /** Shown only after the first try to save. */
  readonly problems: DraftProblems;
  /** The place that the way passes twice. */
  readonly circle: string | null;
  readonly movesSecret: boolean;
  readonly keepSecret: boolean;
  readonly setKeepSecret: (keep: boolean) => void;
  readonly conflict: { readonly theirs: Target; readonly merged: Conflict } | null;
  readonly error: DroverError | null;
  /** Somebody has removed the target while it was edited. */
  readonly isGone: boolean;
  readonly isSaving: boolean;
  readonly save: () => void;
  /** Makes a new target of a form whose target is gone. */
  readonly saveAsNew: () => void;
};

type Trouble = Pick<TargetForm, 'conflict' | 'error' | 'isGone'>;

const noTrouble: Trouble = { conflict: null, error: null, isGone: false };

/** `from` fills the form of a new target, `base` is the target that is changed. */
export function useTargetForm({ base: began, from }: { base: Target | null; from: Target | null }): TargetForm {
  const navigate = useNavigate();
  const [base, setBase] = useState(began);
  const [draft, setDraft] = useState(() => startOf(began, from));
  const [isTried, setTried] = useState(false);
  const [keepSecret, setKeepSecret] = useState(false);
  const [trouble, setTrouble] = useState(noTrouble);
  const [isSaving, setSaving] = useState(false);
  const problems = draftProblems(draft);
  const circle = circlesThrough(draft);
  const isWrong = Object.keys(problems).length > 0 || circle !== null;
  const write = (target: Target | null): Promise<Target> =>
    target === null
      ? client.call('target.create', fieldsOfDraft(draft, from))
      : client.call('target.update', {
          id: target.id,
          rev: target.rev,
          change: changeOf(draft, target, keepSecret && movesSecret(draft, target)),
        });
  const saveOver = async (target: Target | null): Promise<void> => {
    setTried(true);
    if (isWrong || isSaving) {
      return;
    }
    setSaving(true);
    try {
      const saved = await write(target);
      queries.setQueryData(['target.get', { target: saved.id }], saved);
      await navigate({ to: '/targets/$target', params: { target: saved.id }, replace: target !== null });
    } catch (error) {
      const told = await troubleOf(error, draft, target);
      if (told.conflict) {
        setDraft(told.conflict.merged.draft);
        setBase(told.conflict.theirs);
      }
      setTrouble(told);
    } finally {
      setSaving(false);
    }
  };
  return {
    draft,
    base,
    change: (change) => setDraft((current) => ({ ...current, ...change })),
    problems: isTried ? problems : {},
    circle,
    movesSecret: base !== null && movesSecret(draft, base),
    keepSecret,
    setKeepSecret,
    ...trouble,
    isSaving,
    save: () => void saveOver(base),
    saveAsNew: () => void saveOver(null),
  };
}

/** A copy begins without the name, which can be had once only. */
const startOf = (base: Target | null, from: Target | null): TargetDraft =>
  base ? draftOfTarget(base) : from ? { ...draftOfTarget(from), name: '' } : emptyTargetDraft;

async function troubleOf(error: unknown, draft: TargetDraft, base: Target | null): Promise<Trouble> {
  if (!(error instanceof DroverError)) {
    throw error;
  }
  if (base && error.code === 'not-found') {
    return { ...noTrouble, isGone: true };
  }
  if (base && error.code === 'changed-meanwhile') {
    try {
      const theirs = await client.call('target.get', { target: base.id });
      return { ...noTrouble, conflict: { theirs, merged: mergeTheirs(draft, base, theirs) } };
    } catch (gone) {
      return troubleOf(gone, draft, base);
    }
  }
  return { ...noTrouble, error };
}
