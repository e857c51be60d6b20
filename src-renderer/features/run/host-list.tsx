import { NativeSelect, TextInput } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactElement, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HostRow, HostStatus, Run } from '#contract/run';
import { targetName } from '../../ui/target-name.ts';
import { StateShape } from '../../ui/state-badge.tsx';
import { shownStatus, toldByStatus } from './shown-status.ts';

type HostListProps = {
  run: Run | undefined;
  hosts: readonly HostRow[];
  /** Matching lines by target, while somebody searches the output. */
  hits: ReadonlyMap<number, number> | null;
  chosen: number | null;
  onChoose: (host: number | null) => void;
};

const states: readonly HostStatus[] = [
  'running',
  'pending',
  'cancelling',
  'failed',
  'timeout',
  'cancelled',
  'skipped',
  'success',
];

/** The targets of a run, by name and state; one of them, or all, chooses the output beside. */
export function HostList({ run, hosts: all, hits, chosen, onChoose }: HostListProps): ReactElement {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [state, setState] = useState('');
  const hosts = all.map((host) => ({ ...host, status: shownStatus(host.status, run) }));
  const present = states.filter((status) => hosts.some((host) => host.status === status));
  const needle = text.toLowerCase();
  const rows = hosts.filter(
    (host) => (state === '' || host.status === state) && `${host.name} ${host.address}`.toLowerCase().includes(needle),
  );
  return (
    <aside className="host-list" aria-label={t('output.targets')}>
      <div className="host-filter">
        <TextInput
          aria-label={t('output.filterTargets')}
          placeholder={t('output.filterTargets')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <NativeSelect
          aria-label={t('output.state')}
          value={state}
          onChange={(event) => setState(event.currentTarget.value)}
          data={[
            { value: '', label: t('output.anyState') },
            ...present.map((value) => ({ value, label: t(`status.${value}`) })),
          ]}
        />
      </div>
      <button
        type="button"
        className="host-row host-row-all"
        aria-pressed={chosen === null}
        onClick={() => onChoose(null)}
      >
        {t('output.allTargets')}
        <span className="quiet tabular">{hosts.length}</span>
      </button>
      {rows.length === 0 && <p className="quiet host-none">{t('output.noTarget')}</p>}
      <HostRows rows={rows} hits={hits} chosen={chosen} onChoose={onChoose} />
    </aside>
  );
}

function HostRows({
  rows,
  hits,
  chosen,
  onChoose,
}: { rows: readonly HostRow[] } & Omit<HostListProps, 'hosts' | 'run'>): ReactElement {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- no compiler memoizes here
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 28,
    overscan: 12,
  });
  return (
    <div className="host-rows" ref={scroller}>
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map((item) => {
          const host = rows[item.index];
          return (
            host && (
              <button
                type="button"
                key={host.host}
                className="host-row"
                style={{ transform: `translateY(${item.start}px)` }}
                aria-pressed={chosen === host.host}
                title={[host.address, host.message].filter((text) => text !== '').join('\n')}
                onClick={() => onChoose(host.host)}
              >
                <StateShape status={host.status} />
                <span className="cut">{targetName(host.name)}</span>
                <span className="unseen">{t(`status.${host.status}`)}</span>
                {host.reason && !toldByStatus.has(host.reason) && (
                  <span className="host-reason cut">{t(`hostReason.${host.reason}`)}</span>
                )}
                {hits && <HitCount count={hits.get(host.host) ?? 0} />}
                {host.exitCode !== null && host.exitCode !== 0 && (
                  <span className="exit exit-bad">{t('output.exitCode', { code: host.exitCode })}</span>
                )}
              </button>
            )
          );
        })}
      </div>
    </div>
  );
}

function HitCount({ count }: { count: number }): ReactElement | null {
  const { t } = useTranslation();
  return count === 0 ? null : (
    <span className="host-hits tabular" title={t('find.hits', { count })}>
      {count}
    </span>
  );
}
