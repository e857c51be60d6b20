import { Checkbox } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { RowData } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type ReactElement, type ReactNode, type Ref, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useRowHeights } from '../app/density.ts';
import type { DataColumn, DataTableModel } from './use-data-table.ts';
import { useTableKeys } from './use-table-keys.ts';
import './data-table.css';

type DataTableProps<Row extends RowData> = {
  model: DataTableModel<Row>;
  label: string;
  /** Enter on the row that the keys stand on. */
  onOpen: (row: Row) => void;
  /** A row where there is no room for columns: two lines. */
  narrowRow: (row: Row) => ReactNode;
  /** What the row is called, for its tick box; without it rows cannot be ticked. */
  tickLabel?: (row: Row) => string;
  /** The menu at the end of each row. */
  rowActions?: (row: Row) => ReactNode;
  /** A row that is on its way out: its words are quiet. */
  isFaded?: (row: Row) => boolean;
  /** Below the last row. */
  end?: ReactNode;
  scroller?: Ref<HTMLDivElement>;
};

const narrowFrom = 700;

/** A dense table of any length: only the rows in view exist. j and k walk, Enter opens, x ticks, Esc lets go. */
export function DataTable<Row extends RowData>(props: DataTableProps<Row>): ReactElement {
  const { model } = props;
  const box = useRef<HTMLDivElement>(null);
  const { ref: sized, width } = useElementSize<HTMLDivElement>();
  const narrow = width > 0 && width < narrowFrom;
  const columns = narrow ? [] : shownColumns(model, width);
  const rowHeights = useRowHeights();
  const height = narrow ? rowHeights.narrow : rowHeights.wide;
  const above = narrow ? 0 : rowHeights.head;
  // oxlint-disable-next-line react/incompatible-library -- no compiler memoizes here
  const virtual = useVirtualizer({
    count: model.rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => height,
    getItemKey: (index) => idAt(model, index),
    overscan: 10,
    scrollMargin: above,
    scrollPaddingStart: above,
  });
  useEffect(() => virtual.measure(), [height, virtual]);
  const chosen = useTableKeys(model, {
    canTick: props.tickLabel !== undefined,
    show: (index) => virtual.scrollToIndex(index),
    open: props.onOpen,
  });
  const style = { '--data-columns': tracksOf(columns, props), '--data-head': `${rowHeights.head}px` } as CSSProperties;
  return (
    <div className="data-table" ref={useMergedRef(box, sized, props.scroller)} tabIndex={-1} style={style}>
      <div role="table" aria-label={props.label} aria-rowcount={model.rows.length + 1}>
        {!narrow && <HeadRow {...props} columns={columns} />}
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map((item) => {
            const row = model.rows[item.index];
            return (
              row && (
                <BodyRow
                  key={item.key}
                  {...props}
                  {...{ row, columns, narrow }}
                  place={item.index}
                  isChosen={chosen === model.idOf(row)}
                  style={{ transform: `translateY(${item.start - above}px)`, height }}
                />
              )
            );
          })}
        </div>
      </div>
      {props.end}
    </div>
  );
}

function idAt<Row extends RowData>(model: DataTableModel<Row>, index: number): string | number {
  const row = model.rows[index];
  return row === undefined ? index : model.idOf(row);
}

function shownColumns<Row extends RowData>(
  { columns, table }: DataTableModel<Row>,
  width: number,
): readonly DataColumn<Row>[] {
  return columns.filter(
    ({ id, from }) => table.getColumn(id)?.getIsVisible() === true && (from === undefined || width >= from),
  );
}

function tracksOf<Row extends RowData>(
  columns: readonly DataColumn<Row>[],
  { tickLabel, rowActions }: DataTableProps<Row>,
): string {
  return [...(tickLabel ? ['22px'] : []), ...columns.map(({ width }) => width), ...(rowActions ? ['28px'] : [])].join(
    ' ',
  );
}

type PartProps<Row extends RowData> = DataTableProps<Row> & { columns: readonly DataColumn<Row>[] };

