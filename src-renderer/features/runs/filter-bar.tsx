import { Button, Checkbox, NativeSelect } from '@mantine/core';
import { IconChevronDown, IconX } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { DroverError } from '#contract/errors';
import type { RunStatus } from '#contract/run';
import { Dropdown } from '../../ui/dropdown.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
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
import { SearchField } from './search-field.tsx';

type FilterProps = { filter: RunFilter; onChange: (filter: RunFilter) => void };

type BarProps = FilterProps & { error: DroverError | null; hasRows: boolean };

export function FilterBar({ filter, error, hasRows, onChange }: BarProps): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="filter-bar" role="search">
      <SearchField
        shown={filter.text ?? ''}
        error={error}
        hasRows={hasRows}
        onSend={(text) => onChange(readRunFilter({ ...filter, text }))}
      />
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
      {/^\s*#\d+\s*$/.test(filter.text ?? '') && hasOthers(filter) && (
        <span className="quiet filter-note">{t('runs.numberWins')}</span>
      )}
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

const hasOthers = ({ status, source }: RunFilter): boolean => status !== undefined || source !== undefined;

const windowKeys = {
  '1h': 'runs.window1h',
  '12h': 'runs.window12h',
  '24h': 'runs.window24h',
  '7d': 'runs.window7d',
  all: 'runs.windowAll',
} as const satisfies Record<Window, string>;

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
