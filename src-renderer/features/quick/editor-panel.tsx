import { Button } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { type ReactElement, type RefObject, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunPreview } from '#contract/run-preview';
import { CodeEditor, type CodeEditorHandle } from '../../ui/code-editor.tsx';
import { Menu } from '../../ui/menu.tsx';
import type { EditorMarker } from '../../ui/script-editor.ts';
import type { Draft } from './draft.ts';
import { LanguageTabs } from './language-tabs.tsx';
import { ParameterFields, TextFindings } from './parameter-fields.tsx';
import { RecallItems } from './recall-items.tsx';
import type { DraftChange } from './use-draft.ts';
import type { Recall } from './use-recall.ts';

type EditorPanelProps = {
  draft: Draft;
  change: (change: DraftChange) => void;
  preview: RunPreview | null;
  editor: RefObject<CodeEditorHandle | null>;
  recall: Recall;
};

const noMarkers: readonly EditorMarker[] = [];

/** Language, text, and what was found in the text. */
export function EditorPanel(props: EditorPanelProps): ReactElement {
  const { draft, change, preview, editor, recall } = props;
  const { t } = useTranslation();
  const markers = useMemo(
    () =>
      preview?.problems.map(({ line, message }): EditorMarker => ({ line, message, severity: 'error' })) ?? noMarkers,
    [preview],
  );
  return (
    <>
      <div className="editor-head">
        <LanguageTabs draft={draft} onChange={(language) => change({ language })} />
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
      </div>
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
      <TextFindings preview={preview} />
      <ParameterFields draft={draft} preview={preview} change={change} />
    </>
  );
}
