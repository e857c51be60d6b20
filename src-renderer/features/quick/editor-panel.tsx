import { Button } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { type ReactElement, type RefObject, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunPreview } from '#contract/run-preview';
import { CodeEditor, type CodeEditorHandle } from '../../ui/code-editor.tsx';
import { Menu } from '../../ui/menu.tsx';
import type { EditorMarker } from '../../ui/script-editor.ts';
import type { Draft } from './draft.ts';
import { FirstSteps } from './first-steps.tsx';
import { LanguageTabs } from './language-tabs.tsx';
import { ParameterFields, TextFindings } from './parameter-fields.tsx';
import { RecallItems } from './recall-items.tsx';
import { DropArea, OpenFile, useScriptFiles } from './script-drop.tsx';
import type { DraftChange } from './use-draft.ts';
import type { Recall } from './use-recall.ts';

type EditorPanelProps = {
  draft: Draft;
  change: (change: DraftChange) => void;
  preview: RunPreview | null;
  editor: RefObject<CodeEditorHandle | null>;
  recall: Recall;
  /** Starts what stands in the form. */
  start: () => void;
};

const noMarkers: readonly EditorMarker[] = [];

/** Language, text, and what was found in the text. */
export function EditorPanel(props: EditorPanelProps): ReactElement {
  const { draft, change, preview, editor, recall } = props;
  const { t } = useTranslation();
  const files = useScriptFiles(draft, change);
  const markers = useMemo(
    () =>
      preview?.problems.map(({ line, message }): EditorMarker => ({ line, message, severity: 'error' })) ?? noMarkers,
    [preview],
  );
  const isFirst = draft.text === '' && !recall.isLoading && recall.runs.length === 0;
  const runHere = (text: string): void => {
    change({ targets: 'local', addresses: '', text });
    props.start();
  };
  return (
    <>
      <div className="editor-head">
        <LanguageTabs draft={draft} onChange={(language) => change({ language })} />
        <span className="editor-tools">
          <OpenFile onFile={files.take} />
          <Menu
            label={t('quick.lastTitle')}
            align="end"
            trigger={
              <Button variant="subtle" color="gray" leftSection={<IconHistory size={15} stroke={1.6} />}>
                {t('quick.last')}
              </Button>
            }
          >
            <RecallItems recall={recall} />
          </Menu>
        </span>
      </div>
      <DropArea onFile={files.take}>
        <CodeEditor
          ref={editor}
          label={t('quick.script')}
          placeholder={t('quick.scriptHint')}
          loadingHint={t('quick.plainEditor')}
          language={draft.language}
          text={draft.text}
          markers={markers}
          onChange={(text) => change({ text })}
        />
      </DropArea>
      {files.dialog}
      {isFirst && <FirstSteps language={draft.language} onUse={(text) => change({ text })} onRunHere={runHere} />}
      <TextFindings preview={preview} />
      <ParameterFields draft={draft} preview={preview} change={change} />
    </>
  );
}
