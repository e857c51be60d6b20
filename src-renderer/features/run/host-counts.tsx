import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '#contract/run';
import { StateBadge } from '../../ui/state-badge.tsx';
import { shownStatus } from './shown-status.ts';

const counted = ['running', 'pending', 'failed', 'timeout', 'cancelled', 'skipped', 'success'] as const;

/** Figures of a run's targets, only those that are not zero. */
export function HostCountsLine({ run }: { run: Pick<Run, 'counts' | 'status'> }): ReactElement {
  const { t } = useTranslation();
  const { counts } = run;
  return (
    <span className="host-counts">
      {counted.map(
        (status) =>
          counts[status] > 0 && (
            <span key={status} className="state">
              <StateBadge status={shownStatus(status, run)} />
              <span className="tabular">{counts[status]}</span>
              {status === 'failed' && counts.unreachable > 0 && (
                <span className="quiet tabular">{t('counts.unreachable', { count: counts.unreachable })}</span>
              )}
            </span>
          ),
      )}
    </span>
  );
}
