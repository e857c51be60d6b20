import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDeviceDesktop, IconServer } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactElement, use, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Target } from '#contract/target';
import { useCall } from '../../client/use-call.ts';
import { Close } from '../../ui/dropdown.tsx';
import { targetName } from '../../ui/target-name.ts';
import { isNameList } from '../../ui/where-of.ts';

type SavedTargetsProps = { selector: string; onChoose: (name: string) => void };

const shownTargets = 50;
const typingPauseMs = 150;

const glyph = { size: 15, stroke: 1.6, 'aria-hidden': true } as const;

/** The saved targets, to be found by typing and written into the selector by name. */
export function SavedTargets({ selector, onChoose }: SavedTargetsProps): ReactElement {
  const { t } = useTranslation();
  const close = use(Close);
  const [query, setQuery] = useState('');
  const [asked] = useDebouncedValue(query, typingPauseMs);
  const { data, error } = useCall('target.list', { query: asked, limit: shownTargets }, { keepPrevious: true });
  const field = useRef<HTMLInputElement>(null);
  // It is loaded after the box has opened, so the box cannot do this.
  useEffect(() => field.current?.focus(), []);
  const targets = data?.targets ?? [];
  const choose = (name: string): void => {
    close();
    onChoose(name);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const [only] = targets;
    if (event.key === 'Enter' && query === asked && only && !event.nativeEvent.isComposing) {
      event.preventDefault();
      choose(only.name);
    }
    if (event.key === 'Home' || event.key === 'End') {
      event.stopPropagation();
    }
  };
  const givesWay = selector.trim() !== '' && !isNameList(selector);
  return (
    <div className="saved-targets">
      <TextInput
        ref={field}
        aria-label={t('quick.findTarget')}
        placeholder={t('quick.findTarget')}
        spellCheck={false}
        value={query}
        error={error?.message}
        onKeyDown={onKeyDown}
        onChange={(event) => setQuery(event.currentTarget.value)}
      />
      {givesWay && <p className="saved-note quiet">{t('quick.givesWay')}</p>}
      <ul className="saved-list" aria-label={t('quick.savedTargets')}>
        {targets.map((target) => (
          <li key={target.id}>
            <SavedTarget target={target} onChoose={choose} />
          </li>
        ))}
      </ul>
      <p className="saved-note quiet tabular" role="status">
        {data && data.total === 0 && t('quick.noSavedTarget')}
        {data && data.total > targets.length && t('counts.of', { done: targets.length, total: data.total })}
      </p>
    </div>
  );
}

function SavedTarget({ target, onChoose }: { target: Target; onChoose: (name: string) => void }): ReactElement {
  const isLocal = target.connection === 'local';
  const Icon = isLocal ? IconDeviceDesktop : IconServer;
  return (
    <button type="button" className="menu-item" onClick={() => onChoose(target.name)}>
      <Icon {...glyph} />
      <span className="cut">{targetName(target.name)}</span>
      {!isLocal && <span className="menu-end quiet cut">{target.address}</span>}
    </button>
  );
}
