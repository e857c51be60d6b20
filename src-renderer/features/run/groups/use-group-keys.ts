import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../../../ui/use-keys.ts';

type GroupKeys = {
  /** False while something else covers the list. */
  readonly isActive: boolean;
  readonly toggle: (digest: string) => void;
  readonly diff: (digest: string) => void;
};

/** j and k walk through the groups, Enter unfolds, d compares; the digest of the group the keys stand on. */
export function useGroupKeys(digests: readonly string[], { isActive, toggle, diff }: GroupKeys): string | null {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string | null>(null);
  const place = chosen === null ? -1 : digests.indexOf(chosen);
  const step = (by: 1 | -1): boolean => {
    const next = digests[place < 0 ? 0 : place + by];
    if (!isActive || next === undefined) {
      return false;
    }
    setChosen(next);
    document.querySelector(`[data-group="${next}"]`)?.scrollIntoView({ block: 'nearest' });
    return true;
  };
  const onChosen = (act: (digest: string) => void, event: KeyboardEvent): boolean => {
    const onControl = event.target instanceof HTMLElement && event.target.closest('a,button,select') !== null;
    if (!isActive || chosen === null || place < 0 || (event.key === 'Enter' && onControl)) {
      return false;
    }
    act(chosen);
    return true;
  };
  const next = { does: t('keys.next'), act: () => step(1) };
  const previous = { does: t('keys.previous'), act: () => step(-1) };
  useKeys(
    {
      j: next,
      down: next,
      k: previous,
      up: previous,
      enter: { does: t('keys.open'), act: (event) => onChosen(toggle, event) },
      d: { does: t('groups.diffHint'), act: (event) => onChosen(diff, event) },
    },
    { title: t('groups.tab') },
  );
  return chosen;
}
