import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { DroverError } from '#contract/errors';
import type { Target } from '#contract/target';
import { client } from '../../client/index.ts';
import { errorWords } from '../../ui/error-text.ts';
import { tell } from '../../ui/tell.ts';
import { handTargetsOver } from '../quick/hand-over.ts';
import { selectorOf } from './target-selector.ts';

/** A call names no more targets than this. */
const mostIds = 10_000;

export type TargetActs = {
  readonly run: (targets: readonly Target[]) => void;
  readonly maintain: (targets: readonly Target[], maintenance: boolean) => Promise<void>;
  /** Whether all of them are gone now. */
  readonly remove: (targets: readonly Target[]) => Promise<boolean>;
};

const lotsOf = (ids: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(ids.length / mostIds) }, (_, lot) => ids.slice(lot * mostIds, (lot + 1) * mostIds));

/** What can be done with targets from the list and from the page of one; `onChanged` hears when the engine has done it. */
export function useTargetActs(onChanged: () => void): TargetActs {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const doing = async (act: () => Promise<string>): Promise<boolean> => {
    try {
      tell({ message: await act() });
      return true;
    } catch (error) {
      if (!(error instanceof DroverError)) {
        throw error;
      }
      const { what, detail } = errorWords(error, i18n);
      tell({ kind: 'error', title: what, message: detail });
      return false;
    } finally {
      onChanged();
    }
  };
  return {
    run: (targets) => {
      const selector = selectorOf(targets);
      if (selector === null) {
        tell({ kind: 'error', message: t('targets.tooManyNames', { count: targets.length }) });
        return;
      }
      handTargetsOver(selector);
      void navigate({ to: '/quick' });
    },
    maintain: async (targets, maintenance) => {
      await doing(async () => {
        let count = 0;
        for (const ids of lotsOf(targets.map(({ id }) => id))) {
          const { changed } = await client.call('target.maintain', { ids, maintenance });
          count += changed;
        }
        return t(maintenance ? 'targets.maintained' : 'targets.unmaintained', { count });
      });
    },
    remove: (targets) =>
      doing(async () => {
        let count = 0;
        for (const ids of lotsOf(targets.map(({ id }) => id))) {
          const { removed } = await client.call('target.remove', { ids });
          count += removed;
        }
        return t('targets.removed', { count });
      }),
  };
}

/** Those that can be changed: this machine is built in. */
export const changeable = (targets: readonly Target[]): readonly Target[] =>
  targets.filter(({ connection }) => connection !== 'local');
