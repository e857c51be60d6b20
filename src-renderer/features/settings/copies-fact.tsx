import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../client/use-call.ts';
import { Notice } from '../../ui/notice.tsx';
import { Ago, Moment } from '../../ui/time.tsx';
import { sizeText } from './size-text.ts';

/** The last copy of the archive and when the next one is made. */
export function CopiesFact(): ReactElement | null {
  const { t, i18n } = useTranslation();
  const { data } = useCall('copy.list', {});
  if (!data) {
    return null;
  }
  const made = data.copies.find(({ state }) => state === 'made');
  const isRunning = data.copies[0]?.state === 'running';
  return (
    <>
      {made && (
        <>
          {t('settings.about.copyMade', { file: made.file, size: sizeText(made.bytes ?? 0, i18n.language) })}
          {' · '}
          <Ago at={made.beganAt} />
        </>
      )}
      {!made && !isRunning && t('settings.about.copyNone')}
      {isRunning && ` ${t('settings.about.copyRunning')}`}
      {' · '}
      {data.nextAt === null ? (
        t('settings.about.copyNever')
      ) : (
        <>
          {t('settings.about.copyNext')} <Moment at={data.nextAt} />
        </>
      )}{' '}
      <Link
        className="link-in-text"
        to="/settings/$section"
        params={{ section: 'limits' }}
        search={{ field: 'copies.at' }}
      >
        {t('settings.about.copySettings')}
      </Link>
    </>
  );
}

/** That the last copy failed, and why. */
export function CopyTrouble(): ReactElement | null {
  const { t } = useTranslation();
  const last = useCall('copy.list', {}).data?.copies.find(({ state }) => state !== 'running');
  return last?.state === 'failed' ? (
    <Notice kind="error" title={t('settings.about.copyFailed')}>
      <span>{last.message}</span>
      <span className="quiet">
        <Moment at={last.beganAt} />
        {' · '}
        {last.file}
      </span>
    </Notice>
  ) : null;
}
