import { IconDots } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '#contract/run';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { allows } from '../run/run-actions.ts';
import { useRunActions } from '../run/use-run-actions.ts';

/** What can be done with a run from the list: cancel what has not ended, run again what has. */
export function RowMenu({ run }: { run: Run }): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const actions = useRunActions(run.no);
  return (
    <Menu
      label={t('runs.actionsOf', { no: run.no })}
      align="end"
      trigger={
        <IconButton size={24} label={t('runs.actionsOf', { no: run.no })}>
          <IconDots size={16} stroke={1.6} />
        </IconButton>
      }
    >
      {allows(run, 'cancel') && <MenuItem onClick={actions.cancel}>{t('runs.cancel')}</MenuItem>}
      {allows(run, 'rerun') && <MenuItem onClick={() => actions.rerun('all')}>{t('runs.again')}</MenuItem>}
      <MenuItem onClick={() => void navigate({ to: '/quick', search: { from: run.no } })}>{t('runs.edit')}</MenuItem>
      <MenuItem onClick={() => void navigate({ to: '/runs/$no', params: { no: String(run.no) } })}>
        {t('runs.open')}
      </MenuItem>
    </Menu>
  );
}
