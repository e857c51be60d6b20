import { useLocalStorage } from '@mantine/hooks';
import {
  type ColumnDef,
  columnVisibilityFeature,
  createSortedRowModel,
  functionalUpdate,
  type ReactTable,
  type RowData,
  type RowSelectionState,
  rowSelectionFeature,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  type Updater,
  useTable,
} from '@tanstack/react-table';
import { type ReactNode, useMemo, useState } from 'react';
import { compareCells, hiddenColumns, isColumnShown, type TableLayout } from './table-layout.ts';

const features = tableFeatures({
  columnVisibilityFeature,
  rowSortingFeature,
  rowSelectionFeature,
  sortedRowModel: createSortedRowModel(),
});

/** One column of a table. */
export type DataColumn<Row> = {
  readonly id: string;
  readonly label: string;
  /** A track of a CSS grid, such as `88px` or `minmax(120px, 2fr)`. */
  readonly width: string;
  readonly cell: (row: Row) => ReactNode;
  /** What the rows are put in order by; a column without it cannot order them. Null stands last. */
  readonly sortBy?: (row: Row) => string | number | null;
  readonly align?: 'end';
  /** Hidden until somebody asks for it. */
  readonly isExtra?: true;
  /** What the row is called: always there. */
  readonly isName?: true;
  /** There only where the table has this many pixels. */
  readonly from?: number;
};

type DataTableParts<Row> = {
  /** Under which the layout is remembered in this browser. */
  readonly name: string;
  readonly rows: readonly Row[];
  readonly columns: readonly DataColumn<Row>[];
  readonly idOf: (row: Row) => string;
  /** How the rows stand as long as nobody orders them. */
  readonly usualSort?: SortingState;
};

/** The rows as they are ordered and ticked, and the columns as they were chosen. */
export type DataTableModel<Row extends RowData> = {
  readonly table: ReactTable<typeof features, Row>;
  readonly columns: readonly DataColumn<Row>[];
  /** In their order on the screen. */
  readonly rows: readonly Row[];
  readonly idOf: (row: Row) => string;
  /** The ticked rows that are still there, in their order on the screen. */
  readonly ticked: readonly Row[];
  readonly untick: () => void;
  /** Forgets the order and the columns that were chosen. */
  readonly resetLayout: () => void;
};

type Layout = TableLayout & { readonly sort: SortingState | null };

const usualLayout: Layout = { hidden: {}, sort: null };
const noRows: RowSelectionState = {};

/** Orders, ticks and chooses columns of `rows`; order and columns are remembered under `name`. */
export function useDataTable<Row extends RowData>(parts: DataTableParts<Row>): DataTableModel<Row> {
  const { name, rows, columns, idOf, usualSort } = parts;
  const [layout, setLayout] = useLocalStorage<Layout>({ key: `drover-table-${name}`, defaultValue: usualLayout });
  const [selection, setSelection] = useState<RowSelectionState>(noRows);
  const definitions = useMemo(() => columns.map(definitionOf<Row>), [columns]);
  const sorting = layout.sort ?? usualSort ?? noSort;
  const columnVisibility = Object.fromEntries(columns.map((column) => [column.id, isColumnShown(column, layout)]));
  const table = useTable<typeof features, Row>({
    features,
    columns: definitions,
    data: rows as Row[],
    getRowId: idOf,
    enableMultiSort: false,
    enableSortingRemoval: true,
    state: { sorting, columnVisibility, rowSelection: selection },
    onSortingChange: (updater: Updater<SortingState>) =>
      setLayout((before) => ({ ...before, sort: functionalUpdate(updater, sorting) })),
    onColumnVisibilityChange: (updater: Updater<Record<string, boolean>>) => {
      const shown = functionalUpdate(updater, columnVisibility);
      setLayout((before) => ({
        ...before,
        hidden: hiddenColumns(columns, shown),
      }));
    },
    onRowSelectionChange: setSelection,
  });
  const shown = table.getRowModel().rows;
  return {
    table,
    columns,
    rows: useMemo(() => shown.map(({ original }) => original), [shown]),
    idOf,
    ticked: useMemo(
      () => shown.filter(({ id }) => selection[id] === true).map(({ original }) => original),
      [shown, selection],
    ),
    untick: () => setSelection(noRows),
    resetLayout: () => setLayout(usualLayout),
  };
}

const noSort: SortingState = [];

function definitionOf<Row extends RowData>({ id, sortBy }: DataColumn<Row>): ColumnDef<typeof features, Row> {
  return {
    id,
    header: id,
    accessorFn: (row: Row) => sortBy?.(row) ?? undefined,
    enableSorting: sortBy !== undefined,
    sortFn: (a, b, id) => compareCells(a.getValue(id), b.getValue(id)),
    sortUndefined: 'last',
  } as ColumnDef<typeof features, Row>;
}
