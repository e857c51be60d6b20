import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '#contract/run';
import { MenuItem, MenuLabel } from '../../ui/menu.tsx';
import { runTitle } from '../../ui/run-title.ts';
import { StateShape } from '../../ui/state-badge.tsx';
import { Ago } from '../../ui/time.tsx';
import type { Recall } from './use-recall.ts';

/** One line of the last quick runs. */
function RecallLine({ run }: { run: Run }): ReactElement {
  const { t } = useTranslation();
  return (
    <span className="recall-line">
      <StateShape status={run.status} />
      <span className="unseen">{t(`status.${run.status}`)}</span>
      <span className="mono cut">{runTitle(run)}</span>
      <span className="quiet recall-when">
        <Ago at={run.createdAt} />
      </span>
    </span>
  );
}

/** The last quick runs in a menu. */
export function RecallItems({ recall }: { recall: Recall }): ReactElement {
  const { t } = useTranslation();
  if (recall.runs.length === 0) {
    return <MenuLabel>{t('quick.lastNone')}</MenuLabel>;
  }
  return (
    <>
      <MenuLabel>{t('quick.lastTitle')}</MenuLabel>
      {recall.runs.map((run) => (
        <MenuItem key={run.id} onClick={() => recall.bring(run.no)}>
          <RecallLine run={run} />
        </MenuItem>
      ))}
    </>
  );
}

/** The same on the page, as long as no output stands there. */
export function RecallList({ recall }: { recall: Recall }): ReactElement {
  const { t } = useTranslation();
  return (
    <ul className="recall-list" aria-label={t('quick.lastTitle')}>
      {recall.runs.map((run) => (
        <li key={run.id}>
          <button
            type="button"
            title={t('quick.recall', { no: run.no, summary: runTitle(run) })}
            onClick={() => recall.bring(run.no)}
          >
            <RecallLine run={run} />
          </button>
        </li>
      ))}
    </ul>
  );
}
