import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '#contract';
import type { HostStatus, Run } from '#contract/run';
import { useAct } from '../../client/use-call.ts';
import { ErrorNotice } from '../../ui/notice.tsx';
import { StateShape } from '../../ui/state-badge.tsx';
import { rerunOffers } from '../run/run-actions.ts';

type ResultLineProps = {
  run: Run;
  /** The login for a run again; what was given before is not stored. */
  login: () => InputOf<'run.rerun'>['login'];
  onStarted: (no: number) => void;
};

const shown = ['success', 'failed', 'timeout', 'cancelled', 'skipped'] as const satisfies readonly HostStatus[];

/** What came of a run with several targets, and what can be run again in place. */
export function ResultLine({ run, login, onStarted }: ResultLineProps): ReactElement {
  const { t } = useTranslation();
  const rerun = useAct('run.rerun');
  const offers = rerunOffers(run).filter(({ hosts }) => hosts !== 'all');
  const again = (hosts: (typeof offers)[number]['hosts']): void => {
    const given = login();
    rerun.mutate({ run: run.no, hosts, ...(given && { login: given }) }, { onSuccess: ({ no }) => onStarted(no) });
  };
  return (
    <div className="result-line" role="group" aria-label={t('quick.result')}>
      <span className="result-counts" role="status">
        {shown.flatMap((status) =>
          run.counts[status] === 0
            ? []
            : [
                <span key={status} className="result-count tabular">
                  <StateShape status={status} />
                  {t(`quick.count.${status}`, { count: run.counts[status] })}
                </span>,
              ],
        )}
        {run.counts.unreachable > 0 && (
          <span className="quiet tabular">{t('counts.unreachable', { count: run.counts.unreachable })}</span>
        )}
      </span>
      {offers.map(({ hosts, count }) => (
        <Button
          key={hosts}
          variant="default"
          size="compact-xs"
          leftSection={<IconRefresh size={13} stroke={1.7} aria-hidden="true" />}
          loading={rerun.isPending}
          onClick={() => again(hosts)}
        >
          {t(hosts === 'failed' ? 'quick.againFailed' : 'quick.againNotStarted', { count })}
        </Button>
      ))}
      {rerun.error && <ErrorNotice error={rerun.error} />}
    </div>
  );
}
