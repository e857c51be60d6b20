import { Input, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconDeviceDesktop, IconPlus } from '@tabler/icons-react';
import { lazy, type KeyboardEvent, type ReactElement, type RefObject, Suspense, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '#contract';
import { Dropdown } from '../../ui/dropdown.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { targetName } from '../../ui/target-name.ts';
import type { Where } from '../../ui/where-of.ts';
import type { Draft } from './draft.ts';
import { GrammarSheet } from './grammar-sheet.tsx';
import { RecentTargets } from './recent-targets.tsx';
import { TargetAddresses } from './target-addresses.tsx';
import type { DraftChange } from './use-draft.ts';
import type { Resolved } from './use-preview.ts';
import type { Recall } from './use-recall.ts';

const SavedTargets = lazy(async () => ({ default: (await import('./saved-targets.tsx')).SavedTargets }));
const ResolvedList = lazy(async () => ({ default: (await import('./resolved-list.tsx')).ResolvedList }));

type TargetPickerProps = {
  draft: Draft;
  change: (change: DraftChange) => void;
  resolved: Resolved | null;
  login: InputOf<'run.resolve'>['login'];
  recent: Recall['runs'];
  /** Goes on to what is typed next. */
  onDone: () => void;
};

const glyph = { size: 15, stroke: 1.6, 'aria-hidden': true } as const;

/** Where the script will run: a selector, what it stands for now, and ways to write it without typing. */
export function TargetPicker(props: TargetPickerProps): ReactElement {
  const { draft, change, resolved } = props;
  const { t } = useTranslation();
  const id = useId();
  const [opened, setOpened] = useState(false);
  const isEmpty = draft.targets.trim() === '' && draft.addresses.trim() === '';
  const inAddresses = (resolved?.addresses.problems.length ?? 0) > 0;
  const problem = isEmpty ? t('quick.noTargetNext') : inAddresses ? null : (resolved?.problem ?? null);
  const showsAddresses = opened || draft.addresses !== '';
  const sheet = useRef<HTMLSpanElement>(null);
  return (
    <div className="target-picker" role="group" aria-label={t('quick.targets')}>
      <Selector {...{ draft, change, id, sheet }} isWrong={problem !== null} onDone={props.onDone} />
      <ThisMachine draft={draft} change={change} />
      <Choose draft={draft} change={change} />
      <RecentTargets runs={props.recent} present={draft.targets} onChoose={(where) => change(where)} />
      <UnstyledButton
        className="local-chip"
        aria-expanded={showsAddresses}
        disabled={draft.addresses !== ''}
        title={t('quick.addressesHint')}
        onClick={() => setOpened(!opened)}
      >
        {t('quick.addressesOpen')}
      </UnstyledButton>
      <GrammarSheet holder={sheet} />
      {!isEmpty && <ResolvedCount {...props} />}
      {showsAddresses && <TargetAddresses draft={draft} change={change} resolved={resolved} />}
      <div id={id} className="target-problem" aria-live="polite">
        {problem !== null && <span className="field-problem">{problem}</span>}
      </div>
    </div>
  );
}

type FieldProps = Pick<TargetPickerProps, 'draft' | 'change'>;

/** The saved targets in a box. */
function Choose({ draft, change }: FieldProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Dropdown
      role="dialog"
      label={t('quick.savedTargets')}
      align="end"
      trigger={
        <IconButton size={26} label={t('quick.addTarget')}>
          <IconPlus {...glyph} />
        </IconButton>
      }
    >
      <Suspense fallback={<div className="saved-targets" />}>
        <SavedTargets selector={draft.targets} onSelect={(targets) => change({ targets })} />
      </Suspense>
    </Dropdown>
  );
}

/** How many machines it is now; opens the whole list, and says on hover which are the first. */
function ResolvedCount({ draft, change, resolved, login }: TargetPickerProps): ReactElement {
  const { t } = useTranslation();
  const total = resolved?.total ?? 0;
  const names = (resolved?.first ?? []).map(targetName);
  const more = total - names.length;
  const title = [...names, ...(more > 0 ? [t('quick.moreTargets', { count: more })] : [])].join('\n');
  const { targets, addresses } = draft;
  return (
    <>
      <Dropdown
        role="dialog"
        label={t('quick.resolvedTitle')}
        trigger={
          <button
            type="button"
            className="target-count tabular"
            aria-live="polite"
            title={title}
            disabled={total === 0}
          >
            {resolved === null ? t('quick.counting') : t('counts.targets', { count: total })}
          </button>
        }
      >
        <Suspense fallback={<div className="resolved-list" />}>
          <ResolvedList where={{ targets, addresses }} login={login} onExclude={(where) => change(where)} />
        </Suspense>
      </Dropdown>
      {resolved !== null && resolved.unreachable > 0 && (
        <span className="target-unreachable tabular">
          <IconAlertTriangle size={13} stroke={1.8} aria-hidden="true" />
          {t('quick.unreachable', { count: resolved.unreachable })}
        </span>
      )}
    </>
  );
}

type SelectorProps = FieldProps & {
  /** Of what says what is wrong. */
  id: string;
  isWrong: boolean;
  sheet: RefObject<HTMLSpanElement | null>;
  onDone: () => void;
};

function Selector({ draft, change, id, isWrong, sheet, onDone }: SelectorProps): ReactElement {
  const { t } = useTranslation();
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'F1') {
      event.preventDefault();
      sheet.current?.querySelector('button')?.click();
    }
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      onDone();
    }
  };
  return (
    <label className="target-label">
      <span className="field-label" title={t('quick.targetsHint')}>
        {t('quick.targets')}
      </span>
      <Input
        // The field would forget its description.
        withAria={false}
        size="xs"
        className="target-selector"
        classNames={{ input: 'mono' }}
        placeholder={t('quick.targetsPlaceholder')}
        title={t('quick.targetsHint')}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="none"
        value={draft.targets}
        error={isWrong}
        aria-invalid={isWrong}
        aria-describedby={id}
        onKeyDown={onKeyDown}
        onChange={(event) => change({ targets: event.currentTarget.value })}
      />
    </label>
  );
}

/** One click for the machine Drover runs on; a second one brings back what stood there. */
function ThisMachine({ draft, change }: FieldProps): ReactElement {
  const { t } = useTranslation();
  const before = useRef<Where>({ targets: '', addresses: '' });
  const isChosen = draft.targets.trim() === 'local' && draft.addresses.trim() === '';
  const toggle = (): void => {
    if (isChosen) {
      change(before.current);
    } else {
      before.current = { targets: draft.targets, addresses: draft.addresses };
      change({ targets: 'local', addresses: '' });
    }
  };
  return (
    <UnstyledButton className="local-chip" aria-pressed={isChosen} title={t('quick.local')} onClick={toggle}>
      <IconDeviceDesktop {...glyph} />
      <span className="local-word">{t('common.thisMachine')}</span>
    </UnstyledButton>
  );
}
