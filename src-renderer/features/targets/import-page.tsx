import { Button, NativeSelect, Textarea } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import i18next from 'i18next';
import { type DragEvent, type ReactElement, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useConnection } from '../../client/use-connection.ts';
import { ErrorNotice } from '../../ui/notice.tsx';
import { tell } from '../../ui/tell.ts';
import { useKeys } from '../../ui/use-keys.ts';
import { ImportDefaults } from './import-defaults.tsx';
import { formats } from './import-draft.ts';
import { ImportPreview } from './import-preview.tsx';
import { ImportResult } from './import-result.tsx';
import { ImportSources } from './import-sources.tsx';
import { TargetCrumbs } from './target-crumbs.tsx';
import { type Import, useImport } from './use-import.ts';
import './target-form.css';
import './target-page.css';
import './targets.css';
import './import.css';

/** Many targets from a text: pasted addresses, an SSH configuration, an Ansible inventory. */
export function ImportPage(): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const theImport = useImport();
  useKeys({}, { typing: { 'mod+enter': { does: t('targets.importSave'), act: theImport.apply } } });
  return (
    <article className="target-page import-page">
      <header className="target-head">
        <TargetCrumbs />
        <h1>{t('targets.importTitle')}</h1>
      </header>
      {theImport.done ? (
        <ImportResult
          done={theImport.done}
          onMore={theImport.startAnew}
          onList={() => void navigate({ to: '/targets' })}
        />
      ) : (
        <div className="import-body">
          <div className="import-source">
            <SourceText theImport={theImport} />
            <ImportDefaults draft={theImport.draft} problems={theImport.problems} onChange={theImport.change} />
          </div>
          <div className="import-found">
            {theImport.error && <ErrorNotice error={theImport.error} />}
            <ImportPreview theImport={theImport} />
          </div>
        </div>
      )}
    </article>
  );
}

function SourceText({ theImport }: { theImport: Import }): ReactElement {
  const { t } = useTranslation();
  const { draft, change } = theImport;
  const [isOver, setOver] = useState(false);
  const drop = {
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      void readFile(event.dataTransfer.files[0], (text) => change({ text }));
    },
  };
  return (
    <div className={isOver ? 'import-text import-text-over' : 'import-text'} {...drop}>
      <SourceTools theImport={theImport} />
      <Textarea
        aria-label={t('targets.importText')}
        placeholder={t('targets.importPlaceholder')}
        classNames={{ root: 'import-area', wrapper: 'import-area', input: 'mono import-area' }}
        spellCheck={false}
        autoFocus
        value={draft.text}
        onChange={(event) => change({ text: event.currentTarget.value })}
      />
    </div>
  );
}

/** Larger texts are refused by the engine. */
const longestText = 5_000_000;

async function readFile(file: File | undefined, onText: (text: string) => void): Promise<void> {
  if (!file) {
    return;
  }
  if (file.size > longestText) {
    tell({ kind: 'error', message: i18next.t('targets.fileTooLarge', { name: file.name.slice(0, 100) }) });
    return;
  }
  onText(await file.text());
}

/** Where the text can come from, and what it is. */
function SourceTools({ theImport: { draft, change } }: { theImport: Import }): ReactElement {
  const { t } = useTranslation();
  const chooser = useRef<HTMLInputElement>(null);
  const isOwner = useConnection().node?.actor.role === 'owner';
  return (
    <div className="import-tools">
      <Button
        variant="default"
        leftSection={<IconFileImport size={14} stroke={1.6} />}
        onClick={() => chooser.current?.click()}
      >
        {t('targets.chooseFile')}
      </Button>
      <input
        ref={chooser}
        type="file"
        hidden
        aria-label={t('targets.chooseFile')}
        onChange={(event) => {
          void readFile(event.currentTarget.files?.[0], (text) => change({ text }));
          event.currentTarget.value = '';
        }}
      />
      {isOwner && <ImportSources onTake={(text, format) => change({ text, format })} />}
      <NativeSelect
        aria-label={t('targets.format')}
        value={draft.format}
        data={formats.map((value) => ({ value, label: t(`targets.formats.${value}`) }))}
        onChange={(event) =>
          change({ format: formats.find((format) => format === event.currentTarget.value) ?? 'auto' })
        }
      />
    </div>
  );
}
