import { Input, UnstyledButton } from '@mantine/core';
import { IconDeviceDesktop, IconPlus } from '@tabler/icons-react';
import { lazy, type KeyboardEvent, type ReactElement, Suspense, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dropdown } from '../../ui/dropdown.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { targetName } from '../../ui/target-name.ts';
import { type Where, withName } from '../../ui/where-of.ts';
import type { Draft } from './draft.ts';
import type { DraftChange } from './use-draft.ts';
import type { Resolved } from './use-preview.ts';

const SavedTargets = lazy(async () => ({ default: (await import('./saved-targets.tsx')).SavedTargets }));

type TargetPickerProps = {
  draft: Draft;
  change: (change: DraftChange) => void;
  resolved: Resolved | null;
  /** Goes on to what is typed next. */
  onDone: () => void;
};

const glyph = { size: 15, stroke: 1.6, 'aria-hidden': true } as const;

/** Where the script will run: a selector, what it stands for now, and ways to write it without typing. */
export function TargetPicker(props: TargetPickerProps): ReactElement {
  const { draft, change, resolved } = props;
  const { t } = useTranslation();
  const id = useId();
  const isEmpty = draft.targets.trim() === '' && draft.addresses.trim() === '';
  const problem = isEmpty ? t('quick.noTargetNext') : (resolved?.problem ?? null);
  const goOn = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      props.onDone();
    }
  };
  return (
    <div className="target-picker" role="group" aria-label={t('quick.targets')}>
      <Selector {...{ draft, change, id }} isWrong={problem !== null} onKeyDown={goOn} />
      <ThisMachine draft={draft} change={change} />
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
        <Suspense fallback={null}>
          <SavedTargets
            selector={draft.targets}
            onChoose={(name) => change(({ targets }) => ({ targets: withName(targets, name) }))}
          />
        </Suspense>
      </Dropdown>
      {!isEmpty && <ResolvedCount resolved={resolved} />}
      <Addresses draft={draft} change={change} onKeyDown={goOn} />
      <div id={id} className="target-problem" aria-live="polite">
        {problem !== null && <span className="field-problem">{problem}</span>}
      </div>
    </div>
  );
}

/** How many machines it is now, the first of them by name on hover. */
function ResolvedCount({ resolved }: { resolved: Resolved | null }): ReactElement {
  const { t } = useTranslation();
  const total = resolved?.total ?? 0;
  const names = (resolved?.first ?? []).map(targetName);
  const more = total - names.length;
  const title = [...names, ...(more > 0 ? [t('quick.moreTargets', { count: more })] : [])].join('\n');
  return (
    <span className="quiet tabular target-count" role="status" title={title}>
      {resolved === null ? t('quick.counting') : t('counts.targets', { count: total })}
    </span>
  );
}

type FieldProps = Pick<TargetPickerProps, 'draft' | 'change'>;

type SelectorProps = FieldProps & {
  /** Of what says what is wrong. */
  id: string;
  isWrong: boolean;
  onKeyDown: (event: KeyboardEvent) => void;
};

function Selector({ draft, change, id, isWrong, onKeyDown }: SelectorProps): ReactElement {
  const { t } = useTranslation();
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

/** Machines by address: there only when an earlier run has brought them, and until the field is left empty. */
function Addresses({ draft, change, onKeyDown }: FieldProps & { onKeyDown: (event: KeyboardEvent) => void }) {
  const { t } = useTranslation();
  const [focused, setFocused] = useState(false);
  const id = useId();
  if (draft.addresses === '' && !focused) {
    return null;
  }
  return (
    <div className="target-addresses">
      <label className="field-label" htmlFor={id} title={t('quick.addressesHint')}>
        {t('quick.addresses')}
      </label>
      <Input
        id={id}
        size="xs"
        className="target-selector"
        classNames={{ input: 'mono' }}
        title={t('quick.addressesHint')}
        spellCheck={false}
        value={draft.addresses}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        onKeyDown={onKeyDown}
        onChange={(event) => change({ addresses: event.currentTarget.value })}
      />
    </div>
  );
}
