import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { HostReason } from '#contract/run';
import type { ResolvedTarget } from '#contract/run-preview';
import { StateShape } from '../../ui/state-badge.tsx';
import { Ago } from '../../ui/time.tsx';

type ReachMarkProps = Pick<ResolvedTarget, 'lastReach' | 'maintenance'> & { isLocal: boolean };

/** How a target was reached last, by shape and by words. */
export function ReachMark({ lastReach, maintenance, isLocal }: ReachMarkProps): ReactElement {
  const { t } = useTranslation();
  const resting = maintenance && <span className="reach-maintenance">{t('quick.inMaintenance')}</span>;
  if (isLocal) {
    return <span className="reach-mark quiet">{t('quick.reachLocal')}</span>;
  }
  if (!lastReach) {
    return (
      <span className="reach-mark quiet">
        {resting}
        {t('quick.reachNever')}
      </span>
    );
  }
  const reason = HostReason.safeParse(lastReach.reason).data;
  return (
    <span className={lastReach.ok ? 'reach-mark' : 'reach-mark reach-failed'} title={lastReach.message}>
      {resting}
      <StateShape status={lastReach.ok ? 'success' : 'failed'} />
      <span>{lastReach.ok ? t('quick.reached') : reason ? t(`hostReason.${reason}`) : t('quick.notReached')}</span>
      <span className="quiet">
        <Ago at={lastReach.at} />
      </span>
    </span>
  );
}
