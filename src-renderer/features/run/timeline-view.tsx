import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, type ReactElement, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HostRow, Run, RunDetail } from '#contract/run';
import { isFinal } from '../../client/live-runs.ts';
import { ChoiceBar } from '../../ui/choice-bar.tsx';
import { StateShape } from '../../ui/state-badge.tsx';
import { targetName } from '../../ui/target-name.ts';
import { durationText } from '../../ui/time-text.ts';
import { useNow } from '../../ui/use-now.ts';
import { batchesOf } from './progress.ts';
import { shownStatus } from './shown-status.ts';
import { TimelineAxis } from './timeline-axis.tsx';
import { bandsOf, orderTargets, shareOf, type Span, spanOf, type TimelineOrder, tookOf } from './timeline.ts';
import './timeline.css';

type TimelineProps = {
  run: Run;
  detail: RunDetail | undefined;
  hosts: readonly HostRow[];
  onOpen: (host: number) => void;
};

const rowHeight = 22;

/** When each target was worked on, from the first start to the last end. */
export function TimelineView({ run, detail, hosts, onOpen }: TimelineProps): ReactElement {
  const { t } = useTranslation();
  const [order, setOrder] = useState<TimelineOrder>('plan');
  const ticking = useNow(isFinal(run) ? null : 1_000);
  const now = isFinal(run) ? (run.endedAt ?? run.createdAt) : ticking;
  const span = spanOf(run, hosts, now);
  const rows = useMemo(() => orderTargets(hosts, order, now), [hosts, order, now]);
  const specs = detail?.options.batches;
  const bands = useMemo(
    () => bandsOf(batchesOf(run.counts.total, specs), hosts, now),
    [run.counts.total, specs, hosts, now],
  );
  return (
    <div className="timeline">
      <div className="timeline-head">
        <ChoiceBar
          label={t('timeline.order')}
          value={order}
          onChange={setOrder}
          choices={[
            { value: 'plan', label: t('timeline.plan') },
            { value: 'start', label: t('timeline.start') },
            { value: 'slowest', label: t('timeline.slowest') },
          ]}
        />
        <span className="quiet tabular">
          {t(isFinal(run) ? 'timeline.whole' : 'timeline.wholeSoFar', { time: durationText(span.to - span.from) })}
        </span>
      </div>
      <TimelineAxis {...{ run, span, bands }} />
      <Rows {...{ run, rows, span, now, onOpen }} />
    </div>
  );
}

type RowsProps = {
  run: Run;
  rows: readonly HostRow[];
  span: Span;
  now: number;
  onOpen: (host: number) => void;
};

function Rows({ run, rows, span, now, onOpen }: RowsProps): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  // oxlint-disable-next-line react/incompatible-library -- no compiler memoizes here
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const place = rows.findIndex(({ host }) => host === chosen);
  const walk = (event: KeyboardEvent): void => {
    const next = nextPlace(event.key, place, rows.length);
    const row = next === null ? undefined : rows[next];
    if (row && next !== null) {
      event.preventDefault();
      setChosen(row.host);
      virtual.scrollToIndex(next);
    } else if (event.key === 'Enter' && chosen !== null) {
      onOpen(chosen);
    }
  };
  const at = rows[place];
  return (
    <>
      <div
        ref={box}
        className="timeline-rows"
        role="listbox"
        aria-label={t('timeline.label')}
        aria-activedescendant={at ? `${id}-${at.host}` : undefined}
        tabIndex={0}
        onKeyDown={walk}
      >
        <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            return (
              row && (
                <Bar
                  key={row.host}
                  {...{ run, row, span, now }}
                  id={`${id}-${row.host}`}
                  isChosen={row.host === chosen}
                  style={{ transform: `translateY(${item.start}px)` }}
                  onChoose={() => setChosen(row.host)}
                  onOpen={() => onOpen(row.host)}
                />
              )
            );
          })}
        </div>
      </div>
      <Foot {...{ run, row: at, span, now }} />
    </>
  );
}

function nextPlace(key: string, place: number, count: number): number | null {
  const places: Record<string, number> = {
    ArrowDown: place + 1,
    j: place + 1,
    ArrowUp: place - 1,
    k: place - 1,
    PageDown: place + 20,
    PageUp: place - 20,
    Home: 0,
    End: count - 1,
  };
  const next = places[key];
  return next === undefined ? null : Math.min(Math.max(next, 0), count - 1);
}

type BarProps = {
  run: Run;
  row: HostRow;
  span: Span;
  now: number;
  id: string;
  isChosen: boolean;
  style: CSSProperties;
  onChoose: () => void;
  onOpen: () => void;
};

function Bar({ run, row, span, now, id, isChosen, style, onChoose, onOpen }: BarProps): ReactElement {
  const status = shownStatus(row.status, run);
  const words = useWords({ run, row, span, now });
  const { left, width } = shareOf(span, row.startedAt ?? span.from, row.endedAt ?? now);
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the list around takes the keys
    <div
      role="option"
      id={id}
      aria-selected={isChosen}
      title={words}
      className="timeline-row"
      style={style}
      onClick={onChoose}
      onDoubleClick={onOpen}
    >
      <span className="unseen">{words}</span>
      <StateShape status={status} />
      <span className="cut" aria-hidden="true">
        {targetName(row.name)}
      </span>
      <span className="timeline-track">
        {row.startedAt !== null && (
          <span className="timeline-bar" data-status={status} style={{ left: `${left}%`, width: `${width}%` }}>
            {isKilled(row) && <span className="timeline-killed" />}
          </span>
        )}
      </span>
      <span className="timeline-took tabular" aria-hidden="true">
        {durationOf(row, now)}
      </span>
    </div>
  );
}

/** Whether a process of it had to be killed. */
const isKilled = ({ stopped }: HostRow): boolean => stopped !== null && /\bKILL to [1-9]/.test(stopped);

function durationOf(row: HostRow, now: number): string {
  const took = tookOf(row, now);
  return took === null ? '' : durationText(took);
}

type WordsProps = Pick<BarProps, 'run' | 'row' | 'span' | 'now'>;

/** What the bar shows, as numbers. */
function useWords({ run, row, span, now }: WordsProps): string {
  const { t } = useTranslation();
  const state = t(`status.${shownStatus(row.status, run)}`);
  const name = targetName(row.name);
  if (row.startedAt === null) {
    return t('timeline.notBegun', { name, state });
  }
  const begin = durationText(Math.max(0, row.startedAt - span.from));
  const took = durationOf(row, now);
  const words = t(row.endedAt === null ? 'timeline.going' : 'timeline.took', { name, state, begin, took });
  return row.stopped === null ? words : `${words} · ${row.stopped}`;
}

/** The chosen bar in words, for eyes and keys alike. */
function Foot({ row, ...rest }: Omit<WordsProps, 'row'> & { row: HostRow | undefined }): ReactElement {
  const { t } = useTranslation();
  return (
    <p className="timeline-foot tabular" role="status">
      {row ? <Words row={row} {...rest} /> : <span className="quiet">{t('timeline.hint')}</span>}
    </p>
  );
}

function Words(props: WordsProps): ReactElement {
  return <span>{useWords(props)}</span>;
}
