import { Button } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '#contract/run';
import { Menu, MenuItem, MenuLine } from '../../ui/menu.tsx';
import { mayHalt } from './run-actions.ts';
import type { RunActions } from './use-run-actions.ts';

type StopMenuProps = { run: Run; actions: RunActions; onKill: () => void };

/** How far a stop can go, the mildest first, each with what it will do to how many targets. */
export function StopMenu({ run, actions, onKill }: StopMenuProps): ReactElement {
  const { t } = useTranslation();
  const { running, pending } = run.counts;
  const skips = t('run.cancelSkips', { count: pending });
  return (
    <Menu
      label={t('stop.levels')}
      align="end"
      trigger={
        <Button className="stop-more" variant="default" aria-label={t('stop.levels')} title={t('stop.levels')}>
          <IconChevronDown size={15} stroke={1.6} aria-hidden="true" />
        </Button>
      }
    >
      {mayHalt(run) && (
        <Level
          name={t('stop.halt')}
          does={`${skips} ${t('stop.haltGoOn', { count: running })}`}
          onClick={actions.halt}
        />
      )}
      <Level
        name={t('run.cancel')}
        does={`${t('run.cancelTargets', { count: running })} ${skips}`}
        onClick={actions.cancel}
      />
      <MenuLine />
      <Level
        name={t('run.kill')}
        does={`${t('stop.killText')} ${t('run.killTargets', { count: running })} ${skips}`}
        onClick={onKill}
      />
    </Menu>
  );
}

function Level({ name, does, onClick }: { name: string; does: string; onClick: () => void }): ReactElement {
  return (
    <MenuItem onClick={onClick}>
      <span className="stop-level">
        <strong>{name}</strong>
        <span className="quiet tabular">{does}</span>
      </span>
    </MenuItem>
  );
}
