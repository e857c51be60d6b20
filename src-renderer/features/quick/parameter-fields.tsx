import { TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunPreview } from '#contract/run-preview';
import type { Draft } from './draft.ts';
import type { DraftChange } from './use-draft.ts';

type FieldsProps = { draft: Draft; preview: RunPreview | null; change: (change: DraftChange) => void };

/** One field for each name the text asks for. */
export function ParameterFields({ draft, preview, change }: FieldsProps): ReactElement | null {
  const { t } = useTranslation();
  if (draft.noParameters || !preview || preview.parameters.length === 0) {
    return null;
  }
  const set = (name: string, value: string): void =>
    change(({ parameters }) => ({ parameters: { ...parameters, [name]: value } }));
  return (
    <div className="parameter-fields" role="group" aria-label={t('quick.parameters')}>
      {preview.parameters.map(({ name, line }) => (
        <TextInput
          key={name}
          label={name}
          description={t('quick.parameterLine', { line })}
          inputWrapperOrder={['label', 'description', 'input']}
          value={draft.parameters[name] ?? ''}
          spellCheck={false}
          onChange={(event) => set(name, event.currentTarget.value)}
        />
      ))}
    </div>
  );
}

/** What keeps the text from running, and what was left alone in it. */
export function TextFindings({ preview }: { preview: RunPreview | null }): ReactElement | null {
  const { t } = useTranslation();
  if (!preview || (preview.problems.length === 0 && preview.leftAlone.length === 0)) {
    return null;
  }
  return (
    <div className="text-findings">
      {preview.problems.length > 0 && (
        <ul className="text-problems" role="alert" aria-label={t('quick.problems')}>
          {preview.problems.map(({ line, message }) => (
            <li key={`${line}${message}`}>
              {!message.startsWith(t('quick.problemLine', { line })) && (
                <strong className="tabular">{t('quick.problemLine', { line })}</strong>
              )}
              <span>{message}</span>
            </li>
          ))}
        </ul>
      )}
      {preview.leftAlone.length > 0 && (
        <p className="left-alone quiet">
          <span>{t('quick.leftAlone')}</span>
          {preview.leftAlone.slice(0, 8).map(({ text, line }) => (
            <code key={`${line}${text}`} title={t('quick.parameterLine', { line })}>
              {text}
            </code>
          ))}
        </p>
      )}
    </div>
  );
}
