import { IconHistory } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { DroverError } from '#contract/errors';
import { hostsOfRun } from '../../client/hosts-of-run.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, MenuItem, MenuLabel } from '../../ui/menu.tsx';
import { targetName } from '../../ui/target-name.ts';
import { tell } from '../../ui/tell.ts';
import { type Where, whereOf } from '../../ui/where-of.ts';
import { recentSelections } from './recent-selections.ts';
import type { Recall } from './use-recall.ts';

type RecentTargetsProps = { runs: Recall['runs']; present: string; onChoose: (where: Where) => void };

/** Where the last quick runs went, to go there again. */
export function RecentTargets({ runs, present, onChoose }: RecentTargetsProps): ReactElement {
  const { t } = useTranslation();
  const recent = recentSelections(runs, present);
  const choose = async (run: (typeof recent)[number]): Promise<void> => {
    try {
      onChoose(whereOf(run, await hostsOfRun(run.no)));
    } catch (error) {
      if (!(error instanceof DroverError)) {
        throw error;
      }
      tell({ kind: 'error', message: error.message });
    }
  };
  return (
    <Menu
      label={t('quick.recentTargets')}
      align="end"
      trigger={
        <IconButton size={26} label={t('quick.recentTargets')}>
          <IconHistory size={15} stroke={1.6} aria-hidden="true" />
        </IconButton>
      }
    >
      <MenuLabel>{t(recent.length === 0 ? 'quick.recentNone' : 'quick.recentTargets')}</MenuLabel>
      {recent.map((run) => (
        <MenuItem
          key={run.no}
          end={<span className="quiet tabular recent-count">{t('counts.targets', { count: run.counts.total })}</span>}
          onClick={() => void choose(run)}
        >
          <span className="mono cut recent-selector">{targetName(run.selector)}</span>
        </MenuItem>
      ))}
    </Menu>
  );
}
