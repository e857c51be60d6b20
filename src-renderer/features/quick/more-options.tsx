import { Switch, Textarea, TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { batchSizesOf, type Draft, type DraftProblem } from './draft.ts';
import type { DraftChange } from './use-draft.ts';

type MoreOptionsProps = { draft: Draft; change: (change: DraftChange) => void; problem: DraftProblem | null };

const area = { autosize: true, minRows: 2, maxRows: 6, spellCheck: false, classNames: { input: 'mono' } } as const;

/** What most quick runs do without. */
export function MoreOptions({ draft, change, problem }: MoreOptionsProps): ReactElement {
  const { t } = useTranslation();
  const wrongLine = problem?.field === 'environment' ? problem.line : null;
  return (
    <div className="more-options">
      <div className="more-column">
        <TextInput
          label={t('quick.name')}
          placeholder={t('quick.namePlaceholder')}
          maxLength={256}
          value={draft.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <Switch
          label={t('quick.noParameters', { open: '{{', close: '}}' })}
          checked={draft.noParameters}
          onChange={(event) => change({ noParameters: event.currentTarget.checked })}
        />
      </div>
      <Thresholds {...{ draft, change, problem }} />
      <Textarea
        {...area}
        label={t('quick.args')}
        description={t('quick.argsHint')}
        value={draft.args}
        onChange={(event) => change({ args: event.currentTarget.value })}
      />
      <Textarea
        {...area}
        label={t('quick.environment')}
        description={t('quick.environmentHint')}
        error={wrongLine === null ? null : t('quick.environmentWrong', { line: wrongLine })}
        value={draft.environment}
        onChange={(event) => change({ environment: event.currentTarget.value })}
      />
      <Textarea
        {...area}
        label={t('quick.stdin')}
        description={t('quick.stdinHint')}
        value={draft.stdin}
        onChange={(event) => change({ stdin: event.currentTarget.value })}
      />
    </div>
  );
}

const thresholds = ['pauseS', 'tolerate', 'deadlineS'] as const;

function Thresholds({ draft, change, problem }: MoreOptionsProps): ReactElement {
  const { t } = useTranslation();
  const hasBatches = batchSizesOf(draft.batches).length > 0;
  return (
    <div className="more-column">
      {thresholds.map((field) => (
        <TextInput
          key={field}
          label={t(`quick.${field}`)}
          description={t(`quick.${field}Hint`)}
          disabled={field === 'pauseS' && !hasBatches}
          autoComplete="off"
          value={draft[field]}
          error={problem?.field === field ? t(`quick.${field}Wrong`) : null}
          onChange={(event) => change({ [field]: event.currentTarget.value })}
        />
      ))}
    </div>
  );
}
