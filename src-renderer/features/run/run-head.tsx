import { Link } from '@tanstack/react-router';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { HostRow, Run, RunDetail } from '#contract/run';
import { isFinal } from '../../client/live-runs.ts';
import { useCall } from '../../client/use-call.ts';
import { runTitle } from '../../ui/run-title.ts';
import { StateBadge } from '../../ui/state-badge.tsx';
import { targetName } from '../../ui/target-name.ts';
import { Duration, Moment } from '../../ui/time.tsx';
import { HostCountsLine } from './host-counts.tsx';
import { RunButtons } from './run-buttons.tsx';
import { toldByRunStatus } from './shown-status.ts';
import { stopWords } from './stop-words.ts';
import { UsualTime } from './usual-time.tsx';

type HeadProps = { run: Run; detail: RunDetail | undefined; hosts: readonly HostRow[]; strip: ReactNode };

/** What a run is, how it stands, and what can be done with it. */
export function RunHead({ run, detail, hosts, strip }: HeadProps): ReactElement {
  const { t } = useTranslation();
  const earlier = useCall('run.usual', { run: run.no }, { staleTime: Number.POSITIVE_INFINITY }).data?.earlier;
  return (
    <header className="run-head-box">
      <div className="run-title-line">
        <h1 className={run.name ? 'cut' : 'cut mono'} title={runTitle(run)}>
          <span className="run-no tabular">{`#${run.no}`}</span>
          {runTitle(run) || t('runs.unnamed')}
        </h1>
        <RunButtons run={run} detail={detail} hosts={hosts} />
      </div>
      <div className="run-status-line" role="status">
        <StateBadge status={run.status} />
        {!toldByRunStatus.has(`${run.status} ${run.phase}`) && <span className="quiet">{t(`phase.${run.phase}`)}</span>}
        {run.reason !== '' && <span className="run-why">{run.reason}</span>}
        {run.cancel && <CancelWords cancel={run.cancel} stop={stopWords(run, hosts)} />}
      </div>
      <dl className="run-facts">
        <Fact name={t('run.duration')}>
          <Duration of={run} ticking={!isFinal(run)} />
        </Fact>
        {earlier && (
          <Fact name={t('usual.name')}>
            <UsualTime run={run} earlier={earlier} />
          </Fact>
        )}
        <Fact name={t('run.targets')}>
          {run.counts.total > 1 ? <HostCountsLine run={run} /> : targetName(run.firstTarget)}
        </Fact>
        <Fact name={t('run.starter')}>{run.executor.name}</Fact>
        <Fact name={t('run.source')}>{t(`source.${run.source}`)}</Fact>
        <Fact name={t('run.created')}>
          <Moment at={run.createdAt} />
        </Fact>
        <Fact name={t('run.started')}>
          {run.startedAt === null ? t('run.notYet') : <Moment at={run.startedAt} beside={run.createdAt} />}
        </Fact>
        <Fact name={t('run.ended')}>
          {run.endedAt === null ? t('run.notYet') : <Moment at={run.endedAt} beside={run.createdAt} />}
        </Fact>
        {run.rerunOf && (
          <Fact name={t('run.rerunOf')}>
            <Link to="/runs/$no" params={{ no: String(run.rerunOf.no) }}>{`#${run.rerunOf.no}`}</Link>
          </Fact>
        )}
      </dl>
      {strip}
    </header>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }): ReactElement {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="tabular">{children}</dd>
    </div>
  );
}

type CancelProps = { cancel: NonNullable<Run['cancel']>; stop: ReturnType<typeof stopWords> };

function CancelWords({ cancel, stop }: CancelProps): ReactElement {
  const { t } = useTranslation();
  return (
    <span className="quiet">
      {cancel.level === 'waiting' ? t('stop.haltedBy', { name: cancel.by }) : t(`run.${stop}`, { name: cancel.by })}
      {cancel.forced && ` · ${t('run.cancelledForced')}`}
    </span>
  );
}
