import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconChevronDown, IconPencil, IconPlayerStop, IconRefresh, IconSkull } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HostRow, Run, RunDetail } from '#contract/run';
import { useConnection } from '../../client/use-connection.ts';
import { copyText } from '../../ui/copy-text.ts';
import { Menu, MenuItem, MenuLine } from '../../ui/menu.tsx';
import { whereOf } from '../../ui/where-of.ts';
import { commandLineOf, startCurlOf } from './copy-as.ts';
import { KillDialog } from './kill-dialog.tsx';
import { allows, rerunOffers, type RerunOffer } from './run-actions.ts';
import { StopMenu } from './stop-menu.tsx';
import { type RunActions, useRunActions } from './use-run-actions.ts';

type ButtonsProps = { run: Run; detail: RunDetail | undefined; hosts: readonly HostRow[] };

const glyph = { size: 15, stroke: 1.6, 'aria-hidden': true } as const;

export function RunButtons({ run, detail, hosts }: ButtonsProps): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const narrow = useMediaQuery('(max-width: 760px)') ?? false;
  const actions = useRunActions(run.no);
  const [killing, setKilling] = useState(false);
  const rest = {
    run,
    actions,
    onEdit: () => void navigate({ to: '/quick', search: { from: run.no } }),
    onKill: () => setKilling(true),
  };
  return (
    <div className="run-buttons">
      {allows(run, 'cancel') && <CancelButton {...rest} />}
      {!narrow && <WideButtons {...rest} />}
      <Menu
        label={t('common.actions')}
        align="end"
        trigger={
          <Button variant="default" rightSection={<IconChevronDown {...glyph} />}>
            {t('common.actions')}
          </Button>
        }
      >
        {narrow && <FoldedButtons {...rest} />}
        <CopyItems detail={detail} hosts={hosts} />
      </Menu>
      {/* Apart from the others: it cannot be taken back. */}
      {!narrow && <KillButton {...rest} />}
      {killing && allows(run, 'kill') && (
        <KillDialog no={run.no} counts={run.counts} onClose={() => setKilling(false)} onKill={actions.kill} />
      )}
    </div>
  );
}

type RestProps = { run: Run; actions: RunActions; onEdit: () => void; onKill: () => void };

/** One click asks everything to stop; beside it stand the levels of a stop. */
function CancelButton({ run, actions, onKill }: RestProps): ReactElement {
  const { t } = useTranslation();
  return (
    <span className="stop-buttons">
      <Button
        variant="default"
        leftSection={<IconPlayerStop {...glyph} />}
        title={`${t('run.cancelTargets', { count: run.counts.running })} ${t('run.cancelSkips', { count: run.counts.pending })}`}
        onClick={actions.cancel}
      >
        {t('run.cancel')}
      </Button>
      {run.status === 'running' && <StopMenu {...{ run, actions, onKill }} />}
    </span>
  );
}

function WideButtons({ run, actions, onEdit }: RestProps): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      {allows(run, 'rerun') && <AgainButton run={run} actions={actions} />}
      <Button variant="default" leftSection={<IconPencil {...glyph} />} onClick={onEdit}>
        {t('run.edit')}
      </Button>
    </>
  );
}

function KillButton({ run, onKill }: RestProps): ReactElement | null {
  const { t } = useTranslation();
  if (!allows(run, 'kill')) {
    return null;
  }
  return (
    <Button
      className="kill-button"
      variant="default"
      leftSection={<IconSkull {...glyph} />}
      title={t('run.killHint', { count: run.counts.running })}
      onClick={onKill}
    >
      {t('run.kill')}
    </Button>
  );
}

/** The same where there is no room for buttons. */
function FoldedButtons({ run, actions, onEdit, onKill }: RestProps): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      {allows(run, 'rerun') && <AgainItems run={run} actions={actions} />}
      <MenuItem onClick={onEdit}>{t('run.edit')}</MenuItem>
      {allows(run, 'kill') && <MenuItem onClick={onKill}>{t('run.kill')}</MenuItem>}
      <MenuLine />
    </>
  );
}

type AgainProps = { run: Run; actions: RunActions };

/** One click starts again; with several targets the choices stand in a menu. */
function AgainButton({ run, actions }: AgainProps): ReactElement {
  const { t } = useTranslation();
  const offers = rerunOffers(run);
  if (offers.length === 1) {
    return (
      <Button leftSection={<IconRefresh {...glyph} />} disabled={actions.isBusy} onClick={() => actions.rerun('all')}>
        {t('run.again')}
      </Button>
    );
  }
  return (
    <Menu
      label={t('run.again')}
      align="end"
      trigger={
        <Button leftSection={<IconRefresh {...glyph} />} rightSection={<IconChevronDown {...glyph} />}>
          {t('run.again')}
        </Button>
      }
    >
      <AgainItems run={run} actions={actions} />
    </Menu>
  );
}

const againKeys = {
  all: 'run.againAll',
  failed: 'run.againFailed',
  timeout: 'run.againTimeout',
  unreachable: 'run.againUnreachable',
  'not-started': 'run.againNotStarted',
} as const satisfies Record<RerunOffer['hosts'], string>;

function AgainItems({ run, actions }: AgainProps): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      {rerunOffers(run).map(({ hosts, count }) => (
        <MenuItem key={hosts} onClick={() => actions.rerun(hosts)}>
          {t(againKeys[hosts], { count })}
        </MenuItem>
      ))}
    </>
  );
}

function CopyItems({ detail, hosts }: Pick<ButtonsProps, 'detail' | 'hosts'>): ReactElement {
  const { t } = useTranslation();
  const { node } = useConnection();
  const dataFolder = node?.dataFolder ?? '.';
  // Only the whole list tells whether machines were named by address.
  const known = detail && hosts.length === detail.run.counts.total ? detail : null;
  const place = (run: Run) => ({ dataFolder, where: whereOf(run, hosts) });
  return (
    <>
      <MenuItem onClick={() => void copyText(window.location.href)}>{t('run.copyLink')}</MenuItem>
      {known && (
        <>
          <MenuItem onClick={() => void copyText(commandLineOf(known, place(known.run)))}>{t('run.copyCli')}</MenuItem>
          <MenuItem onClick={() => void copyText(startCurlOf(known, place(known.run)))}>{t('run.copyCurl')}</MenuItem>
        </>
      )}
    </>
  );
}
