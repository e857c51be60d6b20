import { Button, Modal, TextInput } from '@mantine/core';
import { type FormEvent, type KeyboardEvent, type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DroverError } from '#contract/errors';
import { KeyHint } from '../../ui/key-hint.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { targetName } from '../../ui/target-name.ts';
import { CardFacts } from './card-facts.tsx';
import { CardWarnings } from './card-warnings.tsx';
import { ReachMark } from './reach-mark.tsx';
import type { ShownCard } from './use-start.ts';
import { useTypedNumberFrom } from './use-stored-defaults.ts';
import './blast-card.css';

type BlastCardProps = {
  shown: ShownCard;
  isStarting: boolean;
  error: DroverError | null;
  onStart: () => void;
  onRollOut: () => void;
  onClose: () => void;
};

/** What a start would touch, before it does; from a number of targets on the operator types how many they are. */
export function BlastCard(props: BlastCardProps): ReactElement {
  const { shown, isStarting, onStart, onClose } = props;
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const { total } = shown.asked.targets;
  const asksNumber = total >= useTypedNumberFrom();
  const mayStart = !isStarting && (!asksNumber || typed.trim() === String(total));
  const start = (): void => {
    if (mayStart) {
      onStart();
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const isStart = (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) || event.key === 'F8';
    // A key that is held down has opened the card; it shall not say yes to it.
    if (isStart && !event.repeat) {
      event.preventDefault();
      start();
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    start();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size={620}
      centered
      title={t('card.title', { count: total })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form className="blast-card" onSubmit={submit} onKeyDown={onKeyDown}>
        {props.error && <ErrorNotice error={props.error} />}
        <CardWarnings shown={shown} onRollOut={props.onRollOut} />
        <CardFacts asked={shown.asked} />
        <CardTargets shown={shown} />
        {asksNumber && <TypedNumber total={total} typed={typed} onType={setTyped} />}
        <div className="card-choices">
          <Button variant="default" onClick={onClose}>
            {t('card.back')}
          </Button>
          <Button
            type="submit"
            disabled={!mayStart}
            aria-busy={isStarting}
            data-autofocus={asksNumber ? undefined : true}
          >
            {isStarting ? t('quick.starting') : t('card.start', { count: total })}
            <span className="run-keys">
              <KeyHint keys="mod+enter" quiet />
            </span>
          </Button>
        </div>
      </form>
    </Modal>
  );
}

type TypedNumberProps = { total: number; typed: string; onType: (typed: string) => void };

function TypedNumber({ total, typed, onType }: TypedNumberProps): ReactElement {
  const { t } = useTranslation();
  const isWrong = typed.trim() !== '' && !String(total).startsWith(typed.trim());
  return (
    <TextInput
      data-autofocus
      className="card-number"
      label={t('card.typeNumber', { count: total })}
      inputMode="numeric"
      autoComplete="off"
      value={typed}
      error={isWrong ? t('card.wrongNumber') : null}
      onChange={(event) => onType(event.currentTarget.value)}
    />
  );
}

function CardTargets({ shown }: { shown: ShownCard }): ReactElement {
  const { t } = useTranslation();
  const { rows, targets } = shown.asked;
  const more = targets.total - rows.length;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls is reached by keyboard
    <div className="card-targets" role="region" aria-label={t('card.targets')} tabIndex={0}>
      <ul>
        {rows.map((row) => (
          <li key={row.host}>
            <span className="cut">{targetName(row.name)}</span>
            <span className="mono cut quiet">{row.user === null ? '' : `${row.user}@${row.address}`}</span>
            <ReachMark {...row} isLocal={row.user === null} />
          </li>
        ))}
        {more > 0 && <li className="quiet tabular">{t('quick.moreTargets', { count: more })}</li>}
      </ul>
    </div>
  );
}
