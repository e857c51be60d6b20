import { Button } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { type ReactElement, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Credential } from '#contract/credential';
import { useCall } from '../../client/use-call.ts';
import { ColumnMenu } from '../../ui/column-menu.tsx';
import { copyText } from '../../ui/copy-text.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, MenuItem, MenuLine } from '../../ui/menu.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Ago } from '../../ui/time.tsx';
import { type DataColumn, useDataTable } from '../../ui/use-data-table.ts';
import { InstallDialog, RemoveDialog, UsersDialog } from './credential-dialogs.tsx';
import { CredentialForm } from './credential-form.tsx';
import { useRole } from './use-role.ts';

type Deed = 'edit' | 'remove' | 'install' | 'users';
type Open = { readonly deed: Deed; readonly credential: Credential } | { readonly deed: 'add' } | null;

const idOf = ({ id }: Credential): string => id;

const columnsOf = (t: TFunction): readonly DataColumn<Credential>[] => [
  {
    id: 'name',
    label: t('settings.credentials.name'),
    width: 'minmax(120px, 2fr)',
    cell: ({ name }) => (
      <span className="cut" title={name}>
        {name}
      </span>
    ),
    sortBy: ({ name }) => name,
    isName: true,
  },
  {
    id: 'kind',
    label: t('settings.credentials.kindOf'),
    width: '96px',
    cell: ({ kind }) => t(`settings.credentials.kind.${kind}`),
    sortBy: ({ kind }) => kind,
  },
  {
    id: 'user',
    label: t('settings.credentials.user'),
    width: 'minmax(70px, 1fr)',
    cell: ({ user }) => user ?? t('common.dash'),
    sortBy: ({ user }) => user,
  },
  {
    id: 'fingerprint',
    label: t('settings.credentials.fingerprint'),
    width: 'minmax(120px, 2fr)',
    cell: ({ fingerprint }) => (
      <span className="cut settings-mono" title={fingerprint ?? undefined}>
        {fingerprint ?? t('common.dash')}
      </span>
    ),
    from: 820,
  },
  {
    id: 'usedBy',
    label: t('settings.credentials.usedBy'),
    width: '88px',
    cell: ({ usedBy }) => usedText(t, usedBy),
    sortBy: ({ usedBy }) => usedBy,
  },
  {
    id: 'updated',
    label: t('settings.credentials.updated'),
    width: '96px',
    cell: ({ updatedAt }) => <Ago at={updatedAt} />,
    sortBy: ({ updatedAt }) => updatedAt,
  },
];

const usedText = (t: TFunction, count: number): string =>
  count === 0
    ? t('settings.credentials.notUsed')
    : t(count === 1 ? 'settings.credentials.usedByCount.one' : 'settings.credentials.usedByCount.other', { count });

/** What targets are logged in to with; no secret ever comes back. */
export function CredentialsSection(): ReactElement {
  const { t } = useTranslation();
  const { data, error, isPending } = useCall('credential.list', {}, { staleTime: 0 });
  const { mayEdit } = useRole();
  const [open, setOpen] = useState<Open>(null);
  const rows = data?.credentials ?? none;
  const model = useDataTable({ name: 'credentials', rows, columns: useMemo(() => columnsOf(t), [t]), idOf });
  const close = (): void => setOpen(null);
  const add = mayEdit && <Button onClick={() => setOpen({ deed: 'add' })}>{t('settings.credentials.add')}</Button>;
  return (
    <div className="settings-table">
      {error && <ErrorNotice error={error} />}
      {rows.length > 0 && (
        <div className="settings-tools">
          {add}
          <ColumnMenu model={model} />
        </div>
      )}
      {rows.length === 0 && !isPending && !error && (
        <EmptyState title={t('settings.credentials.none')} text={t('settings.credentials.noneNext')}>
          {add}
        </EmptyState>
      )}
      {rows.length > 0 && (
        <DataTable
          model={model}
          label={t('settings.credentials.label')}
          onOpen={(credential) => mayEdit && setOpen({ deed: 'edit', credential })}
          narrowRow={(credential) => <NarrowCredential credential={credential} />}
          rowActions={(credential) => (
            <CredentialMenu {...{ credential, mayEdit }} onDeed={(deed) => setOpen({ deed, credential })} />
          )}
        />
      )}
      <OpenDialog open={open} onClose={close} />
    </div>
  );
}

const none: readonly Credential[] = [];

function OpenDialog({ open, onClose }: { open: Open; onClose: () => void }): ReactElement | null {
  switch (open?.deed) {
    case undefined:
      return null;
    case 'add':
      return <CredentialForm credential={null} onClose={onClose} />;
    case 'edit':
      return <CredentialForm credential={open.credential} onClose={onClose} />;
    case 'remove':
      return <RemoveDialog credential={open.credential} onClose={onClose} />;
    case 'install':
      return <InstallDialog credential={open.credential} onClose={onClose} />;
    case 'users':
      return <UsersDialog credential={open.credential} onClose={onClose} />;
  }
}

function NarrowCredential({ credential }: { credential: Credential }): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <span>
        <span className="cut">{credential.name}</span>
        <span className="quiet">{t(`settings.credentials.kind.${credential.kind}`)}</span>
      </span>
      <span className="quiet">
        <span className="cut">{credential.user ?? t('common.dash')}</span>
        <span>{usedText(t, credential.usedBy)}</span>
      </span>
    </>
  );
}

type MenuProps = { credential: Credential; mayEdit: boolean; onDeed: (deed: Deed) => void };

function CredentialMenu({ credential, mayEdit, onDeed }: MenuProps): ReactElement {
  const { t } = useTranslation();
  const label = t('settings.credentials.actionsOf', { name: credential.name });
  const { publicKey } = credential;
  return (
    <Menu
      label={label}
      align="end"
      trigger={
        <IconButton size={24} label={label}>
          <IconDots size={16} stroke={1.6} />
        </IconButton>
      }
    >
      {mayEdit && <MenuItem onClick={() => onDeed('edit')}>{t('settings.credentials.edit')}</MenuItem>}
      {publicKey !== null && (
        <>
          <MenuItem onClick={() => void copyText(publicKey, t('settings.credentials.copiedPublic'))}>
            {t('settings.credentials.copyPublic')}
          </MenuItem>
          <MenuItem onClick={() => onDeed('install')}>{t('settings.credentials.install')}</MenuItem>
        </>
      )}
      <MenuItem onClick={() => onDeed('users')}>{t('settings.credentials.showTargets')}</MenuItem>
      {mayEdit && <MenuLine />}
      {mayEdit && <MenuItem onClick={() => onDeed('remove')}>{t('settings.credentials.remove')}</MenuItem>}
    </Menu>
  );
}
