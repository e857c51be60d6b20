import { NativeSelect } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../client/use-call.ts';

type CredentialSelectProps = { label: string; value: string; onChange: (credentialId: string) => void };

/** One of the stored credentials, or the keys of the account Drover runs as. */
export function CredentialSelect({ label, value, onChange }: CredentialSelectProps): ReactElement {
  const { t } = useTranslation();
  const { data } = useCall('credential.list', {}, { staleTime: 30_000 });
  const credentials = data?.credentials ?? [];
  const isKnown = value === '' || credentials.some(({ id }) => id === value);
  return (
    <NativeSelect
      label={label}
      value={value}
      data={[
        { value: '', label: t('targets.ownKeys') },
        ...credentials.map(({ id, name, kind }) => ({
          value: id,
          label: t('targets.credentialOption', { name, kind: t(`targets.credentialKind.${kind}`) }),
        })),
        ...(isKnown ? [] : [{ value, label: t('targets.unknownCredential') }]),
      ]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
