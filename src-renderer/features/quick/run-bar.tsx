import { Button, TextInput, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconPlayerPlayFilled, IconX } from '@tabler/icons-react';
import { lazy, type ReactElement, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DroverError } from '#contract/errors';
import { errorWords } from '../../ui/error-text.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { targetName } from '../../ui/target-name.ts';
import { AccountBox } from './account-box.tsx';
import { type Draft, type DraftProblem, type OptionField, optionsSet, usualOptions } from './draft.ts';
import type { RunSecrets } from './run-secrets.ts';
import type { DraftChange } from './use-draft.ts';
import type { Resolved } from './use-preview.ts';
import type { SecretStore } from './use-secrets.ts';

const MoreOptions = lazy(async () => ({ default: (await import('./more-options.tsx')).MoreOptions }));

type RunBarProps = {
  draft: Draft;
  change: (change: DraftChange) => void;
  resolved: Resolved | null;
  problem: DraftProblem | null;
  secrets: { secrets: RunSecrets; areSpent: boolean; store: SecretStore };
  start: () => void;
  isStarting: boolean;
  error: DroverError | null;
};

/** Fields that are never in view but behind *More options*. */
const behindMore: ReadonlySet<DraftProblem['field']> = new Set(['environment', 'deadlineS', 'pauseS', 'tolerate']);

/** Account, limits and batches, further options, and the button that starts. */
export function RunBar(props: RunBarProps): ReactElement {
  const { draft, change, problem } = props;
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const shown = open || (problem !== null && behindMore.has(problem.field));
  return (
    <div className="run-bar">
      {props.error && <NotStarted error={props.error} draft={draft} />}
      <div className="run-line">
        <AccountBox {...{ draft, change, problem }} {...props.secrets} />
        <RollOut {...{ draft, change, problem }} />
        <UnstyledButton className="more-button" aria-expanded={shown} onClick={() => setOpen(!open)}>
          <IconChevronDown size={15} stroke={1.7} className={shown ? 'turned' : ''} aria-hidden="true" />
          {t('quick.more')}
        </UnstyledButton>
        <StartButton {...props} />
      </div>
      <SetOptions draft={draft} change={change} />
      {shown && (
        <Suspense fallback={null}>
          <MoreOptions draft={draft} change={change} problem={problem} />
        </Suspense>
      )}
    </div>
  );
}

type FieldsProps = Pick<RunBarProps, 'draft' | 'change' | 'problem'>;

const lineFields = ['timeoutS', 'concurrency', 'batches', 'stopAfter'] as const;

/** How long, how many at once, in which batches, and when to stop. */
function RollOut({ draft, change, problem }: FieldsProps): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      {lineFields.map((field) => (
        <TextInput
          key={field}
          className={`run-field run-${field}`}
          label={t(`quick.${field}`)}
          title={t(`quick.${field}Hint`)}
          placeholder={field === 'batches' || field === 'stopAfter' ? t(`quick.${field}None`) : ''}
          inputMode={field === 'timeoutS' || field === 'concurrency' ? 'numeric' : 'text'}
          autoComplete="off"
          spellCheck={false}
          value={draft[field]}
          error={problem?.field === field ? t(`quick.${field}Wrong`) : null}
          onChange={(event) => change({ [field]: event.currentTarget.value })}
        />
      ))}
    </>
  );
}

const longestValue = 40;

/** What differs from a usual start, in one line, with a way back. */
function SetOptions({ draft, change }: Pick<RunBarProps, 'draft' | 'change'>): ReactElement | null {
  const { t } = useTranslation();
  const set = optionsSet(draft);
  if (set.length === 0) {
    return null;
  }
  const valueOf = (field: OptionField): string => {
    const value = draft[field];
    const line = typeof value === 'string' ? value.trim().replaceAll(/\s+/g, ' ') : '';
    return line.length > longestValue ? `${line.slice(0, longestValue)}…` : line;
  };
  return (
    <p className="options-set" role="group" aria-label={t('quick.optionsSet')}>
      {set.map((field) => (
        <span key={field} className="option-chip">
          {t(`quick.set.${field}`, { value: valueOf(field), interpolation: { escapeValue: false } })}
        </span>
      ))}
      <IconButton size={20} label={t('quick.optionsUsual')} onClick={() => change(usualOptions)}>
        <IconX size={13} stroke={1.7} aria-hidden="true" />
      </IconButton>
    </p>
  );
}

/** The button says where, as soon as that is known of what stands in the form now. */
function StartButton({ resolved, start, isStarting, problem }: RunBarProps): ReactElement {
  const { t } = useTranslation();
  const count = resolved?.total ?? 0;
  const name = targetName(resolved?.first[0] ?? '');
  return (
    <Button
      className="run-button"
      leftSection={<IconPlayerPlayFilled size={13} aria-hidden="true" />}
      disabled={problem !== null}
      aria-busy={isStarting}
      onClick={start}
    >
      {isStarting ? t('quick.starting') : count === 0 ? t('quick.run') : t('quick.runOn', { count, name })}
      <span className="run-keys">
        <KeyHint keys="mod+enter" quiet />
      </span>
    </Button>
  );
}

function NotStarted(props: { error: DroverError; draft: Draft }): ReactElement {
  const { t, i18n } = useTranslation();
  const { targets, addresses } = props.draft;
  const places = [targetName(targets.trim()), addresses.trim()].filter((text) => text !== '').join(', ');
  const names = places.length > 120 ? `${places.slice(0, 119)}…` : places;
  const { what } = errorWords(props.error, i18n);
  return <ErrorNotice error={props.error} about={t('quick.notStarted', { targets: names, what })} />;
}
