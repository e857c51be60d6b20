import { Button, Checkbox } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import type { RowData } from '@tanstack/react-table';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Dropdown } from './dropdown.tsx';
import { IconButton } from './icon-button.tsx';
import type { DataTableModel } from './use-data-table.ts';

/** Which columns a table shows. */
export function ColumnMenu<Row extends RowData>({ model }: { model: DataTableModel<Row> }): ReactElement {
  const { t } = useTranslation();
  return (
    <Dropdown
      role="dialog"
      label={t('table.columns')}
      align="end"
      trigger={
        <IconButton className="wide-only" label={t('table.columns')}>
          <IconColumns3 size={16} stroke={1.6} />
        </IconButton>
      }
    >
      <div className="data-columns" role="group" aria-label={t('table.columns')}>
        {model.columns
          .filter(({ isName }) => !isName)
          .map(({ id, label }) => {
            const column = model.table.getColumn(id);
            return (
              <Checkbox
                key={id}
                label={label}
                checked={column?.getIsVisible() ?? false}
                onChange={() => column?.toggleVisibility()}
              />
            );
          })}
        <Button variant="subtle" size="compact-xs" color="gray" onClick={model.resetLayout}>
          {t('table.reset')}
        </Button>
      </div>
    </Dropdown>
  );
}
