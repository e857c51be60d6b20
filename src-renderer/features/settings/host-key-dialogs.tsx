import { Button, Checkbox, Modal } from '@mantine/core';
import { type ReactElement, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HostKey } from '#contract/host-key';
import type { DroverError } from '#contract/errors';
import { queries } from '../../client/index.ts';
import { useAct } from '../../client/use-call.ts';
import { ErrorNotice } from '../../ui/notice.tsx';

/** As known_hosts names a machine on another port. */
export const machineOf = ({ address, port }: Pick<HostKey, 'address' | 'port'>): string =>
  port === 22 ? address : `[${address}]:${port}`;

type DialogProps = { keys: readonly HostKey[]; onClose: () => void };

const again = (): void => void queries.invalidateQueries({ queryKey: ['hostkey.list'] });

/** A changed key shows both fingerprints, and is taken only by somebody who says so. */
export function AcceptDialog({ keys, onClose }: DialogProps): ReactElement {
  const { t } = useTranslation();
  const act = useAct('hostkey.accept');
  const [replace, setReplace] = useState(false);
  const changes = keys.some(({ replaces }) => replaces !== null);
  return (
    <KeysDialog
      {...{ keys, onClose }}
      title={t('settings.hostKeys.acceptTitle')}
      text={t('settings.hostKeys.acceptText')}
      error={act.error}
      confirm={
        <Button
          loading={act.isPending}
          disabled={changes && !replace}
          onClick={() =>
            act.mutate({ ids: keys.map(({ id }) => id), replace }, { onSuccess: onClose, onSettled: again })
          }
        >
          {t('settings.hostKeys.accept', { count: keys.length })}
        </Button>
      }
    >
      {changes && (
        <Checkbox
          label={t('settings.hostKeys.replace')}
          checked={replace}
          onChange={({ currentTarget }) => setReplace(currentTarget.checked)}
        />
      )}
    </KeysDialog>
  );
}

export function ForgetDialog({ keys, onClose }: DialogProps): ReactElement {
  const { t } = useTranslation();
  const act = useAct('hostkey.remove');
  return (
    <KeysDialog
      {...{ keys, onClose }}
      title={t('settings.hostKeys.removeTitle')}
      text={t('settings.hostKeys.removeText')}
      error={act.error}
      confirm={
        <Button
          color="red.8"
          loading={act.isPending}
          onClick={() => act.mutate({ ids: keys.map(({ id }) => id) }, { onSuccess: onClose, onSettled: again })}
        >
          {t('settings.hostKeys.remove', { count: keys.length })}
        </Button>
      }
    />
  );
}

type BoxProps = DialogProps & {
  title: string;
  text: string;
  error: DroverError | null;
  confirm: ReactNode;
  children?: ReactNode;
};

const mostShown = 200;

function KeysDialog({ keys, onClose, title, text, error, confirm, children }: BoxProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={onClose} title={title} size="lg" closeButtonProps={{ 'aria-label': t('common.close') }}>
      <div className="settings-dialog">
        <p className="quiet">{text}</p>
        <ul className="settings-list">
          {keys.slice(0, mostShown).map((key) => (
            <li key={key.id}>
              <span>{`${machineOf(key)} · ${key.type}`}</span>
              {key.replaces !== null && (
                <span className="settings-print">
                  <code>{key.replaces}</code> <span className="quiet">{t('settings.hostKeys.trustedBefore')}</span>
                </span>
              )}
              <span className="settings-print">
                <code className={key.replaces === null ? undefined : 'settings-danger'}>{key.fingerprint}</code>{' '}
                {key.replaces !== null && <span className="quiet">{t('settings.hostKeys.shownNow')}</span>}
              </span>
            </li>
          ))}
        </ul>
        {children}
        {error && <ErrorNotice error={error} />}
        <div className="settings-buttons">
          <Button variant="default" data-autofocus onClick={onClose}>
            {t('settings.hostKeys.cancel')}
          </Button>
          {confirm}
        </div>
      </div>
    </Modal>
  );
}
