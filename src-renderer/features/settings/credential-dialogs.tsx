import { Button, Modal, TextInput } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { type ReactElement, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Credential } from '#contract/credential';
import { installKeyText } from '#contract/install-key-text';
import type { Target } from '#contract/target';
import { queries } from '../../client/index.ts';
import { useAct, useCall } from '../../client/use-call.ts';
import { ErrorNotice } from '../../ui/notice.tsx';
import { SecretInput } from './secret-input.tsx';

type DialogProps = { credential: Credential; onClose: () => void };

function Box(props: { title: string; onClose: () => void; children: ReactNode }): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={props.onClose} title={props.title} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <div className="settings-dialog">{props.children}</div>
    </Modal>
  );
}

/** The first hundred targets that name it, for the login or on the way. */
function UserList({ credential }: { credential: Credential }): ReactElement {
  const { t } = useTranslation();
  const found = useCall('target.list', { query: `credential:${credential.id}`, limit: 100 }, { staleTime: 0 });
  const more = (found.data?.total ?? 0) - (found.data?.targets.length ?? 0);
  return (
    <>
      {found.error && <ErrorNotice error={found.error} />}
      <ul className="settings-list">
        {found.data?.targets.map((target) => (
          <li key={target.id} className="cut">
            <Link to="/targets/$target" params={{ target: target.id }}>
              {target.name}
            </Link>
            <span className="quiet">{usesOf(credential, target, t).join(' · ')}</span>
          </li>
        ))}
      </ul>
      {found.data?.targets.length === 0 && <p className="quiet">{t('settings.credentials.notUsed')}</p>}
      {more > 0 && (
        <Link to="/targets" search={{ q: `credential:${credential.id}` }}>
          {t('settings.credentials.moreTargets', { count: more })}
        </Link>
      )}
    </>
  );
}

/** Where a target uses it. */
function usesOf({ id }: Credential, { credentialId, jump }: Target, t: TFunction): string[] {
  const hops = jump.filter((hop) => hop.credentialId === id).map(({ address }) => address);
  return [
    ...(credentialId === id ? [t('settings.credentials.forLogin')] : []),
    ...(hops.length > 0 ? [t('settings.credentials.onTheWay', { hops: hops.join(', ') })] : []),
  ];
}

export function UsersDialog({ credential, onClose }: DialogProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Box title={t('settings.credentials.targetsTitle', { name: credential.name })} onClose={onClose}>
      <UserList credential={credential} />
    </Box>
  );
}

export function RemoveDialog({ credential, onClose }: DialogProps): ReactElement {
  const { t } = useTranslation();
  const act = useAct('credential.remove');
  const { name } = credential;
  const isUsed = credential.usedBy > 0;
  const remove = (): void =>
    act.mutate(
      { id: credential.id },
      { onSuccess: onClose, onSettled: () => void queries.invalidateQueries({ queryKey: ['credential.list'] }) },
    );
  return (
    <Box title={t('settings.credentials.removeTitle', { name })} onClose={onClose}>
      <p>{isUsed ? t('settings.credentials.removeUsed') : t('settings.credentials.removeText')}</p>
      {isUsed && <UserList credential={credential} />}
      {act.error && <ErrorNotice error={act.error} />}
      <div className="settings-buttons">
        <Button variant="default" data-autofocus onClick={onClose}>
          {t('settings.credentials.cancel')}
        </Button>
        {!isUsed && (
          <Button color="red.8" loading={act.isPending} onClick={remove}>
            {t('settings.credentials.removeConfirm', { name })}
          </Button>
        )}
      </div>
    </Box>
  );
}

/** Puts the public half on targets by a run like any other, which then opens. */
export function InstallDialog({ credential, onClose }: DialogProps): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const act = useAct('run.start');
  const [targets, setTargets] = useState('');
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const { name, publicKey } = credential;
  const start = (): void =>
    act.mutate(
      {
        targets,
        name: `Install key ${name}`,
        task: { type: 'script', language: 'shell', text: installKeyText, args: [publicKey ?? ''], noParameters: true },
        ...((user.trim() !== '' || password !== '') && {
          login: {
            ...(user.trim() !== '' && { user: user.trim() }),
            ...(password !== '' && { password }),
          },
        }),
      },
      { onSuccess: ({ no }) => void navigate({ to: '/runs/$no', params: { no: String(no) } }) },
    );
  return (
    <Box title={t('settings.credentials.installTitle', { name })} onClose={onClose}>
      <p className="quiet">{t('settings.credentials.installText')}</p>
      <TextInput
        label={t('settings.credentials.installTargets')}
        placeholder="tag:web"
        value={targets}
        data-autofocus
        onChange={({ currentTarget }) => setTargets(currentTarget.value)}
      />
      <div className="settings-pair">
        <TextInput
          label={t('settings.credentials.installUser')}
          value={user}
          autoComplete="off"
          onChange={({ currentTarget }) => setUser(currentTarget.value)}
        />
        <SecretInput
          label={t('settings.credentials.installPassword')}
          description={t('settings.credentials.installPasswordHint')}
          value={password}
          onChange={setPassword}
        />
      </div>
      {act.error && <ErrorNotice error={act.error} />}
      <div className="settings-buttons">
        <Button variant="default" onClick={onClose}>
          {t('settings.credentials.cancel')}
        </Button>
        <Button loading={act.isPending} disabled={targets.trim() === ''} onClick={start}>
          {t('settings.credentials.installStart')}
        </Button>
      </div>
    </Box>
  );
}
