import { Modal, TextInput, useMantineColorScheme } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../client/use-call.ts';
import { runTitle } from '../ui/run-title.ts';
import { fits, type PaletteEntry, typedNumber } from './palette-entries.ts';
import { pages } from './pages.ts';
import './palette.css';

type PaletteProps = { onClose: () => void; onKeys: () => void };

/** Reaches every page, every run and a few commands by typing. */
export function Palette(props: PaletteProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={props.onClose}
      withCloseButton={false}
      yOffset="10vh"
      padding={0}
      aria-label={t('palette.label')}
    >
      <PaletteBody {...props} />
    </Modal>
  );
}

function PaletteBody(props: PaletteProps): ReactElement {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const entries = useEntries(typed.trim(), props.onKeys);
  const place = Math.min(chosen, Math.max(0, entries.length - 1));
  const run = (entry: PaletteEntry | undefined): void => {
    if (entry) {
      props.onClose();
      entry.act();
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setChosen((place + step + entries.length) % Math.max(1, entries.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(entries[place]);
    }
  };
  return (
    <div className="palette">
      <TextInput
        data-autofocus
        size="md"
        variant="unstyled"
        role="combobox"
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={entries[place] ? `palette-${place}` : undefined}
        aria-label={t('palette.label')}
        placeholder={t('palette.placeholder')}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      {entries.length === 0 && <p className="quiet palette-none">{t('palette.none')}</p>}
      <div role="listbox" id="palette-list" aria-label={t('palette.label')} className="palette-list">
        {entries.map((entry, index) => (
          <Entry
            key={entry.id}
            entry={entry}
            place={index}
            chosen={index === place}
            onPoint={() => setChosen(index)}
            onRun={() => run(entry)}
          />
        ))}
      </div>
    </div>
  );
}

type EntryProps = {
  entry: PaletteEntry;
  place: number;
  chosen: boolean;
  onPoint: () => void;
  onRun: () => void;
};

/** The keys stay with the field above, which says what is chosen. */
function Entry({ entry, place, chosen, onPoint, onRun }: EntryProps): ReactElement {
  return (
    <div
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
      <span className="quiet cut">{entry.hint}</span>
    </div>
  );
}

function useEntries(typed: string, onKeys: () => void): readonly PaletteEntry[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const fixed = useFixedEntries(onKeys);
  const [asked] = useDebouncedValue(typed, 120);
  const number = typedNumber(asked);
  const text = number === null ? asked : `#${number}`;
  const { data } = useCall('run.list', { limit: 8, ...(text !== '' && { text }) }, { keepPrevious: true });
  const open = (no: number): void => void navigate({ to: '/runs/$no', params: { no: String(no) } });
  const runs = (data?.runs ?? []).map((run) => ({
    id: run.id,
    kind: 'run' as const,
    text: `#${run.no} ${runTitle(run)}`,
    hint: t(`status.${run.status}`),
    act: () => open(run.no),
  }));
  return [...fixed, ...runs].filter((entry) => typed === '' || entry.kind === 'run' || fits(entry, typed)).slice(0, 14);
}

function useFixedEntries(onKeys: () => void): readonly PaletteEntry[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const places = pages.map(({ key, path }) => ({
    id: key,
    kind: 'page' as const,
    text: t(`pages.${key}`),
    hint: t('palette.page'),
    act: () => void navigate({ to: path }),
  }));
  const schemes = (['themeLight', 'themeDark', 'themeAuto'] as const).map((key) => ({
    id: key,
    kind: 'command' as const,
    text: t(`palette.${key}`),
    hint: t('palette.command'),
    act: () => setColorScheme(key === 'themeLight' ? 'light' : key === 'themeDark' ? 'dark' : 'auto'),
  }));
  const keys = {
    id: 'keys',
    kind: 'command' as const,
    text: t('palette.keys'),
    hint: t('palette.command'),
    act: onKeys,
  };
  return [...places, ...schemes, keys];
}
