import { Input } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type ReactElement, type RefObject, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DroverError } from '#contract/errors';
import { useKeys } from '../../ui/use-keys.ts';
import { SearchHelp } from './search-help.tsx';
import { withTerm } from './with-term.ts';

const typingPauseMs = 250;

/** What is typed, what was sent of it, and what stood in the address when it was last looked at. */
type Typing = { readonly text: string; readonly sent: string; readonly known: string };

type SearchFieldProps = {
  shown: string;
  error: DroverError | null;
  /** Whether rows of the search before are still there. */
  hasRows: boolean;
  onSend: (text: string) => void;
};

/** One search in the grammar of all lists; `/` leads here, F1 shows how it is written. */
export function SearchField({ shown, error, hasRows, onSend }: SearchFieldProps): ReactElement {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const said = useId();
  const { text, type } = useTyping(shown, onSend);
  useKeys({
    '/': {
      does: t('keys.search'),
      act: () => {
        field.current?.focus();
        field.current?.select();
      },
    },
    f1: { does: t('runHelp.title'), act: () => box.current?.querySelector('button')?.click() },
  });
  const add = (term: string): void => {
    type(withTerm(text, term));
    field.current?.focus();
  };
  return (
    <div className="filter-text" ref={box}>
      <Input
        ref={field}
        type="search"
        leftSection={<IconSearch size={14} stroke={1.6} />}
        rightSection={<SearchHelp onPick={add} />}
        rightSectionPointerEvents="all"
        withAria={false}
        error={error !== null}
        aria-label={t('runs.search')}
        aria-invalid={error !== null}
        aria-describedby={error ? said : undefined}
        placeholder={t('runs.searchPlaceholder')}
        spellCheck={false}
        value={text}
        onChange={(event) => type(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            type('');
            field.current?.blur();
          }
        }}
      />
      {error && <SaidOfSearch id={said} error={error} hasRows={hasRows} field={field} />}
    </div>
  );
}

function useTyping(shown: string, onSend: (text: string) => void): { text: string; type: (text: string) => void } {
  const [typing, setTyping] = useState<Typing>({ text: shown, sent: shown, known: shown });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  if (shown !== typing.known) {
    // The address has changed: by what was sent from here, or by somebody else, whose text is then taken over.
    setTyping({ ...typing, known: shown, text: shown === typing.sent ? typing.text : shown });
  }
  const type = (text: string): void => {
    setTyping((current) => ({ ...current, text }));
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      setTyping((current) => ({ ...current, sent: text }));
      onSend(text);
    }, typingPauseMs);
  };
  return { text: typing.text, type };
}

type SaidProps = { id: string; error: DroverError; hasRows: boolean; field: RefObject<HTMLInputElement | null> };

/** What is wrong with the search; a click puts the cursor where it is wrong. */
function SaidOfSearch({ id, error, hasRows, field }: SaidProps): ReactElement {
  const { t } = useTranslation();
  const at = typeof error.detail?.['position'] === 'number' ? error.detail['position'] - 1 : 0;
  return (
    <button
      type="button"
      id={id}
      className="search-said"
      tabIndex={-1}
      onClick={() => {
        field.current?.focus();
        field.current?.setSelectionRange(at, at);
      }}
    >
      {error.message}
      {hasRows && <span className="quiet"> {t('runs.stillBefore')}</span>}
    </button>
  );
}
