import { IconDots } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '#contract/run';
import { copyText } from '../../ui/copy-text.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, MenuItem, MenuLine } from '../../ui/menu.tsx';
import { KillDialog } from '../run/kill-dialog.tsx';
import { allows, mayHalt, type RerunOffer } from '../run/run-actions.ts';
import { useRunActions } from '../run/use-run-actions.ts';
import { rowOffers } from './bulk-plan.ts';

const againKeys = {
  all: 'runs.againAll',
  failed: 'runs.againFailed',
  timeout: 'runs.againTimeout',
  unreachable: 'runs.againUnreachable',
  'not-started': 'runs.againNotStarted',
} as const satisfies Record<RerunOffer['hosts'], string>;

const linkOf = ({ no }: Run): string => `${window.location.href.split('#')[0]}#/runs/${no}`;

/** What can be done with a run from the list: cancel or kill what has not ended, run again what has. */
export function RowMenu({ run }: { run: Run }): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const actions = useRunActions(run.no);
  const [killing, setKilling] = useState(false);
  const { no } = run;
  return (
    <>
      <Menu
        label={t('runs.actionsOf', { no })}
        align="end"
        trigger={
          <IconButton size={24} label={t('runs.actionsOf', { no })}>
            <IconDots size={16} stroke={1.6} />
          </IconButton>
        }
      >
        {mayHalt(run) && <MenuItem onClick={actions.halt}>{t('stop.halt')}</MenuItem>}
        {allows(run, 'cancel') && <MenuItem onClick={actions.cancel}>{t('runs.cancel')}</MenuItem>}
        {rowOffers(run).map(({ hosts, count }) => (
          <MenuItem key={hosts} onClick={() => actions.rerun(hosts)}>
            {t(againKeys[hosts], { count })}
          </MenuItem>
        ))}
        <MenuItem onClick={() => void navigate({ to: '/quick', search: { from: no } })}>{t('runs.edit')}</MenuItem>
        <MenuItem onClick={() => void navigate({ to: '/runs/$no', params: { no: String(no) } })}>
          {t('runs.open')}
        </MenuItem>
        <MenuItem onClick={() => void copyText(linkOf(run))}>{t('runs.copyLink')}</MenuItem>
        {allows(run, 'kill') && (
          <>
            <MenuLine />
            <MenuItem onClick={() => setKilling(true)}>{t('runs.kill')}</MenuItem>
          </>
        )}
      </Menu>
      {killing && allows(run, 'kill') && (
        <KillDialog no={no} counts={run.counts} onClose={() => setKilling(false)} onKill={actions.kill} />
      )}
    </>
  );
}