function HeadRow<Row extends RowData>(props: PartProps<Row>): ReactElement {
  const { t } = useTranslation();
  const { table } = props.model;
  return (
    <div role="rowgroup" className="data-head-group">
      <div className="data-row data-head" role="row" aria-rowindex={1}>
        {props.tickLabel && (
          <span role="columnheader">
            <Checkbox
              aria-label={t('table.tickAll')}
              checked={table.getIsAllRowsSelected()}
              indeterminate={table.getIsSomeRowsSelected() && !table.getIsAllRowsSelected()}
              onChange={() => table.toggleAllRowsSelected()}
            />
          </span>
        )}
        {props.columns.map((column) => (
          <HeadCell key={column.id} column={column} model={props.model} />
        ))}
        {props.rowActions && (
          <span role="columnheader">
            <span className="unseen">{t('common.actions')}</span>
          </span>
        )}
      </div>
    </div>
  );
}

type HeadCellProps<Row extends RowData> = { column: DataColumn<Row>; model: DataTableModel<Row> };

function HeadCell<Row extends RowData>({ column, model }: HeadCellProps<Row>): ReactElement {
  const { t } = useTranslation();
  const found = model.table.getColumn(column.id);
  const sorted = found?.getIsSorted() ?? false;
  const Arrow = sorted === 'desc' ? IconArrowDown : IconArrowUp;
  const aria = sorted === false ? 'none' : sorted === 'asc' ? 'ascending' : 'descending';
  const className = column.align === 'end' ? 'data-cell data-cell-end' : 'data-cell';
  if (!found?.getCanSort()) {
    return (
      <span role="columnheader" className={className}>
        {column.label}
      </span>
    );
  }
  return (
    <span role="columnheader" className={className} aria-sort={aria}>
      <button
        type="button"
        className="data-sort"
        title={t('table.sortBy', { column: column.label })}
        onClick={() => found.toggleSorting()}
      >
        {column.label}
        {sorted !== false && <Arrow size={12} stroke={2} aria-hidden="true" />}
      </button>
    </span>
  );
}

type BodyRowProps<Row extends RowData> = PartProps<Row> & {
  row: Row;
  place: number;
  narrow: boolean;
  isChosen: boolean;
  style: CSSProperties;
};

function BodyRow<Row extends RowData>(props: BodyRowProps<Row>): ReactElement {
  const { row, model, narrow, isChosen } = props;
  const id = model.idOf(row);
  const classes = ['data-row', ...(narrow ? ['data-row-narrow'] : []), ...(props.isFaded?.(row) ? ['data-faded'] : [])];
  return (
    <div
      className={classes.join(' ')}
      role="row"
      aria-rowindex={props.place + 2}
      aria-selected={isChosen}
      data-row={id}
      style={props.style}
    >
      {props.tickLabel && <TickCell model={model} id={id} label={props.tickLabel(row)} />}
      {narrow ? (
        <span role="cell" className="data-narrow">
          {props.narrowRow(row)}
        </span>
      ) : (
        props.columns.map(({ id: column, cell, align }) => (
          <span
            key={column}
            role="cell"
            className={align === 'end' ? `data-cell data-cell-end data-${column}` : `data-cell data-${column}`}
          >
            {cell(row)}
          </span>
        ))
      )}
      {props.rowActions && (
        <span role="cell" className="data-actions">
          {props.rowActions(row)}
        </span>
      )}
    </div>
  );
}

type TickCellProps<Row extends RowData> = { model: DataTableModel<Row>; id: string; label: string };

/** Shift ticks all rows between. */
function TickCell<Row extends RowData>({ model, id, label }: TickCellProps<Row>): ReactElement {
  const row = model.table.getRow(id, true);
  return (
    <span role="cell" className="data-tick">
      <Checkbox
        aria-label={label}
        checked={row.getIsSelected()}
        onClick={row.getToggleSelectedHandler()}
        onChange={() => {}}
      />
    </span>
  );
}
