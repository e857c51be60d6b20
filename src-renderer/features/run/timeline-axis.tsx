import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '#contract/run';
import { durationText } from '../../ui/time-text.ts';
import { type Band, pausesOf, shareOf, type Span, ticksOf } from './timeline.ts';

type AxisProps = { run: Run; span: Span; bands: readonly Band[] };

const percent = ({ left, width }: { left: number; width: number }) => ({ left: `${left}%`, width: `${width}%` });

/** The time above the bars: round moments, batches with the pauses between them, and when a stop was asked for. */
export function TimelineAxis({ run, span, bands }: AxisProps): ReactElement {
  const { t } = useTranslation();
  const pauses = pausesOf(bands);
  return (
    <div className="timeline-axis">
      <span className="quiet">{bands.length > 0 && t('timeline.batches')}</span>
      <div className="timeline-scale">
        {ticksOf(span, 8).map((ms) => (
          <span
            key={ms}
            className="timeline-tick quiet tabular"
            style={{ left: `${shareOf(span, span.from + ms, span.from + ms).left}%` }}
          >
            {durationText(ms)}
          </span>
        ))}
        {bands.map(({ no, from, to }) => {
          const words = t('timeline.batch', { no, time: durationText(to - from) });
          return (
            <span key={no} className="timeline-band" title={words} style={percent(shareOf(span, from, to))}>
              <span className="unseen">{words}</span>
            </span>
          );
        })}
        {pauses.map(({ from, to }) => {
          const words = t('timeline.pause', { time: durationText(to - from) });
          return (
            <span key={from} className="timeline-pause" title={words} style={percent(shareOf(span, from, to))}>
              <span className="unseen">{words}</span>
            </span>
          );
        })}
        {run.cancel && (
          <span
            className="timeline-cancel"
            title={t('timeline.cancel', {
              time: durationText(Math.max(0, run.cancel.at - span.from)),
              name: run.cancel.by,
            })}
            style={{ left: `${shareOf(span, run.cancel.at, run.cancel.at).left}%` }}
          >
            <span className="timeline-cancel-word">
              {t('timeline.cancel', {
                time: durationText(Math.max(0, run.cancel.at - span.from)),
                name: run.cancel.by,
              })}
            </span>
          </span>
        )}
      </div>
      <span />
    </div>
  );
}
