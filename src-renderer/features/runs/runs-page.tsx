import { Button } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactElement, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { nodeNow } from '../../client/use-connection.ts';
import { ColumnMenu } from '../../ui/column-menu.tsx';
import { CopyAsMenu } from '../../ui/copy-as-menu.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { FilterBar } from './filter-bar.tsx';
import { isDefaultFilter, type RunFilter } from './run-filter.ts';
import { runsCommand } from './runs-command.ts';
import { RunTable, useRunTable } from './run-table.tsx';
import { type RunList, useRunList } from './use-run-list.ts';
import './runs.css';

/** Every run, the newest first, live. */
export function RunsPage(): ReactElement {
  const { t } = useTranslation();
  const filter = useSearch({ from: '/runs' });
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRunList(filter, () => (scroller.current?.scrollTop ?? 0) > 20);
  const model = useRunTable(list);
  const setFilter = (next: RunFilter): void => void navigate({ to: '/runs', search: next, replace: true });
  return (
    <div className="runs">
      <header className="runs-head">
        <h1>{t('runs.title')}</h1>
        <FilterBar filter={filter} onChange={setFilter} />
        <CopyAsMenu {...runsCommand(filter, nodeNow())} />
        <ColumnMenu model={model} />
      </header>
      {list.error && (
        <ErrorNotice
          error={list.error}
          action={
            <Button variant="default" onClick={list.reload}>
              {t('common.retry')}
            </Button>
          }
        />
      )}
      {list.waiting.length > 0 && (
        <Button
          className="runs-waiting"
          size="compact-sm"
          onClick={() => {
            list.showWaiting();
            scroller.current?.scrollTo({ top: 0 });
          }}
        >
          {t('runs.newer', { count: list.waiting.length })}
        </Button>
      )}
      <RunTable {...{ list, model, scroller }} />
      <NothingThere list={list} filter={filter} onChange={setFilter} />
    </div>
  );
}

type NothingProps = { list: RunList; filter: RunFilter; onChange: (filter: RunFilter) => void };

function NothingThere({ list, filter, onChange }: NothingProps): ReactElement | null {
  const { t } = useTranslation();
  const navigate = useNavigate();
  if (list.isLoading || list.rows.length > 0 || list.waiting.length > 0 || list.error) {
    return null;
  }
  if (isDefaultFilter(filter)) {
    return (
      <EmptyState title={t('runs.none')} text={t('runs.noneNext')}>
        <div className="runs-offers">
          <Button onClick={() => void navigate({ to: '/quick' })}>{t('runs.noneAction')}</Button>
          <Button variant="default" onClick={() => onChange({ window: 'all' })}>
            {t('runs.allTime')}
          </Button>
        </div>
      </EmptyState>
    );
  }
  return (
    <EmptyState title={t('runs.noMatch')} text={t('runs.noMatchNext')}>
      <div className="runs-offers">
        <Button onClick={() => onChange({})}>{t('runs.clear')}</Button>
        {filter.window !== 'all' && (
          <Button variant="default" onClick={() => onChange({ ...filter, window: 'all' })}>
            {t('runs.allTime')}
          </Button>
        )}
      </div>
    </EmptyState>
  );
}
