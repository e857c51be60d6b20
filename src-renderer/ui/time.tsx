import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { absoluteTime, durationText, relativeTime, timeBeside } from './time-text.ts';
import { useNow } from './use-now.ts';

/** How long ago, with date, time and zone on hover. */
export function Ago({ at }: { at: number }): ReactElement {
  const { i18n } = useTranslation();
  const now = useNow(10_000);
  return (
    <time dateTime={new Date(at).toISOString()} title={absoluteTime(at, i18n.language)}>
      {relativeTime(at, now, i18n.language)}
    </time>
  );
}

/** Date, time and zone, or without the date on the same day as `beside`; all of it, and how long ago, on hover. */
export function Moment({ at, beside }: { at: number; beside?: number }): ReactElement {
  const { i18n } = useTranslation();
  const now = useNow(10_000);
  const full = absoluteTime(at, i18n.language);
  return (
    <time dateTime={new Date(at).toISOString()} title={`${full} (${relativeTime(at, now, i18n.language)})`}>
      {beside === undefined ? full : timeBeside(at, beside, i18n.language)}
    </time>
  );
}

type Span = { readonly startedAt: number | null; readonly endedAt: number | null; readonly durationMs: number | null };

/** How long something took, or has taken so far: then it grows. */
export function Duration({ of, ticking }: { of: Span; ticking: boolean }): ReactElement {
  const { t } = useTranslation();
  const grows = ticking && of.startedAt !== null && of.durationMs === null;
  const now = useNow(grows ? 100 : null);
  const ms = of.durationMs ?? (of.startedAt === null ? null : (of.endedAt ?? now) - of.startedAt);
  return <span className="tabular">{ms === null ? t('common.dash') : durationText(ms)}</span>;
}
