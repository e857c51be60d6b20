import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { IconChevronDown, IconSearch, IconX } from '@tabler/icons-react';
import { type ReactElement, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunStatus } from '#contract/run';
import { Dropdown } from '../../ui/dropdown.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { useKeys } from '../../ui/use-keys.ts';
import {
  chosenSources,
  chosenStatuses,
  chosenWindow,
  isDefaultFilter,
  readRunFilter,
  type RunFilter,
  sources,
  statuses,
  type Window,
  windows,
} from './run-filter.ts';

type FilterProps = { filter: RunFilter; onChange: (filter: RunFilter) => void };

export function FilterBar({ filter, onChange }: FilterProps): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="filter-bar" role="search">
      <SearchField filter={filter} onChange={onChange} />
      <StatusFilter filter={filter} onChange={onChange} />
      <NativeSelect
        className="filter-source"
        aria-label={t('runs.source')}
        value={chosenSources(filter)[0] ?? ''}
        data={[
          { value: '', label: t('runs.anySource') },
          ...sources.map((value) => ({ value, label: t(`source.${value}`) })),
        ]}
        onChange={(event) => onChange(readRunFilter({ ...filter, source: event.currentTarget.value }))}
      />
      <NativeSelect
        className="filter-window"
        aria-label={t('runs.window')}
        value={chosenWindow(filter)}
        data={windows.map((value) => ({ value, label: t(windowKeys[value]) }))}
        onChange={(event) => onChange(readRunFilter({ ...filter, window: event.currentTarget.value }))}
      />
      {!isDefaultFilter(filter) && (
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconX size={14} stroke={1.8} />}
          onClick={() => onChange({})}
        >
          {t('runs.clear')}
        </Button>
      )}
    </div>
  );
}

const windowKeys = {
  '1h': 'runs.window1h',
  '12h': 'runs.window12h',
  '24h': 'runs.window24h',
  '7d': 'runs.window7d',
  all: 'runs.windowAll',
} as const satisfies Record<Window, string>;

const typingPauseMs = 200;

/** What is typed, what was sent of it, and what stood in the address when it was last looked at. */
type Typing = { readonly text: string; readonly sent: string; readonly known: string };

function SearchField({ filter, onChange }: FilterProps): ReactElement {
  const { t } = useTranslation();
  const shown = filter.text ?? '';
  const [typing, setTyping] = useState<Typing>({ text: shown, sent: shown, known: shown });
  const field = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useKeys({
    '/': {
      does: t('keys.search'),
      act: () => {
        field.current?.focus();
        field.current?.select();
      },
    },
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  if (shown !== typing.known) {
    // The address has changed: by what was sent from here, or by somebody else, whose text is then taken over.
    setTyping({ ...typing, known: shown, text: shown === typing.sent ? typing.text : shown });
  }
  const type = (text: string): void => {
    setTyping((current) => ({ ...current, text }));
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      setTyping((current) => ({ ...current, sent: text }));
      onChange(readRunFilter({ ...filter, text }));
    }, typingPauseMs);
  };
  return (
    <TextInput
      ref={field}
      className="filter-text"
      type="search"
      leftSection={<IconSearch size={14} stroke={1.6} />}
      aria-label={t('runs.search')}
      placeholder={t('runs.searchPlaceholder')}
      value={typing.text}
      onChange={(event) => type(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          type('');
          field.current?.blur();
        }
      }}
    />
  );
}

function StatusFilter({ filter, onChange }: FilterProps): ReactElement {
  const { t } = useTranslation();
  const chosen = chosenStatuses(filter);
  const [only] = chosen;
  const label =
    chosen.length === 0 || only === undefined
      ? t('runs.anyStatus')
      : chosen.length === 1
        ? t(`status.${only}`)
        : t('runs.statusCount', { count: chosen.length });
  const toggle = (status: RunStatus): void => {
    const next = chosen.includes(status) ? chosen.filter((other) => other !== status) : [...chosen, status];
    onChange(readRunFilter({ ...filter, status: next.join(',') }));
  };
  return (
    <Dropdown
      role="dialog"
      label={t('runs.status')}
      trigger={
        <Button
          variant="default"
          className="filter-status"
          justify="space-between"
          rightSection={<IconChevronDown size={14} stroke={1.6} />}
          aria-label={`${t('runs.status')}: ${label}`}
        >
          {label}
        </Button>
      }
    >
      <div className="status-choices" role="group" aria-label={t('runs.status')}>
        {statuses.map((status) => (
          <Checkbox
            key={status}
            checked={chosen.includes(status)}
            onChange={() => toggle(status)}
            label={<StateBadge status={status} />}
          />
        ))}
      </div>
    </Dropdown>
  );
}
