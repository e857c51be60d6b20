import { Input } from '@mantine/core';
import { IconHelp, IconSearch } from '@tabler/icons-react';
import { type ReactElement, use, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DroverError } from '#contract/errors';
import { Close, Dropdown } from '../../ui/dropdown.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { useKeys } from '../../ui/use-keys.ts';

type SearchProps = { query: string; error: DroverError | null; onChange: (query: string) => void };

const typingPauseMs = 200;

/** What is typed, what was sent of it, and what stood in the address when it was last looked at. */
type Typing = { readonly text: string; readonly sent: string; readonly known: string };

/** The field's text and its way into the address: after a pause, at once by Enter. */
function useTyping({ query, onChange }: Pick<SearchProps, 'query' | 'onChange'>) {
  const [typing, setTyping] = useState<Typing>({ text: query, sent: query, known: query });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  if (query !== typing.known) {
    // The address has changed: by what was sent from here, or by somebody else, whose text is then taken over.
    setTyping({ ...typing, known: query, text: query === typing.sent ? typing.text : query });
  }
  const send = (text: string): void => {
    clearTimeout(timer.current);
    setTyping((current) => ({ ...current, text, sent: text }));
    onChange(text);
  };
  const type = (text: string): void => {
    setTyping((current) => ({ ...current, text }));
    clearTimeout(timer.current);
    timer.current = setTimeout(() => send(text), typingPauseMs);
  };
  return { text: typing.text, type, send };
}

/** The search of the list, in the one grammar; what is wrong with it stands below. */
export function TargetSearch({ query, error, onChange }: SearchProps): ReactElement {
  const { t } = useTranslation();
  const { text, type, send } = useTyping({ query, onChange });
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const focus = (): void => {
    field.current?.focus();
    field.current?.select();
  };
  useKeys({ '/': { does: t('keys.search'), act: focus } });
  const isWrong = error?.code === 'bad-selector';
  return (
    <div className="target-search" role="search">
      <Input
        ref={field}
        type="search"
        // The field would forget its description.
        withAria={false}
        leftSection={<IconSearch size={14} stroke={1.6} />}
        aria-label={t('targets.search')}
        aria-describedby={id}
        aria-invalid={isWrong}
        error={isWrong}
        size="xs"
        placeholder={t('targets.searchPlaceholder')}
        spellCheck={false}
        autoCapitalize="none"
        autoComplete="off"
        value={text}
        onChange={(event) => type(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            send(text);
          }
          if (event.key === 'Escape') {
            send('');
            field.current?.blur();
          }
        }}
      />
      <CheatSheet onTake={send} />
      <div id={id} className="search-problem" aria-live="polite">
        {isWrong && error.message}
      </div>
    </div>
  );
}

/** Each stands as it is typed; a click searches for it. */
const examples = [
  ['web1', 'targets.help.word'],
  ['web*', 'targets.help.glob'],
  ['web[1-20]', 'targets.help.brackets'],
  ['10.0.0.0/24', 'targets.help.range'],
  ['tag:web,db', 'targets.help.either'],
  ['tag:web os:linux', 'targets.help.both'],
  ['!tag:canary', 'targets.help.not'],
  ['reach:failed', 'targets.help.reach'],
  ['reach:never', 'targets.help.never'],
  ['maintenance:yes', 'targets.help.maintenance'],
  ['user:deploy', 'targets.help.user'],
  ['credential:deploy-key', 'targets.help.credential'],
  ['attr.site:berlin', 'targets.help.attribute'],
  ['name:/^db-\\d+$/', 'targets.help.regex'],
] as const;

function CheatSheet({ onTake }: { onTake: (query: string) => void }): ReactElement {
  const { t } = useTranslation();
  return (
    <Dropdown
      role="dialog"
      label={t('targets.help.title')}
      align="end"
      trigger={
        <IconButton label={t('targets.help.title')}>
          <IconHelp size={16} stroke={1.6} />
        </IconButton>
      }
    >
      <Examples onTake={onTake} />
    </Dropdown>
  );
}

function Examples({ onTake }: { onTake: (query: string) => void }): ReactElement {
  const { t } = useTranslation();
  const close = use(Close);
  return (
    <div className="cheat-sheet">
      <p className="quiet">{t('targets.help.rule')}</p>
      {examples.map(([query, meaning]) => (
        <button
          key={query}
          type="button"
          className="menu-item"
          onClick={() => {
            close();
            onTake(query);
          }}
        >
          <code className="mono">{query}</code>
          <span className="quiet">{t(meaning)}</span>
        </button>
      ))}
      <p className="quiet">{t('targets.help.fields')}</p>
    </div>
  );
}
