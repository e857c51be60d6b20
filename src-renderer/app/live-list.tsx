import { Button } from '@mantine/core';
import { IconPlayerStop } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactElement, use } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '#contract/run';
import { useLiveRuns } from '../client/use-connection.ts';
import { allows } from '../features/run/run-actions.ts';
import { useRunActions } from '../features/run/use-run-actions.ts';
import { Close } from '../ui/dropdown.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { runTitle } from '../ui/run-title.ts';
import { StateShape } from '../ui/state-badge.tsx';
import { Duration } from '../ui/time.tsx';

/** More have their place in the list of runs. */
const mostShown = 8;

/** The runs that have not ended, with how far each is. */
export function LiveList(): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const close = use(Close);
  const runs = useLiveRuns();
  const showAll = (): void => {
    close();
    void navigate({ to: '/runs', search: { status: 'pending,running,cancelling', window: 'all' } });
  };
  return (
    <>
      {runs.length === 0 && <p className="quiet live-none">{t('frame.noLive')}</p>}
      <ul className="live-list">
        {runs.slice(0, mostShown).map((run) => (
          <LiveRun key={run.id} run={run} onOpen={close} />
        ))}
      </ul>
      <Button variant="default" size="compact-xs" onClick={showAll}>
        {runs.length > mostShown ? t('frame.showLive', { count: runs.length }) : t('frame.showLiveList')}
      </Button>
    </>
  );
}

function LiveRun({ run, onOpen }: { run: Run; onOpen: () => void }): ReactElement {
  const { t } = useTranslation();
  const { cancel, isBusy } = useRunActions(run.no);
  const { total, pending, running } = run.counts;
  const done = total - pending - running;
  return (
    <li>
      <StateShape status={run.status} />
      <span className="live-name">
        <Link to="/runs/$no" params={{ no: String(run.no) }} className="cut" onClick={onOpen}>
          <span className="tabular">{`#${run.no}`}</span> {runTitle(run)}
        </Link>
        <span className="live-figures quiet tabular">
          {t('frame.progress', { done, total })}
          <Duration of={run} ticking />
        </span>
        <progress value={done} max={total} aria-label={t('frame.progressOf', { no: run.no })} />
      </span>
      {allows(run, 'cancel') ? (
        <IconButton label={t('frame.cancelRun', { no: run.no })} disabled={isBusy} onClick={cancel}>
          <IconPlayerStop size={15} stroke={1.6} />
        </IconButton>
      ) : (
        <span className="quiet">{t(`status.${run.status}`)}</span>
      )}
    </li>
  );
}
