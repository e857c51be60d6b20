import { Modal, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { type ReactElement, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DroverError } from '#contract/errors';
import { DataTable } from '../../ui/data-table.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { type DataColumn, useDataTable } from '../../ui/use-data-table.ts';
import { findLicences, type LicenceList, type Licensed, readLicences } from './read-licences.ts';

const idOf = ({ name, version }: Licensed): string => `${name}@${version}`;

const none: LicenceList = { packages: [], texts: [] };

/** What others have made that is part of this program, and under which licence. */
export function LicencesSection(): ReactElement {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [open, setOpen] = useState<Licensed | null>(null);
  const { data, error, isPending } = useQuery<LicenceList, DroverError>({
    queryKey: ['licences'],
    queryFn: () => readLicences(t('settings.licences.missing')),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { packages, texts } = data ?? none;
  const rows = useMemo(() => findLicences(packages, typed), [packages, typed]);
  const columns = useMemo(() => columnsOf(t, setOpen), [t]);
  const model = useDataTable({ name: 'licences', rows, columns, idOf });
  return (
    <div className="settings-table">
      <p className="quiet">{t('settings.licences.intro')}</p>
      {error && <ErrorNotice error={error} />}
      {packages.length > 0 && (
        <div className="settings-tools">
          <TextInput
            type="search"
            aria-label={t('settings.licences.find')}
            placeholder={t('settings.licences.find')}
            value={typed}
            maxLength={200}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          />
          <span className="quiet tabular" role="status">
            {t('settings.licences.count', { count: rows.length })}
          </span>
        </div>
      )}
      {isPending && (
        <p className="unseen" role="status">
          {t('settings.licences.loading')}
        </p>
      )}
      {rows.length > 0 && (
        <DataTable
          model={model}
          label={t('settings.licences.label')}
          onOpen={setOpen}
          narrowRow={(row) => <NarrowLicence row={row} onOpen={setOpen} />}
        />
      )}
      {packages.length > 0 && rows.length === 0 && <p className="quiet">{t('settings.licences.none')}</p>}
      {open && <LicenceDialog row={open} text={texts[open.text ?? -1]} onClose={() => setOpen(null)} />}
    </div>
  );
}

type Opens = (row: Licensed) => void;

const columnsOf = (t: TFunction, onOpen: Opens): readonly DataColumn<Licensed>[] => [
  {
    id: 'name',
    label: t('settings.licences.name'),
    width: 'minmax(140px, 2fr)',
    cell: (row) => <NameButton row={row} onOpen={onOpen} />,
    sortBy: ({ name }) => name,
    isName: true,
  },
  {
    id: 'version',
    label: t('settings.licences.version'),
    width: 'minmax(80px, 1fr)',
    cell: ({ version }) => <span className="tabular">{version}</span>,
  },
  {
    id: 'licence',
    label: t('settings.licences.licence'),
    width: 'minmax(100px, 1fr)',
    cell: ({ licence }) => licence ?? t('settings.licences.unnamed'),
    sortBy: ({ licence }) => licence,
  },
];

type RowProps = { row: Licensed; onOpen: Opens };

function NameButton({ row, onOpen }: RowProps): ReactElement {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      className="licence-name cut"
      title={t('settings.licences.open', { name: row.name })}
      onClick={() => onOpen(row)}
    >
      {row.name}
    </button>
  );
}

function NarrowLicence({ row, onOpen }: RowProps): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <span>
        <NameButton row={row} onOpen={onOpen} />
      </span>
      <span className="quiet">
        <span className="tabular">{row.version}</span>
        <span className="cut">{row.licence ?? t('settings.licences.unnamed')}</span>
      </span>
    </>
  );
}

type DialogProps = { row: Licensed; text: string | undefined; onClose: () => void };

function LicenceDialog({ row, text, onClose }: DialogProps): ReactElement {
  const { t } = useTranslation();
  const { name, version, licence } = row;
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t('settings.licences.title', { name, version })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {text === undefined ? (
        <p>{t('settings.licences.noText', { licence: licence ?? t('settings.licences.unnamed') })}</p>
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a text that scrolls is reached by keyboard
        <pre className="licence-text" tabIndex={0}>
          {text}
        </pre>
      )}
    </Modal>
  );
}
