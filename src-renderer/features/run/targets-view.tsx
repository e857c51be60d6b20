import { TextInput } from '@mantine/core';
import { type ReactElement, type RefObject, useDeferredValue, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HostReason, HostRow, HostStatus, Run, RunDetail } from '#contract/run';
import { isFinal } from '../../client/live-runs.ts';
import { ColumnMenu } from '../../ui/column-menu.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { StateBadge, StateShape } from '../../ui/state-badge.tsx';
import { targetName } from '../../ui/target-name.ts';
import { Duration } from '../../ui/time.tsx';
import { type DataTableModel, useDataTable } from '../../ui/use-data-table.ts';
import { useKeys } from '../../ui/use-keys.ts';
import { ResultSetMenu } from './result-set-menu.tsx';
import { shownStatus } from './shown-status.ts';
import { messageOf, targetColumns } from './target-columns.tsx';
import { filterTargets, reasonsIn, statesIn, type TargetFilter } from './target-filter.ts';
import './targets-view.css';

type NarrowedTo = { readonly state: HostStatus | undefined; readonly reason: HostReason | undefined };

type TargetsProps = {
  run: Run;
  detail: RunDetail | undefined;
  hosts: readonly HostRow[];
  narrowed: NarrowedTo;
  /** Ticks and the place stay while another tab is looked at. */
  isShown: boolean;
  onNarrow: (to: NarrowedTo) => void;
  onOpen: (host: number) => void;
};

const idOf = ({ host }: HostRow): string => String(host);

/** Every target of a run as a table: what became of it, and what can be done with any set of them. */
export function TargetsView(props: TargetsProps): ReactElement {
  const { t } = useTranslation();
  const { run, hosts, narrowed, isShown } = props;
  const [text, setText] = useState('');
  const place = useRef(0);
  const { status } = run;
  const columns = useMemo(() => targetColumns(t, { status }), [t, status]);
  const { state, reason } = narrowed;
  const looked = useDeferredValue(text);
  const rows = useMemo(
    () => filterTargets(hosts, { status }, { text: looked, state, reason }),
    [hosts, status, looked, state, reason],
  );
  const model = useDataTable({ name: 'run-targets', rows, columns, idOf });
  if (!isShown) {
    return <div />;
  }
  return (
    <div className="hosts">
      <FilterLine {...props} filter={{ text, ...narrowed }} onText={setText} model={model} />
      {rows.length === 0 ? (
        <p className="quiet hosts-none">{t('hosts.none')}</p>
      ) : (
        <Table {...{ ...props, model, place }} />
      )}
    </div>
  );
}

type FilterProps = TargetsProps & {
  filter: TargetFilter;
  onText: (text: string) => void;
  model: DataTableModel<HostRow>;
};

function FilterLine({ filter, onText, model, ...props }: FilterProps): ReactElement {
  const { t } = useTranslation();
  const { run, detail, hosts, onNarrow, narrowed } = props;
  const field = useRef<HTMLInputElement>(null);
  useKeys({ '/': { does: t('hosts.search'), act: () => field.current?.focus() } });
  const { ticked, rows } = model;
  const isPart = rows.length < run.counts.total;
  return (
    <div className="hosts-head">
      <TextInput
        ref={field}
        className="hosts-search"
        aria-label={t('hosts.search')}
        placeholder={t('hosts.searchPlaceholder')}
        value={filter.text}
        onChange={(event) => onText(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && onText('')}
      />
      <div className="hosts-chips" role="group" aria-label={t('hosts.states')}>
        {statesIn(hosts, run).map(({ value, count }) => (
          <Chip
            key={value}
            isOn={narrowed.state === value}
            onClick={() => onNarrow({ ...narrowed, state: narrowed.state === value ? undefined : value })}
          >
            <StateShape status={value} />
            {t(`status.${value}`)}
            <span className="tabular quiet">{count}</span>
          </Chip>
        ))}
      </div>
      <Reasons {...{ hosts, narrowed, onNarrow }} />
      <div className="hosts-set">
        <ResultSetMenu
          {...{ run, detail }}
          hosts={ticked.length > 0 ? ticked : rows}
          label={
            ticked.length > 0
              ? t('hosts.ticked', { count: ticked.length })
              : t(isPart ? 'hosts.shown' : 'hosts.all', { count: rows.length })
          }
        />
        <ColumnMenu model={model} />
      </div>
    </div>
  );
}

function Reasons({
  hosts,
  narrowed,
  onNarrow,
}: Pick<TargetsProps, 'hosts' | 'narrowed' | 'onNarrow'>): ReactElement | null {
  const { t } = useTranslation();
  const reasons = reasonsIn(hosts);
  if (reasons.length === 0) {
    return null;
  }
  return (
    <div className="hosts-chips" role="group" aria-label={t('hosts.reasons')}>
      {reasons.map(({ value, count }) => (
        <Chip
          key={value}
          isOn={narrowed.reason === value}
          onClick={() => onNarrow({ ...narrowed, reason: narrowed.reason === value ? undefined : value })}
        >
          {t(`hostReason.${value}`)}
          <span className="tabular quiet">{count}</span>
        </Chip>
      ))}
    </div>
  );
}

function Chip(props: { isOn: boolean; onClick: () => void; children: React.ReactNode }): ReactElement {
  return (
    <button type="button" className="hosts-chip" aria-pressed={props.isOn} onClick={props.onClick}>
      {props.children}
    </button>
  );
}

type TableProps = TargetsProps & { model: DataTableModel<HostRow>; place: RefObject<number> };

function Table({ run, model, onOpen, place }: TableProps): ReactElement {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const box = scroller.current;
    box?.scrollTo({ top: place.current });
    return () => {
      place.current = box?.scrollTop ?? 0;
    };
  }, [place]);
  return (
    <DataTable
      model={model}
      label={t('hosts.label')}
      scroller={scroller}
      onOpen={({ host }) => onOpen(host)}
      tickLabel={({ name }) => t('hosts.tick', { name: targetName(name) })}
      narrowRow={(host) => <NarrowTarget run={run} host={host} />}
    />
  );
}

/** A target where there is no room for columns. */
function NarrowTarget({ run, host }: { run: Run; host: HostRow }): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <span>
        <StateBadge status={shownStatus(host.status, run)} />
        <span className="cut">{targetName(host.name)}</span>
        <Duration of={host} ticking={!isFinal(run) && host.endedAt === null} />
      </span>
      <span>
        <span className="cut quiet">
          {[host.reason && t(`hostReason.${host.reason}`), messageOf(host) || host.address].filter(Boolean).join(' · ')}
        </span>
      </span>
    </>
  );
}
