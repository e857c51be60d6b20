import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Target } from '#contract/node';
import type { ScriptType } from '#contract/run';
import { TabBar } from '../../ui/tab-bar.tsx';
import { type Draft, languages } from './draft.ts';

type LanguageTabsProps = { draft: Draft; targets: readonly Target[]; onChange: (language: ScriptType) => void };

/** Batch runs on Windows alone, so it is offered only where a chosen target may be one. */
function batchIsPossible(draft: Draft, targets: readonly Target[]): boolean {
  const chosen = targets.filter((target) => draft.targets.includes(target.name));
  return chosen.length === 0 || chosen.some((target) => target.os === 'windows');
}

export function LanguageTabs({ draft, targets, onChange }: LanguageTabsProps): ReactElement {
  const { t } = useTranslation();
  const noBatch = !batchIsPossible(draft, targets);
  const tabs = languages.map((value) => ({
    value,
    label: t(`language.${value}`),
    disabledBecause: value === 'bat' && noBatch ? t('quick.batOnlyWindows') : undefined,
  }));
  return <TabBar label={t('quick.language')} value={draft.language} tabs={tabs} onChange={onChange} />;
}
