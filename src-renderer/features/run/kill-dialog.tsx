import { Button, Modal } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '#contract/run';

type KillProps = { no: number; counts: Run['counts']; onClose: () => void; onKill: () => void };

/** Asks before processes are killed without a chance to clean up. */
export function KillDialog({ no, counts, onClose, onKill }: KillProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('run.killTitle', { no })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      centered
    >
      <p className="kill-text">{t('run.killText')}</p>
      <p className="kill-text tabular">
        {t('run.killTargets', { count: counts.running })} {t('run.cancelSkips', { count: counts.pending })}
      </p>
      <div className="kill-choices">
        <Button variant="default" data-autofocus onClick={onClose}>
          {t('run.keepRunning')}
        </Button>
        <Button
          color="red.8"
          onClick={() => {
            onClose();
            onKill();
          }}
        >
          {t('run.killConfirm', { no })}
        </Button>
      </div>
    </Modal>
  );
}
