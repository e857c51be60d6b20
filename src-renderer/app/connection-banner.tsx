import { Button } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { connection } from '../client/index.ts';
import { useConnection } from '../client/use-connection.ts';
import { useNow } from '../ui/use-now.ts';

/** Says that the engine is away, and when it is asked again. */
export function ConnectionBanner(): ReactElement | null {
  const { t } = useTranslation();
  const { phase, attempt, nextTryAt, clockOffsetMs, node, stopping } = useConnection();
  // The first failures of a short break pass without a word.
  const shown = phase === 'lost' && (attempt > 1 || node === null);
  const now = useNow(shown ? 500 : null) - clockOffsetMs;
  if (stopping && (phase === 'online' || !shown)) {
    return <StoppingBanner />;
  }
  if (!shown) {
    return null;
  }
  const count = Math.max(0, Math.ceil(((nextTryAt ?? now) - now) / 1_000));
  return (
    <div className="banner" role="status">
      <strong>{t('connection.lost')}</strong>
      <span>{t('connection.nothingLost')}</span>
      <span className="quiet tabular" aria-live="off">
        {count > 0 ? t('connection.tryingIn', { count, attempt }) : t('connection.tryingNow', { attempt })}
      </span>
      <Button variant="default" size="compact-xs" onClick={connection.check}>
        {t('connection.tryNow')}
      </Button>
    </div>
  );
}

/** The engine takes nothing new, and ends when its runs have ended. */
function StoppingBanner(): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="banner" role="status">
      <strong>{t('connection.stopping')}</strong>
      <span>{t('connection.stoppingNext')}</span>
    </div>
  );
}

/** Says why the node takes no new runs, such as a full disk. */
export function TroubleBanner(): ReactElement | null {
  const { t } = useTranslation();
  const trouble = useConnection().node?.trouble ?? null;
  if (trouble === null) {
    return null;
  }
  return (
    <div className="banner" role="alert">
      <strong>{t('connection.trouble', { trouble })}</strong>
    </div>
  );
}
