import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { DroverError } from '#contract/errors';
import type { Run } from '#contract/run';
import { hostsOfRun } from '../../client/hosts-of-run.ts';
import { client } from '../../client/index.ts';
import { useCall } from '../../client/use-call.ts';
import { useRunChanges } from '../../client/use-run-changes.ts';
import type { CodeEditorHandle } from '../../ui/code-editor.tsx';
import { errorWords } from '../../ui/error-text.ts';
import { tell } from '../../ui/tell.ts';
import { type Draft, draftOf } from './draft.ts';
import { stepRecall, wantsHistory } from './recall.ts';
import type { DraftStore } from './use-draft.ts';

const recallCount = 20;

export type Recall = {
  readonly runs: readonly Run[];
  readonly isLoading: boolean;
  /** Brings the form of one run back. */
  readonly bring: (no: number) => void;
  /** ↑ and ↓ in the editor; false when the key is not meant for the history. */
  readonly walk: (step: 'older' | 'newer', editor: CodeEditorHandle | null) => boolean;
};

/** The last quick runs, to bring back with text, language and parameters. */
export function useRecall(store: DraftStore): Recall {
  const { i18n } = useTranslation();
  const list = useCall('run.list', { limit: recallCount }, { keepPrevious: true });
  const place = useRef(-1);
  const recalled = useRef<string | null>(null);
  const typed = useRef<Draft | null>(null);
  const runs = list.data?.runs ?? [];
  const { refetch } = list;
  useRunChanges((changed) => {
    if (changed.kind === 'run' && changed.run.no > (runs[0]?.no ?? 0)) {
      void refetch();
    }
  });
  const wanted = useRef(0);
  const bring = async (no: number): Promise<void> => {
    wanted.current = no;
    try {
      const [detail, hosts] = await Promise.all([client.call('run.get', { run: no }), hostsOfRun(no)]);
      // Who walks on before the answer wants another run by now.
      if (wanted.current === no) {
        const filled = draftOf(detail, hosts);
        recalled.current = filled.text;
        store.change(filled);
      }
    } catch (error) {
      if (error instanceof DroverError) {
        const { what } = errorWords(error, i18n);
        tell({ kind: 'error', message: i18n.t('quick.lastFailed', { no, what }) });
      }
    }
  };
  const isAsked = (step: 'older' | 'newer', editor: CodeEditorHandle): boolean => {
    const atEdge = editor.atEdge(step === 'older' ? 'first' : 'last');
    return editor.hasFocus() && wantsHistory({ text: store.current.text, recalled: recalled.current, atEdge });
  };
  const walk: Recall['walk'] = (step, editor) => {
    if (!editor || !isAsked(step, editor)) {
      return false;
    }
    // An emptied editor begins anew with the last run.
    const draft = store.current;
    const from = draft.text === '' && recalled.current !== '' ? -1 : place.current;
    const next = stepRecall(from, step, runs.length);
    if (next === null) {
      return false;
    }
    typed.current = from === -1 ? draft : typed.current;
    place.current = next;
    const run = runs[next];
    if (run) {
      void bring(run.no);
    } else if (typed.current) {
      wanted.current = 0;
      recalled.current = null;
      store.change(typed.current);
    }
    return true;
  };
  return { runs, isLoading: list.isPending, bring: (no) => void bring(no), walk };
}
