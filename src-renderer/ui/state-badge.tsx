import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HostStatus } from '#contract/run';

const shapes: Record<HostStatus, ReactElement> = {
  pending: <circle cx="6" cy="6" r="4.6" fill="none" strokeWidth="1.5" />,
  running: (
    <>
      <circle cx="6" cy="6" r="4.6" fill="none" strokeWidth="1.5" />
      <path d="M6 1.4a4.6 4.6 0 0 0 0 9.2z" stroke="none" />
    </>
  ),
  cancelling: (
    <>
      <circle cx="6" cy="6" r="4.6" fill="none" strokeWidth="1.5" />
      <path d="M6 1.4a4.6 4.6 0 0 1 0 9.2z" stroke="none" />
    </>
  ),
  success: <circle cx="6" cy="6" r="5.2" stroke="none" />,
  failed: <path d="M6 .9 11.6 11H.4z" stroke="none" />,
  timeout: <path d="M6 .3 11.7 6 6 11.7.3 6z" stroke="none" />,
  cancelled: <path d="M1.3 1.3h9.4v9.4H1.3z" stroke="none" />,
  skipped: <path d="M1.5 6h9" fill="none" strokeWidth="1.8" />,
};

/** The shape of a status in its colour; `running` moves. */
export function StateShape({ status }: { status: HostStatus }): ReactElement {
  const colour = `var(--status-${status})`;
  return (
    <span className={status === 'running' ? 'state state-moving' : 'state'}>
      <svg width="12" height="12" viewBox="0 0 12 12" fill={colour} stroke={colour} aria-hidden="true">
        {shapes[status]}
      </svg>
    </span>
  );
}

/** Shape and word of a status. */
export function StateBadge({ status }: { status: HostStatus }): ReactElement {
  const { t } = useTranslation();
  return (
    <span className="state" data-status={status}>
      <StateShape status={status} />
      <span style={{ color: `var(--status-${status})` }}>{t(`status.${status}`)}</span>
    </span>
  );
}
