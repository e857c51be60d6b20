import { Link } from '@tanstack/react-router';
import type { CSSProperties, ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '#contract/run';
import { isFinal } from '../../client/live-runs.ts';
import { runTitle } from '../../ui/run-title.ts';
import { targetName } from '../../ui/target-name.ts';
import { StateBadge } from '../../ui/state-badge.tsx';
import { Ago, Duration } from '../../ui/time.tsx';
import { RowMenu } from './row-menu.tsx';

type RunRowProps = { run: Run; place: number; chosen: boolean; narrow: boolean; style: CSSProperties };

/** One run in the list. */
export function RunRow(props: RunRowProps): ReactElement {
  const { run, place, chosen, style } = props;
  const title = useTitle(run);
  return (
    <div
      className={props.narrow ? 'run-row run-row-narrow' : 'run-row'}
      role="row"
      aria-rowindex={place + 2}
      aria-selected={chosen}
      data-run={run.no}
      style={style}
    >
      <span role="cell" className="col-no tabular">
        <Link to="/runs/$no" params={{ no: String(run.no) }}>{`#${run.no}`}</Link>
      </span>
      <span role="cell" className="col-status">
        <StateBadge status={run.status} />
      </span>
      <span role="cell" className="col-name cut">
        <Link
          to="/runs/$no"
          params={{ no: String(run.no) }}
          className={run.name ? '' : 'mono'}
          title={title}
          tabIndex={-1}
        >
          {title}
        </Link>
      </span>
      {props.narrow ? <NarrowDetails run={run} /> : <WideDetails run={run} />}
      <span role="cell" className="col-actions">
        <RowMenu run={run} />
      </span>
    </div>
  );
}

function useTitle(run: Run): string {
  const { t } = useTranslation();
  return runTitle(run) || t('runs.unnamed');
}

function useTargets(run: Run): string {
  const { t } = useTranslation();
  return run.counts.total > 1
    ? t('counts.andMore', { first: targetName(run.firstTarget), count: run.counts.total - 1 })
    : targetName(run.firstTarget);
}

/** How many of the targets are done, and how many of them went wrong. */
function Results({ run }: { run: Run }): ReactElement {
  const { t } = useTranslation();
  const { total, pending, running, failed, timeout } = run.counts;
  const wrong = failed + timeout;
  return (
    <>
      <span className="tabular">{t('counts.of', { done: total - pending - running, total })}</span>
      {wrong > 0 && (
        <span className="tabular results-wrong" title={t('status.failed')}>
          <svg width="9" height="9" viewBox="0 0 12 12" aria-hidden="true">
            <path d="M6 .9 11.6 11H.4z" fill="currentColor" />
          </svg>
          {wrong}
        </span>
      )}
    </>
  );
}

function WideDetails({ run }: { run: Run }): ReactElement {
  const { t } = useTranslation();
  const targets = useTargets(run);
  return (
    <>
      <span role="cell" className="col-targets cut" title={targets}>
        {targets}
      </span>
      <span role="cell" className="col-results">
        <Results run={run} />
      </span>
      <span role="cell" className="col-source cut">
        {t(`source.${run.source}`)}
      </span>
      <span role="cell" className="col-starter cut" title={run.executor.name}>
        {run.executor.name}
      </span>
      <span role="cell" className="col-started">
        {run.startedAt === null ? <span className="quiet">{t('runs.notStarted')}</span> : <Ago at={run.startedAt} />}
      </span>
      <span role="cell" className="col-duration">
        <Duration of={run} ticking={!isFinal(run)} />
      </span>
    </>
  );
}

function NarrowDetails({ run }: { run: Run }): ReactElement {
  const targets = useTargets(run);
  return (
    <span role="cell" className="col-details quiet">
      <span className="cut">{targets}</span>
      <Ago at={run.startedAt ?? run.createdAt} />
      <Duration of={run} ticking={!isFinal(run)} />
    </span>
  );
}
