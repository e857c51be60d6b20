import { TextInput } from '@mantine/core';
import { IconEye, IconEyeOff } from '@tabler/icons-react';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../ui/icon-button.tsx';

type SecretInputProps = {
  label: string;
  value: string;
  onChange: (value: string) => void;
  description?: string | undefined;
  error?: string | undefined;
  autoFocus?: boolean;
};

/** A field for a secret, hidden unless the writer wants to see it; no browser is asked to keep it. */
export function SecretInput({ onChange, autoFocus, ...rest }: SecretInputProps): ReactElement {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  return (
    <TextInput
      {...rest}
      type={shown ? 'text' : 'password'}
      autoComplete="new-password"
      spellCheck={false}
      maxLength={10_000}
      data-autofocus={autoFocus}
      onChange={(event) => onChange(event.currentTarget.value)}
      rightSection={
        <IconButton
          size={22}
          label={shown ? t('settings.credentials.hide') : t('settings.credentials.show')}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          {shown ? <IconEyeOff size={14} stroke={1.6} /> : <IconEye size={14} stroke={1.6} />}
        </IconButton>
      }
    />
  );
}
