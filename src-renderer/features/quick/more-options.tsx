import { Switch, Textarea, TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Draft, DraftProblem } from './draft.ts';
import type { DraftChange } from './use-draft.ts';

type MoreOptionsProps = { draft: Draft; change: (change: DraftChange) => void; problem: DraftProblem | null };

const area = { autosize: true, minRows: 2, maxRows: 6, spellCheck: false, classNames: { input: 'mono' } } as const;

/** What most quick runs do without. */
export function MoreOptions({ draft, change, problem }: MoreOptionsProps): ReactElement {
  const { t } = useTranslation();
  const wrongLine = problem?.field === 'environment' ? problem.line : null;
  return (
    <div className="more-options">
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
      <div className="more-column">
        <TextInput
          label={t('quick.deadline')}
          description={t('quick.deadlineHint')}
          inputMode="numeric"
          value={draft.deadlineS}
          error={problem?.field === 'deadlineS' ? t('quick.deadlineWrong') : null}
          onChange={(event) => change({ deadlineS: event.currentTarget.value })}
        />
        <Switch
          label={t('quick.noParameters', { open: '{{', close: '}}' })}
          checked={draft.noParameters}
          onChange={(event) => change({ noParameters: event.currentTarget.checked })}
        />
      </div>
    </div>
  );
}
