import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '#contract/run';
import { isFinal } from '../../client/live-runs.ts';
import { runTitle } from '../../ui/run-title.ts';
import { StateBadge } from '../../ui/state-badge.tsx';
import { targetName } from '../../ui/target-name.ts';
import { Ago, Duration } from '../../ui/time.tsx';

type CellProps = { run: Run };

export function NumberCell({ run }: CellProps): ReactElement {
  return <Link to="/runs/$no" params={{ no: String(run.no) }} className="tabular">{`#${run.no}`}</Link>;
}

export function NameCell({ run }: CellProps): ReactElement {
  const { t } = useTranslation();
  const title = runTitle(run) || t('runs.unnamed');
  return (
    <Link to="/runs/$no" params={{ no: String(run.no) }} className={run.name ? '' : 'mono'} title={title} tabIndex={-1}>
      {title}
    </Link>
  );
}

function useTargets(run: Run): string {
  const { t } = useTranslation();
  return run.counts.total > 1
    ? t('counts.andMore', { first: targetName(run.firstTarget), count: run.counts.total - 1 })
    : targetName(run.firstTarget);
}

export function TargetsCell({ run }: CellProps): ReactElement {
  const targets = useTargets(run);
  return <span title={targets}>{targets}</span>;
}

/** How many of the targets are done, and how many of them went wrong. */
export function ResultsCell({ run }: CellProps): ReactElement {
  const { t } = useTranslation();
  const { total, pending, running, failed, timeout } = run.counts;
  const wrong = failed + timeout;
  return (
    <span className="run-results tabular">
      {t('counts.of', { done: total - pending - running, total })}
      {wrong > 0 && (
        <span className="results-wrong" title={t('status.failed')}>
          <svg width="9" height="9" viewBox="0 0 12 12" aria-hidden="true">
            <path d="M6 .9 11.6 11H.4z" fill="currentColor" />
          </svg>
          {wrong}
        </span>
      )}
    </span>
  );
}

export function StartedCell({ run }: CellProps): ReactElement {
  const { t } = useTranslation();
  return run.startedAt === null ? <span className="quiet">{t('runs.notStarted')}</span> : <Ago at={run.startedAt} />;
}

export function RerunCell({ run }: CellProps): ReactElement | null {
  return run.rerunOf && <Link to="/runs/$no" params={{ no: String(run.rerunOf.no) }}>{`#${run.rerunOf.no}`}</Link>;
}

/** A run where there is no room for columns. */
export function NarrowRun({ run }: CellProps): ReactElement {
  const targets = useTargets(run);
  return (
    <>
      <span>
        <NumberCell run={run} />
        <StateBadge status={run.status} />
        <span className="cut">
          <NameCell run={run} />
        </span>
      </span>
      <span>
        <span className="cut">{targets}</span>
        <Ago at={run.startedAt ?? run.createdAt} />
        <Duration of={run} ticking={!isFinal(run)} />
      </span>
    </>
  );
}
