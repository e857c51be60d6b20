import { Button } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '#contract/run';
import { type KnownRun, useRun } from '../../client/use-run.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { TabBar } from '../../ui/tab-bar.tsx';
import { OutputPane } from './output-pane.tsx';
import { PlanView } from './plan-view.tsx';
import { RunHead } from './run-head.tsx';
import './run.css';

type RunTab = 'output' | 'plan';

/** One run: what became of it, its output, its plan. */
export function RunPage(): ReactElement {
  const { no: text } = useParams({ from: '/runs/$no' });
  const no = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  const { host } = useSearch({ from: '/runs/$no' });
  return no > 0 ? <KnownRunPage key={`${no} ${host ?? ''}`} no={no} /> : <NoRun no={text} />;
}

function KnownRunPage({ no }: { no: number }): ReactElement {
  const { t } = useTranslation();
  const known = useRun(no);
  const { run, error } = known;
  if (error?.code === 'not-found') {
    return <NoRun no={String(no)} />;
  }
  if (!run) {
    return error ? (
      <ErrorNotice error={error} />
    ) : (
      <p className="unseen" role="status">
        {t('run.loading', { no })}
      </p>
    );
  }
  return (
    <article className="run">
      <RunHead run={run} detail={known.detail} hosts={known.hosts} />
      {error && <ErrorNotice error={error} />}
      <RunTabs run={run} known={known} />
    </article>
  );
}

const panelId = (value: RunTab): string => `run-panel-${value}`;

function RunTabs({ run, known }: { run: Run; known: KnownRun }): ReactElement {
  const { t } = useTranslation();
  const { tab: shown = 'output', host } = useSearch({ from: '/runs/$no' });
  const navigate = useNavigate();
  const show = (value: RunTab): void =>
    void navigate({
      to: '/runs/$no',
      params: { no: String(run.no) },
      search: { ...(host !== undefined && { host }), ...(value === 'plan' && { tab: 'plan' }) },
      replace: true,
    });
  return (
    <div className="run-tabs">
      <TabBar
        label={t('run.tabs')}
        value={shown}
        tabs={[
          { value: 'output', label: t('run.output') },
          { value: 'plan', label: t('run.plan') },
        ]}
        panelId={panelId}
        onChange={show}
      />
      {/* The output stays where it is while something else is looked at. */}
      <div
        role="tabpanel"
        id={panelId('output')}
        aria-label={t('run.output')}
        className="run-panel"
        hidden={shown !== 'output'}
      >
        <OutputPane no={run.no} run={run} hosts={known.hosts} first={host} />
      </div>
      <div
        role="tabpanel"
        id={panelId('plan')}
        aria-label={t('run.plan')}
        className="run-panel"
        hidden={shown !== 'plan'}
      >
        {known.detail && shown === 'plan' && <PlanView detail={known.detail} hosts={known.hosts} />}
      </div>
    </div>
  );
}

function NoRun({ no }: { no: string }): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <EmptyState title={t('run.missing', { no })} text={t('run.missingNext')}>
      <Button onClick={() => void navigate({ to: '/runs' })}>{t('run.toList')}</Button>
    </EmptyState>
  );
}
