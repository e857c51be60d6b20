import { Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { type ReactElement, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionRow } from '#contract/node';
import { client, queries } from '../../client/index.ts';
import { useAct, useCall } from '../../client/use-call.ts';
import { copyText } from '../../ui/copy-text.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { tell } from '../../ui/tell.ts';
import { Ago, Moment } from '../../ui/time.tsx';
import { type DataColumn, useDataTable } from '../../ui/use-data-table.ts';
import { browserOf } from './browser-of.ts';
import { CommandLine } from './command-line.tsx';
import { useRole } from './use-role.ts';

const idOf = ({ id }: SessionRow): string => id;
const none: readonly SessionRow[] = [];

const columnsOf = (t: TFunction): readonly DataColumn<SessionRow>[] => [
  {
    id: 'browser',
    label: t('settings.sessions.browser'),
    width: 'minmax(140px, 2fr)',
    cell: (row) => <BrowserCell row={row} />,
    sortBy: ({ agent }) => browserOf(agent),
    isName: true,
  },
  {
    id: 'address',
    label: t('settings.sessions.address'),
    width: 'minmax(100px, 1fr)',
    cell: ({ address }) => address,
    sortBy: ({ address }) => address,
  },
  {
    id: 'created',
    label: t('settings.sessions.created'),
    width: '100px',
    cell: ({ createdAt }) => <Ago at={createdAt} />,
    sortBy: ({ createdAt }) => createdAt,
  },
  {
    id: 'seen',
    label: t('settings.sessions.seen'),
    width: '100px',
    cell: ({ lastSeenAt }) => <Ago at={lastSeenAt} />,
    sortBy: ({ lastSeenAt }) => lastSeenAt,
  },
  {
    id: 'expires',
    label: t('settings.sessions.expires'),
    width: '170px',
    cell: ({ expiresAt }) => <Moment at={expiresAt} />,
    sortBy: ({ expiresAt }) => expiresAt,
    from: 760,
  },
];

function BrowserCell({ row }: { row: SessionRow }): ReactElement {
  const { t } = useTranslation();
  return (
    <span className="cut" title={row.agent}>
      {row.current ? `${browserOf(row.agent)} · ${t('settings.sessions.current')}` : browserOf(row.agent)}
    </span>
  );
}

/** Browsers that are signed in, and the way to end that. */
export function SessionsSection(): ReactElement {
  const { t } = useTranslation();
  const { data, error, isPending } = useCall('session.list', {});
  const revoke = useAct('session.revoke');
  const rows = data?.sessions ?? none;
  const model = useDataTable({ name: 'sessions', rows, columns: useMemo(() => columnsOf(t), [t]), idOf });
  const others = rows.filter(({ current }) => !current);
  const again = (): void => void queries.invalidateQueries({ queryKey: ['session.list'] });
  const endOthers = async (): Promise<void> => {
    const ended = await Promise.allSettled(others.map(({ id }) => client.call('session.revoke', { id })));
    again();
    tell({
      message: t('settings.sessions.ended', { count: ended.filter(({ status }) => status === 'fulfilled').length }),
    });
  };
  const failure = error ?? revoke.error;
  return (
    <div className="settings-table">
      {failure && <ErrorNotice error={failure} />}
      <NewLink />
      {others.length > 0 && (
        <div className="settings-tools">
          <Button variant="default" onClick={() => void endOthers()}>
            {others.length === rows.length ? t('settings.sessions.endAll') : t('settings.sessions.endOthers')}
          </Button>
        </div>
      )}
      {rows.length === 0 && !isPending && !error && (
        <EmptyState title={t('settings.sessions.none')} text={t('settings.sessions.noneNext')} />
      )}
      {rows.length > 0 && (
        <DataTable
          model={model}
          label={t('settings.sessions.label')}
          onOpen={() => {}}
          narrowRow={(row) => (
            <>
              <BrowserCell row={row} />
              <span className="quiet">
                <span>{row.address}</span>
                <Ago at={row.lastSeenAt} />
              </span>
            </>
          )}
          rowActions={(row) => (
            <IconButton
              size={24}
              label={t('settings.sessions.endOf', { browser: browserOf(row.agent) })}
              onClick={() => revoke.mutate({ id: row.id }, { onSettled: again })}
            >
              <IconX size={15} stroke={1.6} />
            </IconButton>
          )}
        />
      )}
    </div>
  );
}

/** A link signs a browser in, so only the owner makes one. */
function NewLink(): ReactElement {
  const { t } = useTranslation();
  const { isOwner } = useRole();
  const act = useAct('session.link');
  if (!isOwner) {
    return (
      <p className="settings-owner quiet">
        {t('settings.sessions.ownerLink')} <CommandLine command="drover link" />
      </p>
    );
  }
  const url = act.data?.url;
  return (
    <div className="settings-block">
      <div className="settings-buttons">
        <Button variant="default" loading={act.isPending} onClick={() => act.mutate({})}>
          {t('settings.sessions.link')}
        </Button>
        {url !== undefined && <Button onClick={() => void copyText(url)}>{t('settings.sessions.copyLink')}</Button>}
        <span className="quiet">{t('settings.sessions.linkText')}</span>
      </div>
      {act.error && <ErrorNotice error={act.error} />}
    </div>
  );
}
