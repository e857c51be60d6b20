import type { RowData } from '@tanstack/react-table';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from './use-keys.ts';
import type { DataTableModel } from './use-data-table.ts';

type TableKeys<Row> = {
  readonly canTick: boolean;
  /** Brings a row into view, by its place. */
  readonly show: (index: number) => void;
  readonly open: (row: Row) => void;
};

/** j and k walk through the rows, Enter opens, x ticks, Esc lets go; the id of the row the keys stand on. */
export function useTableKeys<Row extends RowData>(
  model: DataTableModel<Row>,
  { canTick, show, open }: TableKeys<Row>,
): string | null {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string | null>(null);
  const { rows, idOf, table, ticked, untick } = model;
  const place = rows.findIndex((row) => idOf(row) === chosen);
  const step = (by: 1 | -1): boolean => {
    const index = place < 0 ? 0 : place + by;
    const next = rows[index];
    if (!next) {
      return false;
    }
    setChosen(idOf(next));
    show(index);
    return true;
  };
  const tick = (): boolean => {
    if (chosen === null || place < 0) {
      return false;
    }
    table.getRow(chosen, true).toggleSelected();
    return true;
  };
  const enter = (event: KeyboardEvent): boolean => {
    const onControl = event.target instanceof HTMLElement && event.target.closest('a,button,input,select') !== null;
    const row = rows[place];
    if (!row || onControl) {
      return false;
    }
    open(row);
    return true;
  };
  const letGo = (): boolean => {
    const held = chosen !== null || ticked.length > 0;
    setChosen(null);
    untick();
    return held;
  };
  useKeys(
    {
      j: { does: t('keys.next'), act: () => step(1) },
      down: { does: t('keys.next'), act: () => step(1) },
      k: { does: t('keys.previous'), act: () => step(-1) },
      up: { does: t('keys.previous'), act: () => step(-1) },
      enter: { does: t('keys.open'), act: enter },
      ...(canTick && { x: { does: t('keys.tick'), act: tick } }),
      escape: { does: t('keys.letGo'), act: letGo },
    },
    { title: t('keys.listTitle') },
  );
  return chosen;
}
