import { Modal, TextInput } from '@mantine/core';
import { type KeyboardEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { KeyHint } from '../ui/key-hint.tsx';
import { useCommandEntries, usePageEntries } from './palette-commands.ts';
import { type PaletteEntry, ranked } from './palette-entries.ts';
import { useRunEntries, useTargetEntries } from './palette-finds.ts';
import { keepChoice, recentChoices } from './palette-recent.ts';
import { useSettingEntries } from './palette-settings.ts';
import './palette.css';

type PaletteProps = { onClose: () => void; onKeys: () => void };

/** Reaches every page, target and run, and what can be done from everywhere, by typing. */
export function Palette(props: PaletteProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={props.onClose}
      withCloseButton={false}
      yOffset="10vh"
      padding={0}
      attributes={{ content: { 'aria-label': t('palette.label') } }}
    >
      <PaletteBody {...props} />
    </Modal>
  );
}

const steps: Record<string, (place: number, count: number) => number> = {
  ArrowDown: (place, count) => (place + 1) % count,
  ArrowUp: (place, count) => (place - 1 + count) % count,
  PageDown: (place, count) => Math.min(place + 6, count - 1),
  PageUp: (place) => Math.max(place - 6, 0),
};

function PaletteBody({ onClose, onKeys }: PaletteProps): ReactElement {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const [recent] = useState(() => recentChoices(localStorage));
  const entries = ranked(useEntries(typed, onKeys), typed, recent);
  const place = Math.min(chosen, Math.max(0, entries.length - 1));
  const run = (entry: PaletteEntry | undefined): void => {
    if (entry) {
      keepChoice(localStorage, entry.id);
      onClose();
      entry.act();
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = steps[event.key];
    if (step && entries.length > 0) {
      event.preventDefault();
      setChosen(step(place, entries.length));
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      run(entries[place]);
    }
  };
  return (
    <div className="palette">
      <TypedField
        typed={typed}
        active={entries[place] ? `palette-${place}` : undefined}
        onTyped={(text) => {
          setTyped(text);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <p className="quiet palette-none" role="status">
        {entries.length === 0 && t('palette.none')}
      </p>
      <div role="listbox" id="palette-list" aria-label={t('palette.label')} className="palette-list">
        {entries.map((entry, index) => (
          <Entry
            key={entry.id}
            {...{ entry, recent }}
            place={index}
            chosen={index === place}
            onPoint={() => setChosen(index)}
            onRun={() => run(entry)}
          />
        ))}
      </div>
      <KeysLine />
    </div>
  );
}

/** All there is to choose from, and what fits what is typed of that of which there is much. */
function useEntries(typed: string, onKeys: () => void): readonly PaletteEntry[] {
  return [
    ...usePageEntries(),
    ...useCommandEntries(onKeys),
    ...useSettingEntries(),
    ...useTargetEntries(typed),
    ...useRunEntries(typed),
  ];
}

type TypedFieldProps = {
  typed: string;
  active: string | undefined;
  onTyped: (text: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
};

/** Holds the focus and says which entry is chosen. */
function TypedField({ typed, active, onTyped, onKeyDown }: TypedFieldProps): ReactElement {
  const { t } = useTranslation();
  return (
    <TextInput
      data-autofocus
      size="md"
      variant="unstyled"
      role="combobox"
      aria-expanded
      aria-controls="palette-list"
      aria-activedescendant={active}
      aria-label={t('palette.label')}
      placeholder={t('palette.placeholder')}
      spellCheck={false}
      value={typed}
      onChange={(event) => onTyped(event.currentTarget.value)}
      onKeyDown={onKeyDown}
    />
  );
}

function KeysLine(): ReactElement {
  const { t } = useTranslation();
  return (
    <p className="quiet palette-keys" aria-hidden="true">
      <KeyHint keys="up" />
      <KeyHint keys="down" />
      {t('palette.walk')}
      <KeyHint keys="enter" />
      {t('palette.take')}
      <KeyHint keys="esc" />
      {t('palette.leave')}
    </p>
  );
}

type EntryProps = {
  entry: PaletteEntry;
  recent: readonly string[];
  place: number;
  chosen: boolean;
  onPoint: () => void;
  onRun: () => void;
};

/** The keys stay with the field above, which says what is chosen. */
function Entry({ entry, recent, place, chosen, onPoint, onRun }: EntryProps): ReactElement {
  const { t } = useTranslation();
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (chosen) {
      row.current?.scrollIntoView({ block: 'nearest' });
    }
  }, [chosen]);
  return (
    <div
      ref={row}
      id={`palette-${place}`}
      role="option"
      tabIndex={-1}
      aria-selected={chosen}
      className="palette-entry"
      onMouseMove={onPoint}
      onClick={onRun}
      onKeyDown={(event) => event.key === 'Enter' && onRun()}
    >
      <span className="cut">{entry.text}</span>
      {entry.detail !== undefined && <span className="quiet cut palette-detail">{entry.detail}</span>}
      <span className="quiet palette-kind">
        {recent.includes(entry.id) && `${t('palette.recent')} · `}
        {t(`palette.kind.${entry.kind}`)}
      </span>
      <span className="palette-hint">{entry.keys !== undefined && <KeyHint keys={entry.keys} quiet />}</span>
    </div>
  );
}
