import { Button, FileButton, Modal, Switch, Textarea, TextInput } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Credential } from '#contract/credential';
import { client, queries } from '../../client/index.ts';
import { DroverError } from '#contract/errors';
import { ChoiceBar } from '../../ui/choice-bar.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { tell } from '../../ui/tell.ts';
import {
  changeOf,
  creationOf,
  type CredentialFields,
  type CredentialKind,
  fieldsOf,
  generationOf,
  isComplete,
} from './credential-fields.ts';
import { SecretInput } from './secret-input.tsx';

type FormProps = { credential: Credential | null; onClose: () => void };

const kinds: readonly CredentialKind[] = ['key', 'generate', 'password', 'agent'];

/** A new credential, or another one's fields; what is closed forgets its secrets. */
export function CredentialForm({ credential, onClose }: FormProps): ReactElement {
  const { t } = useTranslation();
  const [fields, setFields] = useState(() => fieldsOf(credential));
  const saving = useSaving(credential, onClose);
  const change = (some: Partial<CredentialFields>): void => setFields((before) => ({ ...before, ...some }));
  return (
    <Modal
      opened
      onClose={onClose}
      title={
        credential ? t('settings.credentials.editTitle', { name: credential.name }) : t('settings.credentials.addTitle')
      }
      closeButtonProps={{ 'aria-label': t('common.close') }}
      size="lg"
    >
      <form
        className="settings-dialog"
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          saving.save(fields);
        }}
      >
        <TextInput
          label={t('settings.credentials.name')}
          value={fields.name}
          maxLength={128}
          data-autofocus
          autoComplete="off"
          onChange={({ currentTarget }) => change({ name: currentTarget.value })}
        />
        {!credential && (
          <ChoiceBar
            label={t('settings.credentials.kindOf')}
            value={fields.kind}
            choices={kinds.map((kind) => ({ value: kind, label: t(`settings.credentials.kind.${kind}`) }))}
            onChange={(kind) => change({ kind })}
          />
        )}
        <TextInput
          label={t('settings.credentials.user')}
          description={t('settings.credentials.userHint')}
          value={fields.user}
          maxLength={128}
          autoComplete="off"
          onChange={({ currentTarget }) => change({ user: currentTarget.value })}
        />
        <SecretFields {...{ fields, change }} isNew={credential === null} />
        <BecomeFields {...{ fields, change }} isNew={credential === null} />
        {saving.error && <ErrorNotice error={saving.error} />}
        <FormButtons {...{ fields, onClose }} isNew={credential === null} isBusy={saving.isBusy} />
      </form>
    </Modal>
  );
}

type ButtonsProps = { fields: CredentialFields; isNew: boolean; isBusy: boolean; onClose: () => void };

function FormButtons({ fields, isNew, isBusy, onClose }: ButtonsProps): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="settings-buttons">
      <Button variant="default" onClick={onClose}>
        {t('settings.credentials.cancel')}
      </Button>
      <Button type="submit" loading={isBusy} disabled={!isComplete(fields, isNew)}>
        {isNew ? t('settings.credentials.create') : t('settings.credentials.save')}
      </Button>
    </div>
  );
}

type Saving = { save: (fields: CredentialFields) => void; isBusy: boolean; error: DroverError | null };

function useSaving(credential: Credential | null, onDone: () => void): Saving {
  const { t } = useTranslation();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<DroverError | null>(null);
  const store = async (fields: CredentialFields): Promise<void> => {
    setBusy(true);
    try {
      const { name } = await stored(credential, fields);
      tell({ message: t(credential ? 'settings.credentials.saved' : 'settings.credentials.created', { name }) });
      onDone();
    } catch (failure) {
      if (!(failure instanceof DroverError)) {
        throw failure;
      }
      setError(failure);
    } finally {
      setBusy(false);
      void queries.invalidateQueries({ queryKey: ['credential.list'] });
    }
  };
  return { save: (fields) => void (isBusy || store(fields)), isBusy, error };
}

function stored(credential: Credential | null, fields: CredentialFields): Promise<Credential> {
  if (credential) {
    return client.call('credential.update', { id: credential.id, rev: credential.rev, change: changeOf(fields) });
  }
  return fields.kind === 'generate'
    ? client.call('credential.generate', generationOf(fields))
    : client.call('credential.create', creationOf(fields));
}

type PartProps = { fields: CredentialFields; change: (some: Partial<CredentialFields>) => void; isNew: boolean };

function SecretFields({ fields, change, isNew }: PartProps): ReactElement {
  const { t } = useTranslation();
  const keep = isNew ? undefined : t('settings.credentials.keep');
  switch (fields.kind) {
    case 'password':
      return (
        <SecretInput
          label={t('settings.credentials.password')}
          description={keep}
          value={fields.password}
          onChange={(password) => change({ password })}
        />
      );
    case 'key':
      return (
        <>
          <KeyField value={fields.privateKey} keep={keep} onChange={(privateKey) => change({ privateKey })} />
          <SecretInput
            label={t('settings.credentials.passphrase')}
            description={keep}
            value={fields.passphrase}
            onChange={(passphrase) => change({ passphrase })}
          />
        </>
      );
    case 'generate':
      return <p className="quiet">{t('settings.credentials.generateHint')}</p>;
    case 'agent':
      return <p className="quiet">{t('settings.credentials.agentHint')}</p>;
  }
}

const mostBytes = 100_000;

function KeyField(props: { value: string; keep: string | undefined; onChange: (key: string) => void }): ReactElement {
  const { t } = useTranslation();
  const take = async (file: File | null | undefined): Promise<void> => {
    if (file && file.size > mostBytes) {
      tell({ message: t('settings.credentials.tooLong'), kind: 'error' });
    } else if (file) {
      props.onChange(await file.text());
    }
  };
  return (
    <div className="settings-key">
      <Textarea
        label={t('settings.credentials.privateKey')}
        description={props.keep ?? t('settings.credentials.keyHint')}
        rows={5}
        value={props.value}
        maxLength={mostBytes}
        autoComplete="off"
        spellCheck={false}
        onChange={({ currentTarget }) => props.onChange(currentTarget.value)}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          void take(event.dataTransfer.files[0]);
        }}
      />
      <FileButton
        inputProps={{ 'aria-label': t('settings.credentials.privateKey') }}
        onChange={(file) => void take(file)}
      >
        {(button) => (
          <Button variant="default" size="compact-xs" {...button}>
            {t('settings.credentials.chooseFile')}
          </Button>
        )}
      </FileButton>
    </div>
  );
}

function BecomeFields({ fields, change, isNew }: PartProps): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <Switch
        label={t('settings.credentials.become')}
        checked={fields.hasBecome}
        onChange={({ currentTarget }) => change({ hasBecome: currentTarget.checked })}
      />
      {fields.hasBecome && (
        <div className="settings-pair">
          <TextInput
            label={t('settings.credentials.becomeUser')}
            value={fields.becomeUser}
            maxLength={128}
            autoComplete="off"
            onChange={({ currentTarget }) => change({ becomeUser: currentTarget.value })}
          />
          {fields.kind !== 'generate' && (
            <SecretInput
              label={t('settings.credentials.becomePassword')}
              description={isNew ? t('settings.credentials.becomeHint') : t('settings.credentials.keep')}
              value={fields.becomePassword}
              onChange={(becomePassword) => change({ becomePassword })}
            />
          )}
        </div>
      )}
    </>
  );
}
