import { Button } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { lazy, type ReactElement, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '#contract/run';
import { type KnownRun, useRun } from '../../client/use-run.ts';
import { isFinal } from '../../client/live-runs.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { TabBar } from '../../ui/tab-bar.tsx';
import { HostKeyQuestion } from './host-key-question.tsx';
import { OutputPane } from './output-pane.tsx';
import { PlanView } from './plan-view.tsx';
import { ProgressStrip } from './progress-strip.tsx';
import { PurgedNotice } from './purged-notice.tsx';
import { RunHead } from './run-head.tsx';
import { type RunAddress, type RunTab, runTabs } from './run-address.ts';
import { TargetsView } from './targets-view.tsx';
import { TimelineView } from './timeline-view.tsx';
import './run.css';

const GroupsView = lazy(async () => ({ default: (await import('./groups/groups-view.tsx')).GroupsView }));

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
  return <RunBody run={run} known={known} />;
}

function RunBody({ run, known }: { run: Run; known: KnownRun }): ReactElement {
  const search = useSearch({ from: '/runs/$no' });
  const navigate = useNavigate();
  const { detail, hosts, error } = known;
  const go = (to: RunAddress): void =>
    void navigate({ to: '/runs/$no', params: { no: String(run.no) }, search: to, replace: true });
  const { tab: _tab, ...place } = search;
  const toHost = (host: number): void => go({ ...place, host });
  return (
    <article className="run">
      <RunHead
        {...{ run, detail, hosts }}
        strip={
          run.counts.total > 1 && (
            <ProgressStrip
              {...{ run, detail, hosts }}
              onHost={toHost}
              onState={(state) => go({ ...place, tab: 'targets', state })}
            />
          )
        }
      />
      {error && <ErrorNotice error={error} />}
      {isFinal(run) && (
        <HostKeyQuestion
          {...{ run, hosts }}
          onStarted={(no) => void navigate({ to: '/runs/$no', params: { no: String(no) } })}
        />
      )}
      {run.purged && <PurgedNotice purged={run.purged} />}
      <RunTabs {...{ run, known, search, go, toHost }} />
    </article>
  );
}

const panelId = (value: RunTab): string => `run-panel-${value}`;

const tabNames = {
  output: 'run.output',
  groups: 'groups.tab',
  targets: 'run.targets',
  timeline: 'run.timeline',
  plan: 'run.plan',
} as const satisfies Record<RunTab, string>;

type TabsProps = {
  run: Run;
  known: KnownRun;
  search: RunAddress;
  go: (to: RunAddress) => void;
  toHost: (host: number) => void;
};

function RunTabs({ run, known, search, go, toHost }: TabsProps): ReactElement {
  const { t } = useTranslation();
  const shown: RunTab = search.tab ?? 'output';
  const { tab: _tab, ...place } = search;
  return (
    <div className="run-tabs">
      <TabBar
        label={t('run.tabs')}
        value={shown}
        tabs={runTabs.map((value) => ({ value, label: t(tabNames[value]) }))}
        panelId={panelId}
        onChange={(tab) => go(tab === 'output' ? place : { ...place, tab })}
      />
      {runTabs.map((value) => (
        <div
          key={value}
          role="tabpanel"
          id={panelId(value)}
          aria-label={t(tabNames[value])}
          className="run-panel"
          hidden={shown !== value}
        >
          <TabBody tab={value} isShown={shown === value} {...{ run, known, search, go, toHost }} />
        </div>
      ))}
    </div>
  );
}

type BodyProps = TabsProps & { tab: RunTab; isShown: boolean };

/** Output and targets stay where they are while something else is looked at. */
function TabBody({ tab, isShown, run, known, search, go, toHost }: BodyProps): ReactElement | null {
  const { detail, hosts } = known;
  switch (tab) {
    case 'output': {
      const host = search.host !== undefined && search.host < run.counts.total ? search.host : null;
      const choose = (next: number | null): void => {
        const { host: _host, ...rest } = search;
        go(next === null ? rest : { ...rest, host: next });
      };
      return <OutputPane no={run.no} run={run} hosts={hosts} chosen={{ host, choose }} />;
    }
    case 'groups':
      return isShown ? (
        <Suspense fallback={null}>
          <GroupsView {...{ run, detail, hosts }} />
        </Suspense>
      ) : null;
    case 'targets':
      return (
        <TargetsView
          {...{ run, detail, hosts, isShown }}
          narrowed={{ state: search.state, reason: search.reason }}
          onNarrow={({ state, reason }) => {
            const { state: _state, reason: _reason, ...rest } = search;
            go({ ...rest, ...(state !== undefined && { state }), ...(reason !== undefined && { reason }) });
          }}
          onOpen={toHost}
        />
      );
    case 'timeline':
      return isShown ? <TimelineView {...{ run, detail, hosts }} onOpen={toHost} /> : null;
    case 'plan':
      return isShown && detail ? <PlanView {...{ detail, run, hosts }} /> : null;
  }
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
