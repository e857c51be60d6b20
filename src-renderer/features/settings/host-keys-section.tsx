import { Button, TextInput } from '@mantine/core';
import type { TFunction } from 'i18next';
import { type ReactElement, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HostKey } from '#contract/host-key';
import { useCall } from '../../client/use-call.ts';
import { ChoiceBar } from '../../ui/choice-bar.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Ago } from '../../ui/time.tsx';
import { type DataColumn, useDataTable } from '../../ui/use-data-table.ts';
import { AcceptDialog, ForgetDialog, machineOf } from './host-key-dialogs.tsx';
import { useRole } from './use-role.ts';

type Which = HostKey['state'];

const idOf = ({ id }: HostKey): string => id;
const none: readonly HostKey[] = [];

const columnsOf = (t: TFunction): readonly DataColumn<HostKey>[] => [
  {
    id: 'address',
    label: t('settings.hostKeys.address'),
    width: 'minmax(120px, 2fr)',
    cell: (key) => (
      <span className="cut" title={machineOf(key)}>
        {machineOf(key)}
      </span>
    ),
    sortBy: machineOf,
    isName: true,
  },
  {
    id: 'type',
    label: t('settings.hostKeys.type'),
    width: 'minmax(80px, 1fr)',
    cell: ({ type }) => <span className="cut">{type}</span>,
    sortBy: ({ type }) => type,
  },
  {
    id: 'fingerprint',
    label: t('settings.hostKeys.fingerprint'),
    width: 'minmax(160px, 3fr)',
    cell: ({ fingerprint }) => (
      <span className="cut settings-mono" title={fingerprint}>
        {fingerprint}
      </span>
    ),
  },
  {
    id: 'state',
    label: t('settings.hostKeys.state'),
    width: 'minmax(110px, 1fr)',
    cell: (key) => <StateText hostKey={key} />,
    sortBy: ({ replaces }) => (replaces === null ? 1 : 0),
  },
  {
    id: 'seen',
    label: t('settings.hostKeys.seen'),
    width: '92px',
    cell: ({ seenAt }) => <Ago at={seenAt} />,
    sortBy: ({ seenAt }) => seenAt,
  },
];

function StateText({ hostKey }: { hostKey: HostKey }): ReactElement {
  const { t } = useTranslation();
  const { state, replaces, acceptedBy } = hostKey;
  if (state === 'offered') {
    return replaces === null ? (
      <span>{t('settings.hostKeys.new')}</span>
    ) : (
      <strong className="settings-danger">{t('settings.hostKeys.changed')}</strong>
    );
  }
  return (
    <span className="cut">
      {acceptedBy === null ? t('settings.hostKeys.trusted') : t('settings.hostKeys.trustedBy', { name: acceptedBy })}
    </span>
  );
}

/** Keys that machines have shown: those that wait for a person, and those that are trusted. */
export function HostKeysSection(): ReactElement {
  const { t } = useTranslation();
  const [which, setWhich] = useState<Which>('offered');
  const [typed, setTyped] = useState('');
  const [dialog, setDialog] = useState<Deed | null>(null);
  const { data, error, isPending } = useCall('hostkey.list', { state: which });
  const { mayEdit } = useRole();
  const all = data?.keys ?? none;
  const rows = useMemo(() => all.filter((key) => fits(key, typed)), [all, typed]);
  const model = useDataTable({ name: `host-keys-${which}`, rows, columns: useMemo(() => columnsOf(t), [t]), idOf });
  const close = (): void => {
    setDialog(null);
    model.untick();
  };
  return (
    <div className="settings-table">
      {error && <ErrorNotice error={error} />}
      <div className="settings-tools">
        <ChoiceBar
          label={t('settings.hostKeys.which')}
          value={which}
          choices={(['offered', 'accepted'] as const).map((value) => ({
            value,
            label: t(`settings.hostKeys.${value}`),
          }))}
          onChange={(next) => {
            model.untick();
            setWhich(next);
          }}
        />
        <TextInput
          type="search"
          aria-label={t('settings.hostKeys.find')}
          placeholder={t('settings.hostKeys.find')}
          value={typed}
          maxLength={300}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <Deeds {...{ which }} count={mayEdit ? model.ticked.length : 0} onDeed={setDialog} />
      </div>
      {rows.length === 0 && !isPending && !error && <NothingThere {...{ which, typed }} />}
      {rows.length > 0 && (
        <DataTable
          model={model}
          label={t('settings.hostKeys.label')}
          onOpen={(key) => model.table.getRow(key.id).toggleSelected()}
          tickLabel={(key) => t('settings.hostKeys.tick', { address: machineOf(key) })}
          narrowRow={(key) => <NarrowKey hostKey={key} />}
        />
      )}
      {dialog !== null && <KeyDialog deed={dialog} keys={model.ticked} onClose={close} />}
    </div>
  );
}

type Deed = 'accept' | 'forget';

function KeyDialog({ deed, ...rest }: { deed: Deed; keys: readonly HostKey[]; onClose: () => void }): ReactElement {
  return deed === 'accept' ? <AcceptDialog {...rest} /> : <ForgetDialog {...rest} />;
}

type DeedsProps = { which: Which; count: number; onDeed: (deed: Deed) => void };

function Deeds({ which, count, onDeed }: DeedsProps): ReactElement | null {
  const { t } = useTranslation();
  if (count === 0) {
    return null;
  }
  return (
    <>
      {which === 'offered' && (
        <Button onClick={() => onDeed('accept')}>{t('settings.hostKeys.accept', { count })}</Button>
      )}
      <Button variant="default" onClick={() => onDeed('forget')}>
        {t('settings.hostKeys.remove', { count })}
      </Button>
    </>
  );
}

function fits(key: HostKey, typed: string): boolean {
  const text = `${machineOf(key)} ${key.fingerprint} ${key.type}`.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function NothingThere({ which, typed }: { which: Which; typed: string }): ReactElement {
  const { t } = useTranslation();
  if (typed.trim() !== '') {
    return <EmptyState title={t('settings.hostKeys.noMatch')} text={t('settings.hostKeys.noMatchNext')} />;
  }
  return which === 'offered' ? (
    <EmptyState title={t('settings.hostKeys.noneOffered')} text={t('settings.hostKeys.noneOfferedNext')} />
  ) : (
    <EmptyState title={t('settings.hostKeys.noneAccepted')} text={t('settings.hostKeys.noneAcceptedNext')} />
  );
}

function NarrowKey({ hostKey }: { hostKey: HostKey }): ReactElement {
  return (
    <>
      <span>
        <span className="cut">{machineOf(hostKey)}</span>
        <StateText hostKey={hostKey} />
      </span>
      <span className="quiet">
        <span className="cut settings-mono">{hostKey.fingerprint}</span>
      </span>
    </>
  );
}
