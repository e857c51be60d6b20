import { Textarea } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Draft } from './draft.ts';
import type { DraftChange } from './use-draft.ts';
import type { Resolved } from './use-preview.ts';

type TargetAddressesProps = {
  draft: Draft;
  change: (change: DraftChange) => void;
  resolved: Resolved | null;
};

const mostRows = 5;
const lettersInRow = 60;

/** Grows with the list, without measuring it: it may have thousands of lines. */
function rowsFor(text: string): number {
  const lines = text.slice(0, 10_000).split('\n').length;
  return Math.min(mostRows, Math.max(lines, Math.ceil(text.length / lettersInRow), 1));
}

/** Machines by address, pasted in any habit; each word that cannot be read is told with its reason. */
export function TargetAddresses({ draft, change, resolved }: TargetAddressesProps): ReactElement {
  const { t } = useTranslation();
  const problems = resolved?.addresses.problems ?? [];
  return (
    <div className="target-addresses">
      <Textarea
        label={t('quick.addresses')}
        placeholder={t('quick.addressesPlaceholder')}
        title={t('quick.addressesHint')}
        classNames={{ input: 'mono' }}
        rows={rowsFor(draft.addresses)}
        spellCheck={false}
        autoComplete="off"
        value={draft.addresses}
        error={problems.length > 0}
        onChange={(event) => change({ addresses: event.currentTarget.value })}
      />
      <ul className="address-problems" aria-label={t('quick.addressProblems')} aria-live="polite">
        {problems.map(({ line, message }) => (
          <li key={`${line}${message}`}>{message}</li>
        ))}
        {resolved?.addresses.more && <li className="quiet">{t('quick.addressesMore')}</li>}
      </ul>
    </div>
  );
}
