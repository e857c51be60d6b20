import { Button, Checkbox } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { VaultState } from '#contract/credential';
import { queries } from '../../client/index.ts';
import { useAct, useCall } from '../../client/use-call.ts';
import { ErrorNotice } from '../../ui/notice.tsx';
import { tell } from '../../ui/tell.ts';
import { CommandLine } from './command-line.tsx';
import { SecretInput } from './secret-input.tsx';
import { useRole } from './use-role.ts';

const leastPassphrase = 8;

const take = (state: VaultState): void => void queries.setQueryData(['vault.state', {}], state);

/** Whether stored secrets can be opened, by what, and the way to open them. */
export function SecretsSection(): ReactElement {
  const { t } = useTranslation();
  const { data: vault, error } = useCall('vault.state', {});
  const { isOwner } = useRole();
  if (!vault) {
    return <>{error && <ErrorNotice error={error} />}</>;
  }
  const isOpen = vault.state === 'open';
  const openers = vault.openers.map((opener) => t(`settings.secrets.opener.${opener}`)).join(', ');
  return (
    <>
      <dl className="settings-facts">
        <div>
          <dt>{t('settings.secrets.state')}</dt>
          <dd className={isOpen ? undefined : 'settings-danger'}>
            {isOpen ? t('settings.secrets.open') : t('settings.secrets.locked')}
          </dd>
        </div>
        <div>
          <dt>{t('settings.secrets.openers')}</dt>
          <dd>{openers || t('settings.secrets.none')}</dd>
        </div>
      </dl>
      {!isOpen && <p className="settings-why">{vault.message}</p>}
      {!isOpen && <p className="quiet">{t('settings.secrets.wayOut')}</p>}
      {isOwner ? <OwnerDeed vault={vault} /> : <OwnerOnly />}
    </>
  );
}

function OwnerDeed({ vault }: { vault: VaultState }): ReactElement | null {
  if (vault.state === 'open') {
    return <SetPassphrase vault={vault} />;
  }
  return vault.openers.includes('passphrase') ? <Unlock /> : null;
}

function OwnerOnly(): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="settings-block">
      <p className="quiet">{t('settings.secrets.ownerOnly')}</p>
      <dl className="settings-facts">
        {(
          [
            ['ownerUnlock', 'drover unlock'],
            ['ownerSet', 'drover unlock --set'],
            ['ownerRemove', 'drover unlock --set --remove-key-file'],
          ] as const
        ).map(([key, command]) => (
          <div key={key}>
            <dt>{t(`settings.secrets.${key}`)}</dt>
            <dd>
              <CommandLine command={command} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Unlock(): ReactElement {
  const { t } = useTranslation();
  const act = useAct('vault.unlock');
  const [passphrase, setPassphrase] = useState('');
  const unlock = (): void =>
    act.mutate(
      { passphrase },
      {
        onSuccess: (state) => {
          take(state);
          tell({ message: t('settings.secrets.unlocked') });
        },
        onSettled: () => setPassphrase(''),
      },
    );
  return (
    <form
      className="settings-block settings-narrow"
      onSubmit={(event) => {
        event.preventDefault();
        if (passphrase !== '' && !act.isPending) {
          unlock();
        }
      }}
    >
      <SecretInput label={t('settings.secrets.unlockLabel')} value={passphrase} onChange={setPassphrase} />
      {act.error && <ErrorNotice error={act.error} />}
      <div className="settings-buttons">
        <Button type="submit" loading={act.isPending} disabled={passphrase === ''}>
          {t('settings.secrets.unlock')}
        </Button>
      </div>
    </form>
  );
}

const nothingTyped = { first: '', again: '', remove: false, isSure: false };

const mayBeKept = ({ first, again, remove, isSure }: typeof nothingTyped): boolean =>
  first.length >= leastPassphrase && first === again && (!remove || isSure);

function SetPassphrase({ vault }: { vault: VaultState }): ReactElement {
  const { t } = useTranslation();
  const act = useAct('vault.passphrase');
  const [typed, setTyped] = useState(nothingTyped);
  const title = vault.openers.includes('passphrase') ? t('settings.secrets.change') : t('settings.secrets.set');
  const change = (some: Partial<typeof nothingTyped>): void => setTyped((before) => ({ ...before, ...some }));
  const save = (): void =>
    act.mutate(
      { passphrase: typed.first, removeKeyFile: typed.remove },
      {
        onSuccess: (state) => {
          take(state);
          setTyped(nothingTyped);
          tell({ message: t('settings.secrets.saved') });
        },
      },
    );
  return (
    <form
      className="settings-block settings-narrow"
      onSubmit={(event) => {
        event.preventDefault();
        if (mayBeKept(typed) && !act.isPending) {
          save();
        }
      }}
    >
      <h3>{title}</h3>
      <p className="quiet">{t('settings.secrets.setText')}</p>
      <PassphraseFields {...{ typed, change }} />
      {vault.openers.includes('key-file') && <KeyFileFields {...{ typed, change }} />}
      {act.error && <ErrorNotice error={act.error} />}
      <div className="settings-buttons">
        <Button type="submit" loading={act.isPending} disabled={!mayBeKept(typed)}>
          {title}
        </Button>
      </div>
    </form>
  );
}

type FieldsProps = { typed: typeof nothingTyped; change: (some: Partial<typeof nothingTyped>) => void };

function PassphraseFields({ typed: { first, again }, change }: FieldsProps): ReactElement {
  const { t } = useTranslation();
  const isShort = first !== '' && first.length < leastPassphrase;
  const differs = again !== '' && first !== again;
  return (
    <>
      <SecretInput
        label={t('settings.secrets.new')}
        value={first}
        error={isShort ? t('settings.secrets.short') : undefined}
        onChange={(value) => change({ first: value })}
      />
      <SecretInput
        label={t('settings.secrets.again')}
        value={again}
        error={differs ? t('settings.secrets.different') : undefined}
        onChange={(value) => change({ again: value })}
      />
    </>
  );
}

function KeyFileFields({ typed: { remove, isSure }, change }: FieldsProps): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <Checkbox
        label={t('settings.secrets.removeKeyFile')}
        checked={remove}
        onChange={({ currentTarget }) => change({ remove: currentTarget.checked })}
      />
      {remove && (
        <Checkbox
          label={t('settings.secrets.removeSure')}
          checked={isSure}
          onChange={({ currentTarget }) => change({ isSure: currentTarget.checked })}
        />
      )}
    </>
  );
}
