import { TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import { type ReactElement, type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../ui/icon-button.tsx';
import type { TerminalHandle } from '../../ui/terminal-view.tsx';

export type Matches = { readonly index: number; readonly count: number };

type OutputSearchProps = {
  terminal: RefObject<TerminalHandle | null>;
  matches: Matches | null;
  partly: boolean;
  onClose: () => void;
};

const glyph = { size: 15, stroke: 1.7 };

export function OutputSearch({ terminal, matches, partly, onClose }: OutputSearchProps): ReactElement {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const find = (direction: 'next' | 'previous'): void => terminal.current?.find(text, direction);
  useEffect(() => {
    field.current?.focus();
    const refocus = (): void => field.current?.select();
    document.addEventListener('drover-find', refocus);
    const screen = terminal.current;
    return () => {
      document.removeEventListener('drover-find', refocus);
      screen?.endFind();
    };
  }, [terminal]);
  return (
    <div className="output-search" role="search">
      <TextInput
        ref={field}
        size="xs"
        aria-label={t('output.search')}
        placeholder={t('output.searchPlaceholder')}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          terminal.current?.find(event.currentTarget.value, 'previous', true);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            find(event.shiftKey ? 'previous' : 'next');
          } else if (event.key === 'Escape') {
            onClose();
          }
        }}
      />
      <MatchCount text={text} matches={matches} />
      <IconButton label={t('output.previous')} disabled={text === ''} onClick={() => find('previous')}>
        <IconArrowUp {...glyph} />
      </IconButton>
      <IconButton label={t('output.next')} disabled={text === ''} onClick={() => find('next')}>
        <IconArrowDown {...glyph} />
      </IconButton>
      <IconButton label={t('output.closeSearch')} onClick={onClose}>
        <IconX {...glyph} />
      </IconButton>
      {partly && <span className="quiet output-search-note">{t('output.searchedLoaded')}</span>}
    </div>
  );
}

function MatchCount({ text, matches }: { text: string; matches: Matches | null }): ReactElement {
  const { t } = useTranslation();
  const count = matches?.count ?? 0;
  const words =
    text === ''
      ? ''
      : count === 0
        ? t('output.noMatch')
        : matches && matches.index < 0
          ? t('output.matchesMany', { count })
          : t('output.matches', { index: (matches?.index ?? 0) + 1, count });
  return (
    <span className="tabular output-matches" role="status">
      {words}
    </span>
  );
}
