import { Button } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactElement, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { ColumnMenu } from '../../ui/column-menu.tsx';
import { CopyAsMenu } from '../../ui/copy-as-menu.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { FilterBar } from './filter-bar.tsx';
import { FilterMenu } from './filter-menu.tsx';
import { isDefaultFilter, type RunFilter } from './run-filter.ts';
import { ListEnd, RunTable, useRunTable } from './run-table.tsx';
import { runsCommand } from './runs-command.ts';
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
  const isUnread = list.error?.code === 'bad-selector';
  const news = [
    ...(list.waiting.length > 0 ? [t('runs.newer', { count: list.waiting.length })] : []),
    ...(list.faded.size > 0 ? [t('runs.faded', { count: list.faded.size })] : []),
  ];
  return (
    <div className="runs">
      <header className="runs-head">
        <h1>{t('runs.title')}</h1>
        <FilterBar
          filter={filter}
          error={isUnread ? list.error : null}
          hasRows={list.rows.length > 0}
          onChange={setFilter}
        />
        <span className="runs-menus">
          <FilterMenu filter={filter} onChange={setFilter} />
          <CopyAsMenu {...runsCommand(filter)} />
          <ColumnMenu model={model} />
        </span>
      </header>
      {list.error && !isUnread && (
        <ErrorNotice
          error={list.error}
          action={
            <Button variant="default" onClick={list.reload}>
              {t('common.retry')}
            </Button>
          }
        />
      )}
      <BulkBar model={model} list={list} />
      <div className="runs-body">
        {news.length > 0 && (
          <Button
            className="runs-waiting"
            size="compact-sm"
            onClick={() => {
              list.showWaiting();
              scroller.current?.scrollTo({ top: 0 });
            }}
          >
            {news.join(' · ')}
          </Button>
        )}
        <RunTable {...{ list, model, scroller }} />
        <NothingThere list={list} filter={filter} onChange={setFilter} />
      </div>
    </div>
  );
}

type NothingProps = { list: RunList; filter: RunFilter; onChange: (filter: RunFilter) => void };

function NothingThere({ list, filter, onChange }: NothingProps): ReactElement | null {
  const { t } = useTranslation();
  const navigate = useNavigate();
  if (list.error?.code === 'bad-selector') {
    return list.rows.length > 0 ? null : <EmptyState title={t('runs.unread')} text={t('runs.unreadNext')} />;
  }
  if (list.isLoading || list.rows.length > 0 || list.waiting.length > 0 || list.error) {
    return null;
  }
  if (list.next !== null) {
    return <ListEnd list={list} />;
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
    <EmptyState title={filter.text ? t('runs.noMatchText') : t('runs.noMatch')} text={t('runs.noMatchNext')}>
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
