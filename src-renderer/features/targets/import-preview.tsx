import { Button } from '@mantine/core';
import type { TFunction } from 'i18next';
import { type ReactElement, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportRow } from '#contract/target';
import { ChoiceBar } from '../../ui/choice-bar.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { type DataColumn, useDataTable } from '../../ui/use-data-table.ts';
import { countKinds, importKinds } from './import-draft.ts';
import type { Import, Imported } from './use-import.ts';

/** What the text would change, before anything is written. */
export function ImportPreview({ theImport }: { theImport: Import }): ReactElement {
  const { t } = useTranslation();
  const { preview } = theImport;
  if (!preview) {
    return <p className="quiet import-nothing">{t('targets.importNothing')}</p>;
  }
  return <Found theImport={theImport} preview={preview} />;
}

type Shown = ImportRow['kind'] | 'all';

function Found({ theImport, preview }: { theImport: Import; preview: Imported }): ReactElement {
  const { t } = useTranslation();
  const [shown, setShown] = useState<Shown>('all');
  const counts = useMemo(() => countKinds(preview.rows), [preview]);
  const rows = useMemo(() => preview.rows.map((row, place) => ({ ...row, place })), [preview]);
  const kind = shown === 'all' || counts[shown] > 0 ? shown : 'all';
  const listed = useMemo(() => (kind === 'all' ? rows : rows.filter((row) => row.kind === kind)), [rows, kind]);
  const toWrite = counts.new + counts.changed;
  return (
    <>
      <div className="import-bar">
        <ChoiceBar<Shown>
          label={t('targets.kinds')}
          value={kind}
          choices={[
            { value: 'all', label: t('targets.allRows', { count: rows.length }) },
            ...importKinds
              .filter((one) => counts[one] > 0)
              .map((one) => ({ value: one, label: t(`targets.kindCount.${one}`, { count: counts[one] }) })),
          ]}
          onChange={setShown}
        />
        <span className="quiet">{t(`targets.formats.${preview.format}`)}</span>
        <Button
          className="import-apply"
          disabled={toWrite === 0 || theImport.isOld || theImport.problems.length > 0}
          loading={theImport.isApplying}
          onClick={theImport.apply}
        >
          {toWrite === 0 ? t('targets.nothingToWrite') : t('targets.write', { count: toWrite })}
        </Button>
      </div>
      <Notes notes={preview.notes} />
      <div className={theImport.isOld ? 'import-rows import-rows-old' : 'import-rows'} aria-busy={theImport.isOld}>
        <Rows rows={listed} />
      </div>
    </>
  );
}

/** What the text says and Drover does not use. */
function Notes({ notes }: { notes: readonly string[] }): ReactElement | null {
  const { t } = useTranslation();
  return notes.length === 0 ? null : (
    <details className="import-notes">
      <summary>{t('targets.notes', { count: notes.length })}</summary>
      <ul>
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </details>
  );
}

type PlacedRow = ImportRow & { readonly place: number };

const idOf = ({ place }: PlacedRow): string => String(place);

function Rows({ rows }: { rows: readonly PlacedRow[] }): ReactElement {
  const { t } = useTranslation();
  const columns = useMemo(() => columnsOf(t), [t]);
  const model = useDataTable({ name: 'import', rows, columns, idOf });
  return (
    <DataTable
      model={model}
      label={t('targets.previewLabel')}
      onOpen={() => {}}
      narrowRow={(row) => <NarrowRow row={row} />}
    />
  );
}

const columnsOf = (t: TFunction): readonly DataColumn<PlacedRow>[] => [
  {
    id: 'kind',
    label: t('targets.what'),
    width: '76px',
    cell: (row) => <Kind row={row} />,
    sortBy: ({ kind }) => importKinds.indexOf(kind),
    isName: true,
  },
  {
    id: 'line',
    label: t('targets.line'),
    width: '48px',
    align: 'end',
    cell: ({ line }) => (line > 0 ? line : ''),
    sortBy: ({ line }) => line,
  },
  {
    id: 'name',
    label: t('targets.name'),
    width: 'minmax(90px, 1.2fr)',
    cell: ({ name }) => <span title={name}>{name}</span>,
    sortBy: ({ name }) => name,
    isName: true,
  },
  {
    id: 'address',
    label: t('targets.address'),
    width: 'minmax(90px, 1.1fr)',
    cell: ({ address }) => (
      <span className="mono" title={address}>
        {address}
      </span>
    ),
    sortBy: ({ address }) => address,
  },
  {
    id: 'user',
    label: t('targets.field.user'),
    width: 'minmax(60px, 0.6fr)',
    cell: ({ user }) => user,
    sortBy: ({ user }) => user,
  },
  {
    id: 'become',
    label: t('targets.field.become'),
    width: 'minmax(60px, 0.5fr)',
    cell: ({ become }) => become,
    sortBy: ({ become }) => become,
  },
  {
    id: 'message',
    label: t('targets.why'),
    width: 'minmax(120px, 2fr)',
    cell: ({ message }) => <span title={message}>{message}</span>,
  },
];

function Kind({ row: { kind } }: { row: ImportRow }): ReactElement {
  const { t } = useTranslation();
  return <span className={`kind kind-${kind}`}>{t(`targets.kind.${kind}`)}</span>;
}

function NarrowRow({ row }: { row: PlacedRow }): ReactElement {
  return (
    <>
      <span>
        <Kind row={row} />
        <span className="cut">{row.name}</span>
        <span className="mono cut">{row.address}</span>
      </span>
      <span>
        <span className="cut" title={row.message}>
          {[row.user, row.become, row.message].filter((text) => text !== null && text !== '').join(' · ')}
        </span>
      </span>
    </>
  );
}
