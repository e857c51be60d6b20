import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Purged } from '#contract/retention';
import { Notice } from '../../ui/notice.tsx';
import { sizeText } from '../../ui/time-text.ts';
import { Moment } from '../../ui/time.tsx';

/** When the output of a run was removed and by which rule, and the way to the rules. */
export function PurgedNotice({ purged: { at, rule, limit } }: { purged: Purged }): ReactElement {
  const { t } = useTranslation();
  return (
    <Notice
      kind="quiet"
      title={t('purged.title')}
      action={
        <Link
          to="/settings/$section"
          params={{ section: 'limits' }}
          search={{
            field:
              rule === 'age'
                ? 'retention.outputDays'
                : rule === 'count'
                  ? 'retention.outputRuns'
                  : 'retention.outputBytes',
          }}
        >
          {t('purged.rules')}
        </Link>
      }
    >
      <span>
        <Moment at={at} />
        {' · '}
        {rule === 'bytes'
          ? t('purged.rule.bytes', { size: sizeText(limit) })
          : t(`purged.rule.${rule}`, { count: limit })}
      </span>
    </Notice>
  );
}
