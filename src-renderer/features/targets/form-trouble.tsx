import { Button } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { type DraftField, draftOfTarget, draftValueText } from './target-draft.ts';
import type { TargetForm } from './use-target-form.ts';

/** What kept the form from being saved, and what can be done about it without losing what was typed. */
export function FormTrouble({ form }: { form: TargetForm }): ReactElement | null {
  const { t } = useTranslation();
  if (form.isGone) {
    return (
      <Notice
        kind="error"
        title={t('targets.goneTitle', { name: form.base?.name ?? '' })}
        action={
          <Button variant="default" onClick={form.saveAsNew}>
            {t('targets.saveAsNew')}
          </Button>
        }
      >
        <span>{t('targets.goneNext')}</span>
      </Notice>
    );
  }
  if (form.conflict) {
    return <ConflictNotice form={form} conflict={form.conflict} />;
  }
  return form.error ? <ErrorNotice error={form.error} /> : null;
}

type ConflictProps = { form: TargetForm; conflict: NonNullable<TargetForm['conflict']> };

function ConflictNotice({ form, conflict: { theirs, merged } }: ConflictProps): ReactElement {
  const { t } = useTranslation();
  const now = draftOfTarget(theirs);
  const label = (field: DraftField): string => t(`targets.field.${field}`);
  return (
    <div className="form-conflict" role="alert">
      <strong>{t('targets.conflictTitle', { name: theirs.name })}</strong>
      <p>{t('targets.conflictNext')}</p>
      <ul>
        {merged.taken.map((field) => (
          <li key={field}>
            {t('targets.conflictTaken', { field: label(field), value: draftValueText(now[field]) || t('common.dash') })}
          </li>
        ))}
        {merged.both.map((field) => (
          <li key={field}>
            {t('targets.conflictBoth', {
              field: label(field),
              theirs: draftValueText(now[field]) || t('common.dash'),
              mine: draftValueText(form.draft[field]) || t('common.dash'),
            })}
            <Button variant="subtle" size="compact-xs" onClick={() => form.change({ [field]: now[field] })}>
              {t('targets.takeTheirs')}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
