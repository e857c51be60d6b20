import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactElement, type RefObject, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../keys/use-keys.ts';
import { RunRow } from './run-row.tsx';
import type { RunList } from './use-run-list.ts';

type RunTableProps = { list: RunList; scroller: RefObject<HTMLDivElement | null> };

const headHeight = 28;

/** A dense table of any length: only the rows in view exist. */
export function RunTable({ list, scroller }: RunTableProps): ReactElement {
  const { t } = useTranslation();
  const { rows } = list;
  const narrow = useMediaQuery('(max-width: 760px)') ?? false;
  const height = narrow ? 56 : 32;
  const above = narrow ? 0 : headHeight;
  // oxlint-disable-next-line react/incompatible-library -- no compiler memoizes here
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 10,
    scrollMargin: above,
    scrollPaddingStart: above,
  });
  useEffect(() => virtual.measure(), [height, virtual]);
  const chosen = useRowKeys(list, (index) => virtual.scrollToIndex(index));
  if (rows.length === 0) {
    return <div ref={scroller} hidden />;
  }
  return (
    <div className="run-table" ref={scroller} tabIndex={-1}>
      <div role="table" aria-label={t('runs.listLabel')} aria-rowcount={rows.length + 1}>
        {!narrow && <HeadRow />}
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map((item) => {
            const run = rows[item.index];
            return (
              run && (
                <RunRow
                  key={item.key}
                  run={run}
                  place={item.index}
                  chosen={chosen === run.no}
                  narrow={narrow}
                  style={{ transform: `translateY(${item.start - above}px)`, height }}
                />
              )
            );
          })}
        </div>
      </div>
      <ListEnd list={list} />
    </div>
  );
}

const columns = ['no', 'status', 'name', 'targets', 'results', 'source', 'starter', 'started', 'duration'] as const;

function HeadRow(): ReactElement {
  const { t } = useTranslation();
  return (
    <div role="rowgroup" className="run-head-group">
      <div className="run-row run-head" role="row" aria-rowindex={1}>
        {columns.map((column) => (
          <span key={column} role="columnheader" className={`col-${column}`}>
            {t(`runs.${column}`)}
          </span>
        ))}
        <span role="columnheader" className="col-actions">
          <span className="unseen">{t('common.actions')}</span>
        </span>
      </div>
    </div>
  );
}

function ListEnd({ list }: { list: RunList }): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="runs-end">
      {list.hasMore ? (
        <Button variant="subtle" size="compact-sm" loading={list.isLoadingMore} onClick={list.loadMore}>
          {t('runs.loadMore')}
        </Button>
      ) : (
        <span className="quiet">{t('runs.end')}</span>
      )}
    </div>
  );
}

/** j and k walk through the rows, Enter opens, Esc lets go; the number of the chosen run. */
function useRowKeys(list: RunList, show: (index: number) => void): number | null {
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<number | null>(null);
  const { rows } = list;
  const place = rows.findIndex((run) => run.no === chosen);
  const step = (by: 1 | -1): boolean => {
    const next = rows[place < 0 ? 0 : place + by];
    if (!next) {
      return false;
    }
    setChosen(next.no);
    show(rows.indexOf(next));
    return true;
  };
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    down: () => step(1),
    up: () => step(-1),
    enter: (event) => {
      const onControl = event.target instanceof HTMLElement && event.target.closest('a,button') !== null;
      if (chosen === null || onControl) {
        return false;
      }
      void navigate({ to: '/runs/$no', params: { no: String(chosen) } });
      return true;
    },
    escape: () => {
      setChosen(null);
      return chosen !== null;
    },
  });
  return chosen;
}
