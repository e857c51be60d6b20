import { UnstyledButton } from '@mantine/core';
import { lazy, type ReactElement, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useLiveRuns } from '../client/use-connection.ts';
import { Dropdown } from '../ui/dropdown.tsx';
import { StateShape } from '../ui/state-badge.tsx';

const LiveList = lazy(async () => ({ default: (await import('./live-list.tsx')).LiveList }));

/** How many runs have not ended; opens them. */
export function LivePill(): ReactElement {
  const { t } = useTranslation();
  const count = useLiveRuns().length;
  const label = t('frame.running', { count });
  return (
    <Dropdown
      role="dialog"
      label={t('frame.liveRuns')}
      align="end"
      trigger={
        <UnstyledButton className={count > 0 ? 'live-pill live-pill-on' : 'live-pill'} aria-label={label} title={label}>
          <StateShape status={count > 0 ? 'running' : 'pending'} />
          <span className="tabular live-pill-word">{label}</span>
          <span className="tabular live-pill-count">{count}</span>
        </UnstyledButton>
      }
    >
      <div className="live-box">
        <Suspense fallback={null}>
          <LiveList />
        </Suspense>
      </div>
    </Dropdown>
  );
}
