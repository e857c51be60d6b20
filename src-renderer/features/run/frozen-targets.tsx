import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactElement, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { HostRow, Run, RunDetail } from '#contract/run';
import { StateBadge } from '../../ui/state-badge.tsx';
import { targetName } from '../../ui/target-name.ts';
import { ResultSetMenu } from './result-set-menu.tsx';
import { shownStatus } from './shown-status.ts';

const rowHeight = 26;

/** The targets as they were frozen before the run began, all of them. */
export function FrozenTargets({
  detail,
  run,
  hosts,
}: {
  detail: RunDetail;
  run: Run;
  hosts: readonly HostRow[];
}): ReactElement {
  const { t } = useTranslation();
  return (
    <section>
      <div className="plan-line">
        <h2>{t('plan.frozen')}</h2>
        <ResultSetMenu {...{ run, detail, hosts }} label={t('counts.targets', { count: hosts.length })} />
      </div>
      <Rows run={run} hosts={hosts} />
      <p className="quiet plan-digest">
        {t('plan.planDigest')} <code>{detail.planSha256}</code>
      </p>
    </section>
  );
}

function Rows({ run, hosts }: { run: Run; hosts: readonly HostRow[] }): ReactElement {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- no compiler memoizes here
  const virtual = useVirtualizer({
    count: hosts.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a long list scrolls by keys
    <div
      className="plan-targets"
      ref={box}
      tabIndex={0}
      role="table"
      aria-label={t('plan.frozen')}
      aria-rowcount={hosts.length + 1}
    >
      <div role="rowgroup" className="plan-targets-head">
        <div role="row" aria-rowindex={1} className="plan-target quiet">
          <span role="columnheader">{t('plan.target')}</span>
          <span role="columnheader">{t('plan.address')}</span>
          <span role="columnheader">{t('plan.result')}</span>
        </div>
      </div>
      <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map((item) => {
          const host = hosts[item.index];
          return (
            host && (
              <div
                key={host.host}
                role="row"
                aria-rowindex={item.index + 2}
                className="plan-target plan-target-placed"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <span role="cell" className="cut" title={host.name}>
                  {targetName(host.name)}
                </span>
                <span role="cell" className="cut quiet" title={host.address}>
                  {host.address}
                </span>
                <span role="cell">
                  <StateBadge status={shownStatus(host.status, run)} />
                </span>
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}
