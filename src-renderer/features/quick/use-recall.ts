import i18next from 'i18next';
import { useRef } from 'react';
import { DroverError } from '#contract/errors';
import type { Run } from '#contract/run';
import { handedHosts } from '../../client/handed-hosts.ts';
import { hostsOfRun } from '../../client/hosts-of-run.ts';
import { client } from '../../client/index.ts';
import { useCall } from '../../client/use-call.ts';
import { useRunChanges } from '../../client/use-run-changes.ts';
import type { CodeEditorHandle } from '../../ui/code-editor.tsx';
import { errorWords } from '../../ui/error-text.ts';
import { tell } from '../../ui/tell.ts';
import { whereOfHosts } from '../../ui/where-of.ts';
import { quickDefaults } from './defaults.ts';
import { type Draft, draftOf } from './draft.ts';
import { stepRecall, wantsHistory } from './recall.ts';
import type { DraftStore } from './use-draft.ts';

export type Recall = {
  readonly runs: readonly Run[];
  readonly isLoading: boolean;
  /** Brings the form of one run back, or of the set of its targets that was handed over under a token. */
  readonly bring: (no: number, handed?: string) => void;
  /** ↑ and ↓ in the editor; false when the key is not meant for the history. */
  readonly walk: (step: 'older' | 'newer', editor: CodeEditorHandle | null) => boolean;
};

/** The form as it was for a run, or for the set of its targets handed over; says why when it cannot be had. */
async function draftOfRun(no: number, handed: string | undefined): Promise<Draft | null> {
  const only = handed === undefined ? undefined : handedHosts(no, handed);
  if (only === null) {
    // Filled with all targets, the form would stand for more than was chosen.
    tell({ kind: 'error', message: i18next.t('resultSet.gone', { no }) });
    return null;
  }
  try {
    const [detail, hosts] = await Promise.all([client.call('run.get', { run: no }), hostsOfRun(no)]);
    return draftOf(detail, hosts, only && whereOfHosts(hosts.filter(({ host }) => only.has(host))));
  } catch (error) {
    if (!(error instanceof DroverError)) {
      throw error;
    }
    tell({ kind: 'error', message: i18next.t('quick.lastFailed', { no, what: errorWords(error, i18next).what }) });
    return null;
  }
}

/** The last quick runs, to bring back with text, language and parameters. */
export function useRecall(store: DraftStore): Recall {
  const list = useCall('run.list', { limit: quickDefaults.lastRuns }, { keepPrevious: true });
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
  const bring = async (no: number, handed?: string): Promise<void> => {
    wanted.current = no;
    const filled = await draftOfRun(no, handed);
    // Who walks on before the answer wants another run by now.
    if (filled && wanted.current === no) {
      recalled.current = filled.text;
      store.change(filled);
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
  return { runs, isLoading: list.isPending, bring: (no, handed) => void bring(no, handed), walk };
}
