import { IconClockExclamation } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '#contract/run';
import type { RunCard } from '#contract/run-preview';
import { isFinal } from '../../client/live-runs.ts';
import { durationText } from '../../ui/time-text.ts';
import { useNow } from '../../ui/use-now.ts';
import { longerBy } from './usual.ts';

type UsualProps = { run: Run; earlier: NonNullable<RunCard['earlier']> };

/** How long earlier runs of this text took, and whether this one takes longer. */
export function UsualTime({ run, earlier }: UsualProps): ReactElement {
  const { t } = useTranslation();
  const live = !isFinal(run) && run.startedAt !== null;
  const now = useNow(live ? 1_000 : null);
  const longer = longerBy(run, earlier, now);
  return (
    <>
      <span title={t('usual.of', { count: earlier.runs })}>{durationText(earlier.durationMs)}</span>
      {longer !== null && (
        <strong className="longer-than-usual" title={t('usual.longerBy', { time: durationText(longer) })}>
          <IconClockExclamation size={14} stroke={1.7} aria-hidden="true" />
          {t('usual.longer')}
        </strong>
      )}
    </>
  );
}
