import { Button } from '@mantine/core';
import { IconChevronDown, IconCopy, IconPlayerStop, IconRefresh, IconX } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '#contract/run';
import { copyText } from '../../ui/copy-text.ts';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import type { DataTableModel } from '../../ui/use-data-table.ts';
import { BulkDialog } from './bulk-dialog.tsx';
import { bulkPlan, numbersText } from './bulk-plan.ts';
import { useBulk } from './use-bulk.ts';
import type { RunList } from './use-run-list.ts';

type BulkBarProps = { model: DataTableModel<Run>; list: RunList };

const glyph = { size: 14, stroke: 1.6, 'aria-hidden': true } as const;

/** What can be done with the ticked runs, and what the ticks cover. */
export function BulkBar({ model, list }: BulkBarProps): ReactElement | null {
  const { t } = useTranslation();
  const { ticked, untick } = model;
  const bulk = useBulk(ticked);
  const count = ticked.length;
  const cancelling = bulkPlan('cancel', ticked).runs.length;
  return (
    <>
      {count > 0 && (
        <div className="bulk-bar" role="toolbar" aria-label={t('bulk.label')}>
          <strong className="tabular">{t('bulk.ticked', { count })}</strong>
          {cancelling > 0 && (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconPlayerStop {...glyph} />}
              onClick={() => bulk.propose('cancel')}
            >
              {t('bulk.cancel', { count: cancelling })}
            </Button>
          )}
          <AgainMenu ticked={ticked} propose={bulk.propose} />
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconCopy {...glyph} />}
            onClick={() => void copyText(numbersText(ticked))}
          >
            {t('bulk.copyNumbers')}
          </Button>
          <Button size="compact-sm" variant="subtle" color="gray" leftSection={<IconX {...glyph} />} onClick={untick}>
            {t('bulk.untick')}
          </Button>
          <Coverage model={model} list={list} />
        </div>
      )}
      <BulkDialog bulk={bulk} onDone={untick} />
    </>
  );
}

type AgainProps = { ticked: readonly Run[]; propose: (kind: 'all' | 'failed') => void };

function AgainMenu({ ticked, propose }: AgainProps): ReactElement | null {
  const { t } = useTranslation();
  const all = bulkPlan('all', ticked).runs.length;
  const failed = bulkPlan('failed', ticked).runs.length;
  if (all === 0) {
    return null;
  }
  return (
    <Menu
      label={t('bulk.again')}
      trigger={
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconRefresh {...glyph} />}
          rightSection={<IconChevronDown {...glyph} />}
        >
          {t('bulk.again')}
        </Button>
      }
    >
      <MenuItem onClick={() => propose('all')}>{t('bulk.againAll', { count: all })}</MenuItem>
      {failed > 0 && <MenuItem onClick={() => propose('failed')}>{t('bulk.againFailed', { count: failed })}</MenuItem>}
    </Menu>
  );
}

/** A tick on all rows covers what is loaded, and says so. */
function Coverage({ model, list }: BulkBarProps): ReactElement | null {
  const { t } = useTranslation();
  const count = model.ticked.length;
  if (count < 2 || count < model.rows.length) {
    return null;
  }
  if (list.next === null) {
    return <span className="quiet">{t('bulk.allThere', { count })}</span>;
  }
  return (
    <span className="quiet">
      {t('bulk.allLoaded', { count })}{' '}
      <Button size="compact-xs" variant="subtle" loading={list.isLoadingMore} onClick={list.loadMore}>
        {t('bulk.loadMore')}
      </Button>
    </span>
  );
}
