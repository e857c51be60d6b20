import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { type ReactElement, type RefObject, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '#contract/run';
import { isFinal } from '../../client/live-runs.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { Ago, Duration } from '../../ui/time.tsx';
import { type DataColumn, type DataTableModel, useDataTable } from '../../ui/use-data-table.ts';
import { RowMenu } from './row-menu.tsx';
import { NameCell, NarrowRun, NumberCell, RerunCell, ResultsCell, StartedCell, TargetsCell } from './run-cells.tsx';
import type { RunList } from './use-run-list.ts';

const idOf = ({ id }: Run): string => id;

/** The order is the engine's: the newest first, page by page. */
const columnsOf = (t: TFunction): readonly DataColumn<Run>[] => [
  { id: 'no', label: t('runs.no'), width: '64px', cell: (run) => <NumberCell run={run} />, isName: true },
  { id: 'status', label: t('runs.status'), width: '104px', cell: ({ status }) => <StateBadge status={status} /> },
  {
    id: 'name',
    label: t('runs.name'),
    width: 'minmax(140px, 3fr)',
    cell: (run) => <NameCell run={run} />,
    isName: true,
  },
  { id: 'targets', label: t('runs.targets'), width: 'minmax(90px, 1.2fr)', cell: (run) => <TargetsCell run={run} /> },
  { id: 'results', label: t('runs.results'), width: '84px', cell: (run) => <ResultsCell run={run} /> },
  { id: 'source', label: t('runs.source'), width: '84px', cell: ({ source }) => t(`source.${source}`), from: 1000 },
  {
    id: 'starter',
    label: t('runs.starter'),
    width: 'minmax(70px, 0.8fr)',
    cell: ({ executor }) => <span title={executor.name}>{executor.name}</span>,
    from: 1000,
  },
  { id: 'started', label: t('runs.started'), width: '92px', cell: (run) => <StartedCell run={run} /> },
  {
    id: 'duration',
    label: t('runs.duration'),
    width: '84px',
    align: 'end',
    cell: (run) => <Duration of={run} ticking={!isFinal(run)} />,
  },
  {
    id: 'created',
    label: t('runs.created'),
    width: '92px',
    cell: ({ createdAt }) => <Ago at={createdAt} />,
    isExtra: true,
  },
  { id: 'language', label: t('runs.language'), width: '84px', cell: ({ language }) => language, isExtra: true },
  {
    id: 'selector',
    label: t('runs.selector'),
    width: 'minmax(90px, 1fr)',
    cell: ({ selector }) => <span title={selector}>{selector}</span>,
    isExtra: true,
  },
  { id: 'rerunOf', label: t('runs.rerunOf'), width: '76px', cell: (run) => <RerunCell run={run} />, isExtra: true },
];

export function useRunTable({ rows }: RunList): DataTableModel<Run> {
  const { t } = useTranslation();
  const columns = useMemo(() => columnsOf(t), [t]);
  return useDataTable({ name: 'runs', rows, columns, idOf });
}

type RunTableProps = { list: RunList; model: DataTableModel<Run>; scroller: RefObject<HTMLDivElement | null> };

export function RunTable({ list, model, scroller }: RunTableProps): ReactElement | null {
  const { t } = useTranslation();
  const navigate = useNavigate();
  if (list.rows.length === 0) {
    return null;
  }
  return (
    <DataTable
      model={model}
      label={t('runs.listLabel')}
      scroller={scroller}
      onOpen={({ no }) => void navigate({ to: '/runs/$no', params: { no: String(no) } })}
      narrowRow={(run) => <NarrowRun run={run} />}
      rowActions={(run) => <RowMenu run={run} />}
      tickLabel={({ no }) => t('runs.tick', { no })}
      isFaded={({ no }) => list.faded.has(no)}
      end={<ListEnd list={list} />}
    />
  );
}

/** How far back was looked, and the way on. */
export function ListEnd({ list }: { list: RunList }): ReactElement {
  const { t } = useTranslation();
  const { next } = list;
  if (next === null) {
    return (
      <div className="runs-end">
        <span className="quiet">{t('runs.end')}</span>
      </div>
    );
  }
  return (
    <div className="runs-end">
      {list.isLoadingMore ? (
        <>
          <span className="quiet tabular" role="status">
            {t('runs.looking', { no: next })}
          </span>
          <Button variant="subtle" size="compact-sm" onClick={list.stopLooking}>
            {t('runs.stopLooking')}
          </Button>
        </>
      ) : (
        <Button variant="subtle" size="compact-sm" onClick={list.loadMore}>
          {list.rows.length === 0 ? t('runs.lookOn', { no: next }) : t('runs.loadMore')}
        </Button>
      )}
    </div>
  );
}
