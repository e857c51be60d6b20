import { Button, TextInput, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconPlayerPlayFilled } from '@tabler/icons-react';
import { lazy, type ReactElement, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DroverError } from '#contract/errors';
import { errorWords } from '../../ui/error-text.ts';
import { KeyHint } from '../../ui/key-hint.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { targetName } from '../../ui/target-name.ts';
import { type Draft, type DraftProblem, optionsSet } from './draft.ts';
import type { DraftChange } from './use-draft.ts';
import type { Resolved } from './use-preview.ts';

const MoreOptions = lazy(async () => ({ default: (await import('./more-options.tsx')).MoreOptions }));

type RunBarProps = {
  draft: Draft;
  change: (change: DraftChange) => void;
  resolved: Resolved | null;
  problem: DraftProblem | null;
  start: () => void;
  isStarting: boolean;
  error: DroverError | null;
};

/** Name, timeout, further options, and the button that starts. */
export function RunBar(props: RunBarProps): ReactElement {
  const { draft, change, problem } = props;
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const set = optionsSet(draft);
  const shown = open || problem?.field === 'environment' || problem?.field === 'deadlineS';
  return (
    <div className="run-bar">
      {props.error && <NotStarted error={props.error} draft={draft} />}
      <div className="run-line">
        <TextInput
          className="run-name"
          label={t('quick.name')}
          placeholder={t('quick.namePlaceholder')}
          maxLength={256}
          value={draft.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <TextInput
          className="run-timeout"
          label={t('quick.timeout')}
          inputMode="numeric"
          value={draft.timeoutS}
          error={problem?.field === 'timeoutS' ? t('quick.timeoutWrong') : null}
          onChange={(event) => change({ timeoutS: event.currentTarget.value })}
        />
        <UnstyledButton className="more-button" aria-expanded={shown} onClick={() => setOpen(!open)}>
          <IconChevronDown size={15} stroke={1.7} className={shown ? 'turned' : ''} aria-hidden="true" />
          {t('quick.more')}
          {set > 0 && <span className="more-set tabular">{t('quick.moreSet', { count: set })}</span>}
        </UnstyledButton>
        <StartButton {...props} />
      </div>
      {shown && (
        <Suspense fallback={null}>
          <MoreOptions draft={draft} change={change} problem={problem} />
        </Suspense>
      )}
    </div>
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
