import { Button, PasswordInput, Textarea, TextInput } from '@mantine/core';
import { IconChevronDown, IconKey } from '@tabler/icons-react';
import type { KeyboardEvent, ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Dropdown } from '../../ui/dropdown.tsx';
import type { Draft, DraftProblem } from './draft.ts';
import { holdsAny, type RunSecrets } from './run-secrets.ts';
import type { DraftChange } from './use-draft.ts';
import type { SecretStore } from './use-secrets.ts';

type AccountBoxProps = {
  draft: Draft;
  change: (change: DraftChange) => void;
  problem: DraftProblem | null;
  secrets: RunSecrets;
  areSpent: boolean;
  store: SecretStore;
};

/** Who logs in and as whom the commands run; secrets are for the next start and are kept nowhere. */
export function AccountBox(props: AccountBoxProps): ReactElement {
  const { draft, secrets, areSpent } = props;
  const { t } = useTranslation();
  const isWrong = props.problem?.field === 'user' || props.problem?.field === 'runAs';
  return (
    <div className="account-box">
      <span className="field-label">{t('quick.account')}</span>
      <Dropdown
        role="dialog"
        label={t('quick.account')}
        trigger={
          <Button
            variant="default"
            className={isWrong ? 'account-button account-wrong' : 'account-button'}
            leftSection={<IconKey size={14} stroke={1.6} aria-hidden="true" />}
            rightSection={<IconChevronDown size={13} stroke={1.7} aria-hidden="true" />}
          >
            {accountText(draft, t('quick.accountUsual'))}
            {holdsAny(secrets) && <span className="more-set">{t('quick.secretHeld')}</span>}
            {areSpent && <span className="account-spent">{t('quick.secretSpent')}</span>}
          </Button>
        }
      >
        <AccountFields {...props} />
      </Dropdown>
    </div>
  );
}

const accountText = ({ user, runAs }: Draft, usual: string): string =>
  [user.trim() === '' ? usual : user.trim(), ...(runAs.trim() === '' ? [] : [runAs.trim()])].join(' → ');

/** The keys of a field belong to it, not to the box around. */
function keepKeys(event: KeyboardEvent): void {
  if (['ArrowUp', 'ArrowDown', 'Home', 'End'].includes(event.key)) {
    event.stopPropagation();
  }
}

function AccountFields({ draft, change, problem, secrets, store }: AccountBoxProps): ReactElement {
  const { t } = useTranslation();
  const password = (name: 'password' | 'passphrase' | 'becomePassword') => ({
    size: 'xs',
    label: t(`quick.${name}`),
    autoComplete: 'off',
    'data-1p-ignore': true,
    value: secrets[name],
    visibilityToggleButtonProps: { 'aria-label': t('quick.showSecret') },
    onChange: (event: { currentTarget: HTMLInputElement }) => store.change({ [name]: event.currentTarget.value }),
  });
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- it takes no key, it only keeps the box from taking it
    <div className="account-fields" onKeyDown={keepKeys}>
      <TextInput
        label={t('quick.user')}
        description={t('quick.userHint')}
        spellCheck={false}
        autoComplete="off"
        value={draft.user}
        error={problem?.field === 'user' ? t('quick.accountWrong') : null}
        onChange={(event) => change({ user: event.currentTarget.value })}
      />
      <PasswordInput {...password('password')} />
      <Textarea
        label={t('quick.privateKey')}
        classNames={{ input: 'mono' }}
        rows={3}
        spellCheck={false}
        autoComplete="off"
        value={secrets.privateKey}
        onChange={(event) => store.change({ privateKey: event.currentTarget.value })}
      />
      {secrets.privateKey.trim() !== '' && <PasswordInput {...password('passphrase')} />}
      <TextInput
        label={t('quick.runAs')}
        description={t('quick.runAsHint')}
        placeholder={t('quick.runAsPlaceholder')}
        spellCheck={false}
        autoComplete="off"
        value={draft.runAs}
        error={problem?.field === 'runAs' ? t('quick.accountWrong') : null}
        onChange={(event) => change({ runAs: event.currentTarget.value })}
      />
      {draft.runAs.trim() !== '' && <PasswordInput {...password('becomePassword')} />}
      <p className="saved-note quiet">{t('quick.secretNote')}</p>
    </div>
  );
}
