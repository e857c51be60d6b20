import { IconDots } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Target } from '#contract/target';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, MenuItem, MenuLine } from '../../ui/menu.tsx';
import { targetName } from '../../ui/target-name.ts';

type RowMenuProps = {
  target: Target;
  onRun: () => void;
  onTest: () => void;
  onMaintain: () => void;
  onRemove: () => void;
};

/** What can be done with one target from the list. */
export function RowMenu({ target, onRun, onTest, onMaintain, onRemove }: RowMenuProps): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const label = t('targets.actionsOf', { name: targetName(target.name) });
  return (
    <Menu
      label={label}
      align="end"
      trigger={
        <IconButton size={24} label={label}>
          <IconDots size={16} stroke={1.6} />
        </IconButton>
      }
    >
      <MenuItem onClick={onRun}>{t('targets.runOnThis')}</MenuItem>
      <MenuItem onClick={() => void navigate({ to: '/targets/$target', params: { target: target.id } })}>
        {t('targets.open')}
      </MenuItem>
      {target.connection !== 'local' && (
        <>
          <MenuItem onClick={onTest}>{t('targets.testOne')}</MenuItem>
          <MenuItem
            onClick={() =>
              void navigate({ to: '/targets/$target', params: { target: target.id }, search: { edit: true } })
            }
          >
            {t('targets.edit')}
          </MenuItem>
          <MenuItem onClick={() => void navigate({ to: '/targets/new', search: { from: target.id } })}>
            {t('targets.duplicate')}
          </MenuItem>
          <MenuItem onClick={onMaintain}>
            {t(target.maintenance ? 'targets.endMaintenance' : 'targets.beginMaintenance')}
          </MenuItem>
          <MenuLine />
          <MenuItem onClick={onRemove}>{t('targets.removeOne', { name: target.name })}</MenuItem>
        </>
      )}
    </Menu>
  );
}
