import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconX } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '#contract';
import type { ResolvedTarget } from '#contract/run-preview';
import { useCall } from '../../client/use-call.ts';
import { ChoiceBar } from '../../ui/choice-bar.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { targetName } from '../../ui/target-name.ts';
import type { Where } from '../../ui/where-of.ts';
import { excludeTarget } from './exclude-target.ts';
import { ReachMark } from './reach-mark.tsx';

type ResolvedListProps = {
  where: Where;
  login: InputOf<'run.resolve'>['login'];
  onExclude: (where: Where) => void;
};

const pageRows = 200;
const typingPauseMs = 150;

type Only = NonNullable<InputOf<'run.resolve'>['only']>;

/** Every target of the selection, with its last contact, and a way to leave one out. */
export function ResolvedList({ where, login, onExclude }: ResolvedListProps): ReactElement {
  const { t } = useTranslation();
  const [only, setOnly] = useState<Only>('all');
  const [text, setText] = useState('');
  const [shown, setShown] = useState(pageRows);
  const [asked] = useDebouncedValue(text, typingPauseMs);
  const query = { ...where, ...(login && { login }), only, text: asked, limit: Math.min(shown, 1_000) };
  const { data, error } = useCall('run.resolve', query, { keepPrevious: true });
  const rows = data?.targets ?? [];
  return (
    <div className="resolved-list">
      <div className="resolved-tools">
        <TextInput
          aria-label={t('quick.findResolved')}
          placeholder={t('quick.findResolved')}
          spellCheck={false}
          value={text}
          onKeyDown={keepEnds}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <ChoiceBar
          label={t('quick.resolvedOnly')}
          value={only}
          choices={[
            { value: 'all', label: t('quick.resolvedAll') },
            { value: 'unreachable', label: t('quick.resolvedUnreachable', { count: data?.unreachable ?? 0 }) },
          ]}
          onChange={setOnly}
        />
      </div>
      {error && <ErrorNotice error={error} />}
      <ul aria-label={t('quick.resolvedTitle')}>
        {rows.map((row) => (
          <ResolvedRow key={row.host} row={row} where={where} onExclude={onExclude} />
        ))}
      </ul>
      <p className="saved-note quiet tabular" role="status">
        {data && t('counts.of', { done: rows.length, total: data.total })}
      </p>
      {data && data.next !== null && shown < 1_000 && (
        <Button variant="default" onClick={() => setShown(shown + pageRows)}>
          {t('quick.resolvedMore')}
        </Button>
      )}
    </div>
  );
}

/** Home and End belong to the field, not to the box around it. */
function keepEnds(event: KeyboardEvent): void {
  if (event.key === 'Home' || event.key === 'End') {
    event.stopPropagation();
  }
}

type RowProps = { row: ResolvedTarget; where: Where; onExclude: (where: Where) => void };

function ResolvedRow({ row, where, onExclude }: RowProps): ReactElement {
  const { t } = useTranslation();
  const rest = excludeTarget(where, row);
  const name = targetName(row.name);
  return (
    <li>
      <span className="resolved-name cut" title={row.name}>
        {name}
      </span>
      <span className="resolved-address mono cut quiet" title={row.address}>
        {row.user === null ? '' : `${row.user}@${row.address}`}
      </span>
      <ReachMark {...row} isLocal={row.user === null} />
      <IconButton
        size={22}
        label={t('quick.exclude', { name })}
        title={rest === null ? t('quick.excludeRange') : t('quick.exclude', { name })}
        disabled={rest === null}
        onClick={() => rest && onExclude(rest)}
      >
        <IconX size={13} stroke={1.7} aria-hidden="true" />
      </IconButton>
    </li>
  );
}
