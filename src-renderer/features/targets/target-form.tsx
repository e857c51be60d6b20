import { Button, Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Target } from '#contract/target';
import { useKeys } from '../../ui/use-keys.ts';
import { CredentialSelect } from './credential-select.tsx';
import { FormTrouble } from './form-trouble.tsx';
import { JumpEditor } from './jump-editor.tsx';
import type { TargetDraft } from './target-draft.ts';
import { type TargetForm as Form, useTargetForm } from './use-target-form.ts';
import './target-form.css';

type TargetFormProps = { base: Target | null; from?: Target | null; onCancel: () => void };

/** One form for a new target and for one that is changed. */
export function TargetForm({ base, from = null, onCancel }: TargetFormProps): ReactElement {
  const { t } = useTranslation();
  const form = useTargetForm({ base, from });
  useKeys({}, { typing: { 'mod+enter': { does: t('targets.save'), act: form.save } } });
  return (
    <form
      className="target-form"
      aria-label={base ? t('targets.editTitle', { name: base.name }) : t('targets.new')}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        form.save();
      }}
    >
      <FormTrouble form={form} />
      <fieldset>
        <legend>{t('targets.where')}</legend>
        <WhereFields form={form} isNew={base === null} />
      </fieldset>
      <fieldset>
        <legend>{t('targets.asWhom')}</legend>
        <LoginFields form={form} />
      </fieldset>
      <fieldset>
        <legend>{t('targets.jump')}</legend>
        <JumpEditor form={form} />
      </fieldset>
      <fieldset>
        <legend>{t('targets.described')}</legend>
        <WordFields form={form} />
      </fieldset>
      <div className="form-choices">
        <Button type="submit" loading={form.isSaving}>
          {t('targets.save')}
        </Button>
        <Button variant="default" onClick={onCancel}>
          {t('targets.discard')}
        </Button>
      </div>
    </form>
  );
}

type FieldsProps = { form: Form };

type TextField = 'name' | 'address' | 'port' | 'user' | 'become';

/** What is wrong with a field, in words; the contract's shape has found it out. */
function useWrong({ problems }: Form): (field: keyof TargetDraft) => string | undefined {
  const { t } = useTranslation();
  return (field) =>
    problems[field] && field !== 'maintenance' && field !== 'weakAlgorithms' ? t(`targets.wrong.${field}`) : undefined;
}

function WhereFields({ form, isNew }: FieldsProps & { isNew: boolean }): ReactElement {
  const { t } = useTranslation();
  const wrong = useWrong(form);
  const { draft, change } = form;
  const text = (field: TextField) => ({
    label: t(`targets.field.${field}`),
    value: draft[field],
    error: wrong(field),
    spellCheck: false,
    autoComplete: 'off',
    onChange: (event: { currentTarget: { value: string } }) => change({ [field]: event.currentTarget.value }),
  });
  return (
    <div className="form-grid">
      {/* Who opens the form to make a target wants to type at once. */}
      <TextInput {...text('name')} required data-autofocus autoFocus={isNew} />
      <TextInput {...text('address')} required classNames={{ input: 'mono' }} />
      <TextInput {...text('port')} inputMode="numeric" className="form-short" />
      <NativeSelect
        label={t('targets.os')}
        value={draft.os}
        data={(['linux', 'windows', 'other'] as const).map((value) => ({ value, label: t(`targets.system.${value}`) }))}
        onChange={(event) => change({ os: event.currentTarget.value as TargetDraft['os'] })}
      />
      <NativeSelect
        label={t('targets.field.connection')}
        value={draft.connection}
        data={(['ssh', 'ansible', 'agent', 'executor'] as const).map((value) => ({
          value,
          label: t(`targets.way.${value}`),
        }))}
        onChange={(event) => change({ connection: event.currentTarget.value as TargetDraft['connection'] })}
      />
    </div>
  );
}

function LoginFields({ form }: FieldsProps): ReactElement {
  const { t } = useTranslation();
  const wrong = useWrong(form);
  const { draft, change } = form;
  return (
    <div className="form-grid">
      <TextInput
        label={t('targets.field.user')}
        placeholder={t('targets.userPlaceholder')}
        value={draft.user}
        error={wrong('user')}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => change({ user: event.currentTarget.value })}
      />
      <CredentialSelect
        label={t('targets.field.credentialId')}
        value={draft.credentialId}
        onChange={(credentialId) => change({ credentialId })}
      />
      <TextInput
        label={t('targets.field.become')}
        placeholder={t('targets.becomePlaceholder')}
        value={draft.become}
        error={wrong('become')}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => change({ become: event.currentTarget.value })}
      />
      {form.movesSecret && (
        <div className="form-warning" role="status">
          <p>{t('targets.movesSecret')}</p>
          <Checkbox
            label={t('targets.keepSecret')}
            checked={form.keepSecret}
            onChange={(event) => form.setKeepSecret(event.currentTarget.checked)}
          />
        </div>
      )}
    </div>
  );
}

function WordFields({ form }: FieldsProps): ReactElement {
  const { t } = useTranslation();
  const wrong = useWrong(form);
  const { draft, change } = form;
  return (
    <div className="form-grid">
      <TextInput
        className="form-wide"
        label={t('targets.tags')}
        description={t('targets.tagsHint')}
        value={draft.tags}
        error={wrong('tags')}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => change({ tags: event.currentTarget.value })}
      />
      <Textarea
        className="form-wide"
        label={t('targets.attributes')}
        description={t('targets.attributesHint')}
        value={draft.attributes}
        error={wrong('attributes')}
        classNames={{ input: 'mono' }}
        spellCheck={false}
        autosize
        minRows={2}
        maxRows={10}
        onChange={(event) => change({ attributes: event.currentTarget.value })}
      />
      <Checkbox
        className="form-wide"
        label={t('targets.maintenance')}
        description={t('targets.maintenanceMeans')}
        checked={draft.maintenance}
        onChange={(event) => change({ maintenance: event.currentTarget.checked })}
      />
      <Checkbox
        className="form-wide"
        label={t('targets.weakAlgorithms')}
        description={t('targets.weakMeans')}
        checked={draft.weakAlgorithms}
        onChange={(event) => change({ weakAlgorithms: event.currentTarget.checked })}
      />
    </div>
  );
}
