import { useNavigate } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { type ReactElement, type ReactNode, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Target } from '#contract/target';
import { useCall } from '../../client/use-call.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { targetName } from '../../ui/target-name.ts';
import { Moment } from '../../ui/time.tsx';
import { type DataColumn, type DataTableModel, useDataTable } from '../../ui/use-data-table.ts';
import { AccountCell, JumpCell, LastRunCell, MaintenanceCell, NameCell, NarrowTarget, PlaceCell, ReachCell, TagsCell } from './target-cells.tsx'; // prettier-ignore
import { type LastRuns, useLastRuns } from './use-last-runs.ts';
import { addressText, jumpText, modeText, reachRank } from './target-words.ts';

const idOf = ({ id }: Target): string => id;

type Names = ReadonlyMap<string, string>;

/** This machine has neither an account nor a date of its own. */
const added = ({ createdAt }: Target): ReactNode => (createdAt === 0 ? null : <Moment at={createdAt} />);

const lastRunColumn = 'lastRun';

const columnsOf = (t: TFunction, credentials: Names, last: LastRuns): readonly DataColumn<Target>[] => {
  const credentialOf = ({ credentialId }: Target): string | undefined =>
    credentialId === null ? undefined : (credentials.get(credentialId) ?? credentialId);
  return [
    {
      id: 'name',
      label: t('targets.name'),
      width: 'minmax(120px, 1.6fr)',
      cell: (target) => <NameCell target={target} />,
      sortBy: ({ name }) => targetName(name),
      isName: true,
    },
    {
      id: 'reach',
      label: t('targets.reach'),
      width: 'minmax(190px, 1.9fr)',
      cell: (target) => <ReachCell target={target} />,
      sortBy: reachRank,
    },
    {
      id: 'address',
      label: t('targets.address'),
      width: 'minmax(120px, 1.4fr)',
      cell: (target) => <PlaceCell target={target} />,
      sortBy: (target) => (target.connection === 'local' ? null : addressText(target)),
    },
    {
      id: 'tags',
      label: t('targets.tags'),
      width: 'minmax(90px, 1.4fr)',
      cell: (target) => <TagsCell target={target} />,
      sortBy: ({ tags }) => tags.join(' ') || null,
    },
    {
      id: 'account',
      label: t('targets.account'),
      width: 'minmax(90px, 1.2fr)',
      cell: (target) => <AccountCell target={target} credentialName={credentialOf(target)} />,
      sortBy: (target) => target.user ?? credentialOf(target) ?? null,
      from: 860,
    },
    {
      id: 'maintenance',
      label: t('targets.maintenance'),
      width: '104px',
      cell: (target) => <MaintenanceCell target={target} />,
      sortBy: ({ maintenance }) => (maintenance ? 0 : 1),
      from: 1_000,
    },
    ...plainColumns(t),
    {
      id: lastRunColumn,
      label: t('targets.lastRun'),
      width: '150px',
      cell: ({ id }) => <LastRunCell last={last.get(id)} />,
      sortBy: ({ id }) => last.get(id)?.no ?? null,
      isExtra: true,
    },
  ];
};

const plainColumns = (t: TFunction): readonly DataColumn<Target>[] => [
  { id: 'mode', label: t('targets.mode'), width: '96px', cell: modeText, sortBy: modeText, from: 1_000 },
  {
    id: 'os',
    label: t('targets.os'),
    width: '72px',
    cell: ({ os }) => t(`targets.system.${os}`),
    sortBy: ({ os }) => os,
    from: 1_100,
  },
  {
    id: 'jump',
    label: t('targets.jump'),
    width: 'minmax(100px, 1fr)',
    cell: (target) => <JumpCell target={target} />,
    sortBy: ({ jump }) => jumpText(jump) || null,
    isExtra: true,
  },
  {
    id: 'no',
    label: t('targets.number'),
    width: '64px',
    align: 'end',
    cell: ({ no }) => no,
    sortBy: ({ no }) => no,
    isExtra: true,
  },
  {
    id: 'added',
    label: t('targets.added'),
    width: '190px',
    cell: added,
    sortBy: ({ createdAt }) => createdAt || null,
    isExtra: true,
  },
];

/** Names of the stored credentials by their ids. */
export function useCredentialNames(): Names {
  const { data } = useCall('credential.list', {}, { staleTime: 30_000 });
  return useMemo(() => new Map((data?.credentials ?? []).map(({ id, name }) => [id, name])), [data]);
}

const byName = [{ id: 'name', desc: false }];

export function useTargetTable(rows: readonly Target[]): DataTableModel<Target> {
  const { t } = useTranslation();
  const credentials = useCredentialNames();
  const { last, look } = useLastRuns(rows);
  const columns = useMemo(() => columnsOf(t, credentials, last), [t, credentials, last]);
  const model = useDataTable({ name: 'targets', rows, columns, idOf, usualSort: byName });
  const isShown = model.table.getColumn(lastRunColumn)?.getIsVisible() ?? false;
  useEffect(() => look(isShown), [look, isShown]);
  return model;
}

type TargetTableProps = {
  model: DataTableModel<Target>;
  rowActions: (target: Target) => ReactNode;
  end: ReactNode;
};

export function TargetTable({ model, rowActions, end }: TargetTableProps): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <DataTable
      model={model}
      label={t('targets.listLabel')}
      onOpen={({ id }) => void navigate({ to: '/targets/$target', params: { target: id } })}
      narrowRow={(target) => <NarrowTarget target={target} />}
      tickLabel={({ name }) => t('targets.tick', { name: targetName(name) })}
      rowActions={rowActions}
      end={end}
    />
  );
}
