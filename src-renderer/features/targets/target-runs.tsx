import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Target } from '#contract/target';
import { isFinal } from '../../client/live-runs.ts';
import { useCall } from '../../client/use-call.ts';
import { useRunChanges } from '../../client/use-run-changes.ts';
import { ErrorNotice } from '../../ui/notice.tsx';
import { runTitle } from '../../ui/run-title.ts';
import { StateBadge } from '../../ui/state-badge.tsx';
import { Ago, Duration } from '../../ui/time.tsx';
import { quotedName } from '../../ui/where-of.ts';

const shownRuns = 20;

/** The last runs that name this target. */
export function TargetRuns({ target }: { target: Target }): ReactElement {
  const { t } = useTranslation();
  const { data, error, refetch } = useCall('run.list', { text: `target:${quotedName(target.name)}`, limit: shownRuns });
  useRunChanges((change) => {
    if (change.kind === 'run') {
      void refetch();
    }
  });
  const runs = data?.runs ?? [];
  return (
    <section aria-label={t('targets.runs')} className="target-runs">
      <h2>{t('targets.runs')}</h2>
      {error && <ErrorNotice error={error} />}
      {data && runs.length === 0 && <p className="quiet">{t('targets.noRuns')}</p>}
      <ol>
        {runs.map((run) => (
          <li key={run.id}>
            <Link to="/runs/$no" params={{ no: String(run.no) }} className="tabular">{`#${run.no}`}</Link>
            <StateBadge status={run.status} />
            <span className="cut mono" title={runTitle(run)}>
              {runTitle(run)}
            </span>
            <Ago at={run.startedAt ?? run.createdAt} />
            <Duration of={run} ticking={!isFinal(run)} />
          </li>
        ))}
      </ol>
      {runs.length > 0 && (
        <Link to="/runs" search={{ text: target.name, window: 'all' }}>
          {t('targets.allRuns')}
        </Link>
      )}
    </section>
  );
}
