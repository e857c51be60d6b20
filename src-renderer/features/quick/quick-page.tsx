import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, type ReactElement, Suspense, useEffect, useEffectEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';
import type { CodeEditorHandle } from '../../ui/code-editor.tsx';
import { loadTerminal } from '../../ui/load-terminal.ts';
import { quickDefaults } from './defaults.ts';
import { draftProblem } from './draft.ts';
import { EditorPanel } from './editor-panel.tsx';
import { OutputPlaceholder } from './output-placeholder.tsx';
import { RunBar } from './run-bar.tsx';
import { loginOf, outlineOf } from './run-secrets.ts';
import { TargetPicker } from './target-picker.tsx';
import { type DraftChange, useDraft } from './use-draft.ts';
import { usePreview, useResolved } from './use-preview.ts';
import { useQuickKeys } from './use-quick-keys.ts';
import { useRecall } from './use-recall.ts';
import { useSecrets } from './use-secrets.ts';
import { useShownRun } from './use-shown-run.ts';
import { type Starting, useStart } from './use-start.ts';
import { useStoredDefaults } from './use-stored-defaults.ts';
import './target-picker.css';
import './run-bar.css';
import './quick.css';
import './quick-output.css';

const loadOutput = () => import('./output-panel.tsx');
const BlastCard = lazy(async () => ({ default: (await import('./blast-card.tsx')).BlastCard }));
const OutputPanel = lazy(async () => ({ default: (await loadOutput()).OutputPanel }));

/** Type, run, watch, mend, run again: all on one page. */
export function QuickPage(): ReactElement {
  const { t } = useTranslation();
  const { draft, store } = useDraft();
  const { change } = store;
  const [shownRun, showRun] = useShownRun();
  const editor = useRef<CodeEditorHandle>(null);
  const preview = usePreview(draft);
  const resolved = useResolved(draft);
  const recall = useRecall(store);
  const cancel = useAct('run.cancel');
  const secrets = useSecrets();
  const starting = useStart({ store, secrets: secrets.store, onStarted: showRun });
  const login = (): ReturnType<typeof loginOf> => loginOf(store.current, secrets.store.current.secrets);
  const stop = (): void => {
    if (shownRun !== null) {
      cancel.mutate({ run: shownRun });
    }
  };
  useQuickKeys({ start: () => starting.start(), stop, recall, editor });
  useStoredDefaults(store);
  useTerminalInAdvance();
  useFilledForm((no, hosts) => {
    recall.bring(no, hosts);
    editor.current?.focus();
  });
  return (
    <div className={shownRun === null ? 'quick' : 'quick quick-with-output'}>
      <h1 className="unseen">{t('quick.title')}</h1>
      <section className="quick-form" aria-label={t('quick.title')}>
        <TargetPicker
          {...{ draft, change, resolved }}
          login={outlineOf(draft, secrets.secrets)}
          recent={recall.runs}
          onDone={() => editor.current?.focus()}
        />
        <EditorPanel {...{ draft, change, preview, editor, recall }} start={starting.start} />
        <RunBar {...{ draft, change, resolved, secrets }} {...starting} problem={draftProblem(draft)} />
      </section>
      <Asked starting={starting} change={change} />
      {shownRun === null ? (
        <OutputPlaceholder recall={recall} />
      ) : (
        <Suspense fallback={<section className="quick-output" />}>
          <OutputPanel
            no={shownRun}
            login={login}
            onStop={stop}
            onStarted={(no) => {
              secrets.store.spend();
              showRun(no);
            }}
            stopError={cancel.error}
            onClose={() => showRun(null)}
            onEdit={() => editor.current?.focus()}
          />
        </Suspense>
      )}
    </div>
  );
}

type AskedProps = { starting: Starting; change: (change: DraftChange) => void };

/** The card, while it waits for a yes. */
function Asked({ starting, change }: AskedProps): ReactElement | null {
  if (starting.card === null) {
    return null;
  }
  const rollOut = (): void => {
    change({ batches: quickDefaults.rollingBatches });
    starting.refresh();
  };
  return (
    <Suspense fallback={null}>
      <BlastCard
        key={starting.card.asked.card.planSha256}
        shown={starting.card}
        isStarting={starting.isStarting}
        error={starting.error}
        onStart={starting.confirm}
        onRollOut={rollOut}
        onClose={starting.dismiss}
      />
    </Suspense>
  );
}

/** Output and terminal are fetched while nothing else is to do, so that the first output does not wait for it. */
function useTerminalInAdvance(): void {
  useEffect(() => {
    const fetchIt = (): void => {
      void loadOutput();
      void loadTerminal();
    };
    if ('requestIdleCallback' in window) {
      const waiting = requestIdleCallback(fetchIt, { timeout: 1_500 });
      return () => cancelIdleCallback(waiting);
    }
    const timer = setTimeout(fetchIt, 300);
    return () => clearTimeout(timer);
  }, []);
}

/** `?from=12` fills the form as it was for run 12, with `hosts` on those of its targets alone, and leaves the address. */
function useFilledForm(bring: (no: number, hosts?: string) => void): void {
  const { from, hosts } = useSearch({ from: '/quick' });
  const navigate = useNavigate();
  const take = useEffectEvent(bring);
  useEffect(() => {
    if (from !== undefined) {
      take(from, hosts);
      void navigate({ to: '/quick', search: {}, replace: true });
    }
  }, [from, hosts, navigate]);
}
