import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { CodeEditorHandle } from '../../ui/code-editor.tsx';
import { useKeys } from '../../ui/use-keys.ts';
import type { Recall } from './use-recall.ts';

type QuickKeys = {
  readonly start: () => void;
  readonly stop: () => void;
  readonly recall: Recall;
  readonly editor: RefObject<CodeEditorHandle | null>;
};

/** The keys of Quick execute; ↑ and ↓ are taken from the editor only where they would leave the text. */
export function useQuickKeys({ start, stop, recall, editor }: QuickKeys): void {
  const { t } = useTranslation();
  const run = { does: t('keys.run'), act: start };
  useKeys(
    {
      'mod+enter': run,
      f8: run,
      f9: { does: t('keys.stop'), act: stop },
      '/': { does: t('keys.editor'), act: () => editor.current?.focus() },
      // The editor does this itself.
      escape: { does: t('keys.leaveEditor') },
    },
    {
      typing: {
        up: { does: t('keys.older'), act: () => recall.walk('older', editor.current) },
        down: { does: t('keys.newer'), act: () => recall.walk('newer', editor.current) },
      },
    },
  );
}
