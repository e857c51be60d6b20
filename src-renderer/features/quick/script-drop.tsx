import { Button, FileButton } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { type DragEvent, lazy, type ReactElement, type ReactNode, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { tell } from '../../ui/tell.ts';
import type { Draft } from './draft.ts';
import { readScript, type ScriptFile } from './script-file.ts';
import type { DraftChange } from './use-draft.ts';

const ReplaceDialog = lazy(async () => ({ default: (await import('./replace-dialog.tsx')).ReplaceDialog }));

export type ScriptLoading = {
  /** Takes a file as the script; asks first when that would replace typed text. */
  readonly take: (file: File) => void;
  /** The question, while it is asked. */
  readonly dialog: ReactNode;
};

/** Loads files as the script. */
export function useScriptFiles(draft: Draft, change: (change: DraftChange) => void): ScriptLoading {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<ScriptFile | null>(null);
  const load = ({ name, language, text }: ScriptFile): void => {
    change({ language, text });
    tell({ message: t('quick.fileLoaded', { name, language: t(`language.${language}`) }) });
  };
  const take = async (file: File): Promise<void> => {
    const read = await readScript(file, draft.language);
    if (typeof read === 'string') {
      tell({ kind: 'error', message: t(`quick.file.${read}`, { name: file.name }) });
    } else if (draft.text.trim() === '' || draft.text === read.text) {
      load(read);
    } else {
      setAsked(read);
    }
  };
  const answer = (yes: boolean): void => {
    setAsked(null);
    if (yes && asked) {
      load(asked);
    }
  };
  return {
    take: (file) => void take(file),
    dialog: asked && (
      <Suspense fallback={null}>
        <ReplaceDialog name={asked.name} onAnswer={answer} />
      </Suspense>
    ),
  };
}

const holdsFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');

type DropAreaProps = { onFile: (file: File) => void; children: ReactNode };

/** A file that is dropped here is the script; the editor itself, and the window around, never see it. */
export function DropArea({ onFile, children }: DropAreaProps): ReactElement {
  const { t } = useTranslation();
  const [isOver, setOver] = useState(false);
  const over = (event: DragEvent): void => {
    if (holdsFiles(event)) {
      event.preventDefault();
      event.stopPropagation();
      event.dataTransfer.dropEffect = 'copy';
      setOver(true);
    }
  };
  const drop = (event: DragEvent): void => {
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file) {
      event.preventDefault();
      event.stopPropagation();
      onFile(file);
    }
  };
  return (
    <div
      className="drop-area"
      role="presentation"
      onDragEnterCapture={over}
      onDragOverCapture={over}
      onDragLeave={(event) => setOver(event.currentTarget.contains(event.relatedTarget as Node | null))}
      onDropCapture={drop}
    >
      {children}
      {isOver && <div className="drop-hint">{t('quick.dropHere')}</div>}
    </div>
  );
}

/** The same by a dialog of the system, for whoever does not drag. */
export function OpenFile({ onFile }: { onFile: (file: File) => void }): ReactElement {
  const { t } = useTranslation();
  return (
    <FileButton onChange={(file) => file && onFile(file)}>
      {(button) => (
        <Button
          {...button}
          variant="subtle"
          color="gray"
          title={t('quick.openFileHint')}
          leftSection={<IconFileUpload size={15} stroke={1.6} aria-hidden="true" />}
        >
          {t('quick.openFile')}
        </Button>
      )}
    </FileButton>
  );
}
