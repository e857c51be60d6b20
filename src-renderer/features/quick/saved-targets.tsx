import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconCheck, IconDeviceDesktop, IconServer } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactElement, use, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Target } from '#contract/target';
import { useCall } from '../../client/use-call.ts';
import { Close } from '../../ui/dropdown.tsx';
import { targetName } from '../../ui/target-name.ts';
import { isNameList, namesIn, withName, withoutName } from '../../ui/where-of.ts';

type SavedTargetsProps = { selector: string; onSelect: (selector: string) => void };

const shownTargets = 200;
const typingPauseMs = 150;

const glyph = { size: 15, stroke: 1.6, 'aria-hidden': true } as const;

/** The saved targets, to be found by the words of a selector and ticked; each tick is written into the selector by name. */
export function SavedTargets({ selector, onSelect }: SavedTargetsProps): ReactElement {
  const { t } = useTranslation();
  const close = use(Close);
  const [query, setQuery] = useState('');
  const [asked] = useDebouncedValue(query, typingPauseMs);
  const { data, error } = useCall('target.list', { query: asked, limit: shownTargets }, { keepPrevious: true });
  const field = useRef<HTMLInputElement>(null);
  // It is loaded after the box has opened, so the box cannot do this.
  useEffect(() => field.current?.focus(), []);
  const targets = data?.targets ?? [];
  const ticked = new Set(namesIn(selector));
  const toggle = (name: string): void =>
    onSelect(ticked.has(name) ? withoutName(selector, name) : withName(selector, name));
  const onKeyDown = (event: KeyboardEvent): void => {
    const [first] = targets;
    if (event.key === 'Enter' && query === asked && first && !event.nativeEvent.isComposing) {
      event.preventDefault();
      close();
      onSelect(withName(selector, first.name));
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
            <SavedTarget target={target} isTicked={ticked.has(target.name)} onToggle={toggle} />
          </li>
        ))}
      </ul>
      <SavedEnd shown={targets} total={data?.total ?? null} selector={selector} onSelect={onSelect} />
    </div>
  );
}

type SavedEndProps = SavedTargetsProps & { shown: readonly Target[]; total: number | null };

/** How many there are, and one click for all that are shown. */
function SavedEnd({ shown, total, selector, onSelect }: SavedEndProps): ReactElement {
  const { t } = useTranslation();
  const ticked = new Set(namesIn(selector));
  const rest = shown.filter(({ name, connection }) => connection !== 'local' && !ticked.has(name));
  return (
    <div className="saved-end">
      <p className="saved-note quiet tabular" role="status">
        {total === 0 && t('quick.noSavedTarget')}
        {total !== null && total > shown.length && t('counts.of', { done: shown.length, total })}
      </p>
      {rest.length > 1 && (
        <Button
          variant="default"
          onClick={() => onSelect(rest.reduce((before, { name }) => withName(before, name), selector))}
        >
          {t('quick.tickAll', { count: rest.length })}
        </Button>
      )}
    </div>
  );
}

type SavedTargetProps = { target: Target; isTicked: boolean; onToggle: (name: string) => void };

function SavedTarget({ target, isTicked, onToggle }: SavedTargetProps): ReactElement {
  const isLocal = target.connection === 'local';
  const Icon = isLocal ? IconDeviceDesktop : IconServer;
  return (
    <button type="button" className="menu-item" aria-pressed={isTicked} onClick={() => onToggle(target.name)}>
      {isTicked ? <IconCheck {...glyph} className="saved-tick" /> : <Icon {...glyph} />}
      <span className="cut">{targetName(target.name)}</span>
      {!isLocal && <span className="menu-end quiet cut">{target.address}</span>}
    </button>
  );
}
