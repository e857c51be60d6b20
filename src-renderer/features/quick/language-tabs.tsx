import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ScriptType } from '#contract/run';
import { useCall } from '../../client/use-call.ts';
import { TabBar } from '../../ui/tab-bar.tsx';
import { type Draft, languages } from './draft.ts';

type LanguageTabsProps = { draft: Draft; onChange: (language: ScriptType) => void };

export function LanguageTabs({ draft, onChange }: LanguageTabsProps): ReactElement {
  const { t } = useTranslation();
  const noBatch = useBatchIsImpossible(draft);
  const tabs = languages.map((value) => ({
    value,
    label: t(`language.${value}`),
    disabledBecause: value === 'bat' && noBatch ? t('quick.batOnlyWindows') : undefined,
  }));
  return <TabBar label={t('quick.language')} value={draft.language} tabs={tabs} onChange={onChange} />;
}

/** Batch runs on Windows alone; it is offered unless the only target is known to be something else. */
function useBatchIsImpossible({ targets, addresses }: Draft): boolean {
  const isLocal = targets.trim() === 'local' && addresses.trim() === '';
  const local = useCall('target.list', { query: 'connection:local', limit: 1 }, { enabled: isLocal, staleTime: 60_000 })
    .data?.targets[0];
  return isLocal && local !== undefined && local.os !== 'windows';
}
