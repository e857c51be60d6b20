import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HostCounts } from '#contract/run';
import { StateBadge } from '../../ui/state-badge.tsx';

const counted = ['running', 'pending', 'failed', 'timeout', 'cancelled', 'skipped', 'success'] as const;

/** Figures of a run's targets, only those that are not zero. */
export function HostCountsLine({ counts }: { counts: HostCounts }): ReactElement {
  const { t } = useTranslation();
  return (
    <span className="host-counts">
      {counted.map(
        (status) =>
          counts[status] > 0 && (
            <span key={status} className="state">
              <StateBadge status={status} />
              <span className="tabular">{counts[status]}</span>
            </span>
          ),
      )}
      {counts.unreachable > 0 && (
        <span className="quiet">{t('counts.unreachable', { count: counts.unreachable })}</span>
      )}
    </span>
  );
}
