import { TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { CredentialSelect } from './credential-select.tsx';
import type { ImportDraft, ImportProblem } from './import-draft.ts';

type DefaultsProps = {
  draft: ImportDraft;
  problems: readonly ImportProblem[];
  onChange: (change: Partial<ImportDraft>) => void;
};

/** What every target gets that the text gives nothing of its own. */
export function ImportDefaults({ draft, problems, onChange }: DefaultsProps): ReactElement {
  const { t } = useTranslation();
  const text = (field: ImportProblem) => ({
    label: t(`targets.field.${field}`),
    value: draft[field],
    error: problems.includes(field) ? t(`targets.wrong.${field}`) : undefined,
    spellCheck: false,
    autoComplete: 'off',
    onChange: (event: { currentTarget: { value: string } }) => onChange({ [field]: event.currentTarget.value }),
  });
  return (
    <fieldset className="import-defaults">
      <legend>{t('targets.defaults')}</legend>
      <div className="form-grid">
        <TextInput {...text('user')} placeholder={t('targets.userPlaceholder')} />
        <TextInput {...text('port')} placeholder="22" inputMode="numeric" />
        <CredentialSelect
          label={t('targets.field.credentialId')}
          value={draft.credentialId}
          onChange={(credentialId) => onChange({ credentialId })}
        />
        <TextInput {...text('become')} placeholder={t('targets.becomePlaceholder')} />
        <TextInput {...text('tags')} placeholder={t('targets.tagsPlaceholder')} />
        <TextInput {...text('jump')} placeholder={t('targets.jumpPlaceholder')} />
      </div>
    </fieldset>
  );
}
