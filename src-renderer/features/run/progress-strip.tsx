import type { TFunction } from 'i18next';
import { type CSSProperties, type KeyboardEvent, memo, type ReactElement, useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HostRow, HostStatus, Run, RunDetail } from '#contract/run';
import { isFinal } from '../../client/live-runs.ts';
import { StateShape } from '../../ui/state-badge.tsx';
import { targetName } from '../../ui/target-name.ts';
import { durationText } from '../../ui/time-text.ts';
import { useNow } from '../../ui/use-now.ts';
import { type Batch, batchesOf, batchProgress, doneOf, mostCells, paceOf, stateCounts } from './progress.ts';
import { shownStatus } from './shown-status.ts';
import './progress-strip.css';

type StripProps = {
  run: Run;
  detail: RunDetail | undefined;
  hosts: readonly HostRow[];
  /** Shows the output of one target. */
  onHost: (host: number) => void;
  /** Shows the targets of one state. */
  onState: (status: HostStatus) => void;
};

/** How far a run is: a cell for each target, or its states where there are too many, and the figures. */
export function ProgressStrip(props: StripProps): ReactElement {
  const { run, detail, hosts } = props;
  const specs = detail?.options.batches;
  const batches = useMemo(() => batchesOf(run.counts.total, specs), [run.counts.total, specs]);
  return (
    <div className="strip">
      {run.counts.total <= mostCells ? (
        <Cells {...props} batches={batches} />
      ) : (
        <>
          <States {...props} />
          {batches.length > 1 && <Batches batches={batches} hosts={hosts} />}
        </>
      )}
      <Figures run={run} batches={batches} />
    </div>
  );
}

/** Steps of the arrow keys; up and down go as far as a screen reader would call a row. */
const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 10, ArrowUp: -10 };

function Cells({ run, hosts, batches, onHost }: StripProps & { batches: readonly Batch[] }): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  const [place, setPlace] = useState<number | null>(null);
  const { total } = run.counts;
  const walk = (event: KeyboardEvent): void => {
    const step = steps[event.key];
    const ends: Record<string, number> = { Home: 0, End: total - 1 };
    const next = step === undefined ? ends[event.key] : place === null ? 0 : place + step;
    if (next !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      setPlace(Math.min(Math.max(next, 0), total - 1));
    } else if (event.key === 'Enter' && place !== null) {
      event.preventDefault();
      event.stopPropagation();
      onHost(place);
    }
  };
  const at = place === null ? undefined : hosts[place];
  return (
    <>
      <div
        role="listbox"
        aria-label={t('strip.label')}
        aria-activedescendant={place === null ? undefined : `${id}-${place}`}
        tabIndex={0}
        className={total > 200 ? 'strip-cells strip-cells-small' : 'strip-cells'}
        onKeyDown={walk}
        onBlur={() => setPlace(null)}
        onClick={(event) => {
          const cell = event.target instanceof HTMLElement ? event.target.dataset['host'] : undefined;
          if (cell !== undefined) {
            onHost(Number(cell));
          }
        }}
      >
        {batches.map((batch) => (
          <span key={batch.no} role="presentation" className="strip-batch" data-batch={batch.no}>
            {Array.from({ length: batch.to - batch.from }, (_, index) => {
              const host = batch.from + index;
              const row = hosts[host];
              const status = row ? shownStatus(row.status, run) : 'pending';
              const name = row ? targetName(row.name) : '';
              const words = `${name}: ${t(`status.${status}`)}`;
              const title = batches.length > 1 ? `${words}\n${batchWords(t, batch, batches)}` : words;
              return <Cell key={host} {...{ host, status, title }} id={`${id}-${host}`} isChosen={host === place} />;
            })}
          </span>
        ))}
      </div>
      <p className="unseen" role="status">
        {at && `${targetName(at.name)}: ${t(`status.${shownStatus(at.status, run)}`)}`}
      </p>
    </>
  );
}

const batchWords = (t: TFunction, { no }: Batch, batches: readonly Batch[]): string =>
  t('strip.batchOf', { no, count: batches.length });

type CellProps = { host: number; id: string; status: HostStatus; title: string; isChosen: boolean };

const Cell = memo(function Cell({ host, id, status, title, isChosen }: CellProps): ReactElement {
  return (
    <span
      role="option"
      id={id}
      aria-label={title}
      aria-selected={isChosen}
      title={title}
      data-host={host}
      data-status={status}
      className="strip-cell"
    />
  );
});

/** Where there are too many targets for a cell each: as wide as a state has targets, never so narrow that it is lost. */
function States({ run, onState }: StripProps): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="strip-states" role="group" aria-label={t('strip.label')}>
      {stateCounts(run).map(({ status, count }) => (
        <button
          key={status}
          type="button"
          className="strip-state"
          data-status={status}
          style={{ flexGrow: count } as CSSProperties}
          title={t('strip.showState', { count, state: t(`status.${status}`) })}
          onClick={() => onState(status)}
        >
          <StateShape status={status} />
          <span className="unseen">{t(`status.${status}`)}</span>
          <span className="tabular">{count}</span>
        </button>
      ))}
    </div>
  );
}

function Batches({ batches, hosts }: { batches: readonly Batch[]; hosts: readonly HostRow[] }): ReactElement {
  const { t } = useTranslation();
  return (
    <ol className="strip-batches" aria-label={t('strip.batches')}>
      {batchProgress(batches, hosts).map((batch) => {
        const total = batch.to - batch.from;
        const words = t('strip.batchDone', { no: batch.no, done: batch.done, total, wrong: batch.wrong });
        return (
          <li key={batch.no} title={words} style={{ flexGrow: total } as CSSProperties}>
            <span className="unseen">{words}</span>
            <span
              className={batch.wrong > 0 ? 'strip-batch-bar strip-batch-wrong' : 'strip-batch-bar'}
              style={{ width: `${(batch.done / total) * 100}%` }}
            />
          </li>
        );
      })}
    </ol>
  );
}

function Figures({ run, batches }: { run: Run; batches: readonly Batch[] }): ReactElement {
  const { t, i18n } = useTranslation();
  const live = !isFinal(run) && run.startedAt !== null;
  const now = useNow(live ? 1_000 : null);
  const pace = live ? paceOf(run, now) : null;
  const done = doneOf(run.counts);
  const batch = batches.length > 1 && live ? batches.find(({ to }) => done < to) : undefined;
  const rate = pace && new Intl.NumberFormat(i18n.language, { maximumSignificantDigits: 2 }).format(pace.perSecond);
  return (
    <p className="strip-figures tabular">
      <span>{t('strip.done', { done, total: run.counts.total })}</span>
      {batch && <span className="quiet">{t('strip.batchOf', { no: batch.no, count: batches.length })}</span>}
      {rate && <span className="quiet">{t('strip.rate', { rate })}</span>}
      {pace && pace.leftMs !== null && (
        <span className="quiet">{t('strip.left', { time: durationText(pace.leftMs) })}</span>
      )}
    </p>
  );
}
