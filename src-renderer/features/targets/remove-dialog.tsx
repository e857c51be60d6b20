import { Button, Modal, TextInput } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Target } from '#contract/target';
import { addressText } from './target-words.ts';

type RemoveProps = {
  targets: readonly Target[];
  onClose: () => void;
  onRemove: () => void;
};

/** From here on the number is typed, so that nobody removes a herd with one click. */
const typedFrom = 5;
const shownNames = 50;

/** Names what is removed, and asks. */
export function RemoveDialog({ targets, onClose, onRemove }: RemoveProps): ReactElement {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const count = targets.length;
  const isTyped = count < typedFrom || typed.trim() === String(count);
  const name = targets[0]?.name ?? '';
  const remove = (): void => {
    onClose();
    onRemove();
  };
  return (
    <Modal
      opened
      centered
      onClose={onClose}
      title={count === 1 ? t('targets.removeOne', { name }) : t('targets.removeMany', { count })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        className="target-dialog"
        onSubmit={(event) => {
          event.preventDefault();
          if (isTyped) {
            remove();
          }
        }}
      >
        <p>{t('targets.removeMeans')}</p>
        <ul className="target-names" aria-label={t('targets.removeList')}>
          {targets.slice(0, shownNames).map((target) => (
            <li key={target.id}>
              <strong className="cut">{target.name}</strong>
              <span className="mono quiet cut">{addressText(target)}</span>
            </li>
          ))}
          {count > shownNames && <li className="quiet">{t('targets.moreNames', { count: count - shownNames })}</li>}
        </ul>
        {count >= typedFrom && (
          <TextInput
            label={t('targets.typeNumber', { count })}
            value={typed}
            inputMode="numeric"
            autoComplete="off"
            data-autofocus
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        )}
        <div className="dialog-choices">
          <Button variant="default" onClick={onClose} data-autofocus={count < typedFrom || undefined}>
            {t('targets.keep')}
          </Button>
          <Button color="red.8" type="submit" disabled={!isTyped}>
            {count === 1 ? t('targets.removeOne', { name }) : t('targets.removeMany', { count })}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
