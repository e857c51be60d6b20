import { Button, Modal } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import './blast-card.css';

type ReplaceDialogProps = { name: string; onAnswer: (yes: boolean) => void };

/** Asks before a file takes the place of typed text. */
export function ReplaceDialog({ name, onAnswer }: ReplaceDialogProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      centered
      onClose={() => onAnswer(false)}
      title={t('quick.replaceTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <p className="replace-text">{t('quick.replaceText', { name })}</p>
      <div className="card-choices">
        <Button variant="default" data-autofocus onClick={() => onAnswer(false)}>
          {t('quick.replaceKeep')}
        </Button>
        <Button onClick={() => onAnswer(true)}>{t('quick.replaceYes')}</Button>
      </div>
    </Modal>
  );
}
