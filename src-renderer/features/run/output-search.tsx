import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconArrowDown, IconArrowUp, IconLetterCase, IconRegex, IconX } from '@tabler/icons-react';
import { type ReactElement, type RefObject, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run, Stream } from '#contract/run';
import { IconButton } from '../../ui/icon-button.tsx';
import type { TerminalHandle } from '../../ui/terminal-view.tsx';
import { sizeText } from '../../ui/time-text.ts';
import type { HitCounts } from './hit-counts.ts';
import type { SearchInfo, SearchScope, SearchWords } from './run-search.ts';
import type { Output } from './use-output.ts';
import { type Search, useSearch } from './use-search.ts';
import { useWalk } from './use-walk.ts';

type OutputSearchProps = {
  no: number;
  run: Run | undefined;
  /** The target whose output is shown; null for all of them. */
  host: number | null;
  many: boolean;
  stream: Stream | 'both';
  terminal: RefObject<TerminalHandle | null>;
  output: Output;
  onHits: (hits: HitCounts | null) => void;
  onClose: () => void;
};

const glyph = { size: 15, stroke: 1.7 };
const typingMs = 200;

/** Searches the whole output of a run, loaded or not, and walks through what it finds. */
export function OutputSearch(props: OutputSearchProps): ReactElement {
  const { no, host, many, stream, terminal, output } = props;
  const [words, setWords] = useState<SearchWords>({ text: '', caseSensitive: false, regex: false });
  const [text] = useDebouncedValue(words.text, typingMs);
  const wanted = { ...words, text };
  const scope: SearchScope = { run: no, ...(stream !== 'both' && { stream }) };
  const isOne = many && host !== null;
  // The targets beside keep their counts while one of them is looked at.
  const all = useSearch(scope, wanted);
  const one = useSearch(isOne ? { ...scope, host } : null, wanted);
  const search = isOne ? one : all;
  const of = JSON.stringify([scope, host, wanted]);
  const { place, step } = useWalk({ info: search.info, words: wanted, of, terminal, output });
  useHitCounts(text === '' ? null : all.info.byHost, props.onHits);
  return (
    <div className="output-search" role="search">
      <Words {...{ words, terminal, step }} info={search.info} onWords={setWords} onClose={props.onClose} />
      {text !== '' && <Found info={search.info} place={place} many={many && !isOne} />}
      <Steps none={search.info.hits.length === 0} step={step} onClose={props.onClose} />
      {text !== '' && <Progress search={search} all={all} />}
    </div>
  );
}

type WordsProps = Pick<OutputSearchProps, 'terminal' | 'onClose'> & {
  words: SearchWords;
  info: SearchInfo;
  step: (by: 1 | -1) => void;
  onWords: (words: SearchWords) => void;
};

function Words({ words, terminal, info, step, onWords, onClose }: WordsProps): ReactElement {
  const { t } = useTranslation();
  const field = useFindField(terminal);
  const toggle = (name: 'caseSensitive' | 'regex'): void => onWords({ ...words, [name]: !words[name] });
  return (
    <>
      <TextInput
        ref={field}
        size="xs"
        aria-label={t('output.search')}
        placeholder={t('output.searchPlaceholder')}
        maxLength={1_000}
        value={words.text}
        error={info.error !== null}
        onChange={(event) => onWords({ ...words, text: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && info.hits.length > 0) {
            step(event.shiftKey ? -1 : 1);
          } else if (event.key === 'Escape') {
            onClose();
          }
        }}
      />
      <IconButton
        label={t('find.caseSensitive')}
        aria-pressed={words.caseSensitive}
        onClick={() => toggle('caseSensitive')}
      >
        <IconLetterCase {...glyph} />
      </IconButton>
      <IconButton label={t('find.regex')} aria-pressed={words.regex} onClick={() => toggle('regex')}>
        <IconRegex {...glyph} />
      </IconButton>
    </>
  );
}

type StepsProps = Pick<OutputSearchProps, 'onClose'> & { none: boolean; step: (by: 1 | -1) => void };

function Steps({ none, step, onClose }: StepsProps): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <IconButton label={t('output.previous')} disabled={none} onClick={() => step(-1)}>
        <IconArrowUp {...glyph} />
      </IconButton>
      <IconButton label={t('output.next')} disabled={none} onClick={() => step(1)}>
        <IconArrowDown {...glyph} />
      </IconButton>
      <IconButton label={t('output.closeSearch')} onClick={onClose}>
        <IconX {...glyph} />
      </IconButton>
    </>
  );
}

/** The field takes the focus, at first and whenever somebody presses the keys for it; what is marked goes with it. */
function useFindField(terminal: RefObject<TerminalHandle | null>): RefObject<HTMLInputElement | null> {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
    const refocus = (): void => field.current?.select();
    document.addEventListener('drover-find', refocus);
    const screen = terminal.current;
    return () => {
      document.removeEventListener('drover-find', refocus);
      screen?.endMark();
    };
  }, [terminal]);
  return field;
}

function useHitCounts(hits: HitCounts | null, onHits: OutputSearchProps['onHits']): void {
  const tell = useEffectEvent((counts: HitCounts | null) => onHits(counts));
  useEffect(() => tell(hits), [hits]);
  useEffect(() => () => tell(null), []);
}

type FoundProps = { info: SearchInfo; place: number | null; many: boolean };

function Found({ info, place, many }: FoundProps): ReactElement {
  const { t } = useTranslation();
  const { total, hits, byHost, bytes, state, error } = info;
  const lines =
    place === null ? t('find.total', { count: total }) : t('find.place', { index: place + 1, count: total });
  const none = state === 'searching' ? t('find.noneYet') : t('find.none', { size: sizeText(bytes) });
  const targets = t('counts.targets', { count: byHost.size });
  const found = total === 0 ? none : many ? t('find.inTargets', { lines, targets }) : lines;
  return (
    <>
      <span className={error ? 'output-search-bad' : 'tabular output-matches'} role="status">
        {error ? error.message : found}
      </span>
      {total > hits.length && hits.length > 0 && state !== 'searching' && (
        <span className="quiet output-search-note">{t('find.onlyFirst', { count: hits.length })}</span>
      )}
    </>
  );
}

/** How far a search has come that takes its time, and how to stop it. */
function Progress({ search, all }: { search: Search; all: Search }): ReactElement | null {
  const { t } = useTranslation();
  const { share, bytes, state, error } = search.info;
  const isSearching = state === 'searching' && !error;
  if (state === 'stopped' && !error) {
    return <span className="quiet output-search-note">{t('find.stopped', { size: sizeText(bytes) })}</span>;
  }
  if (!isSearching) {
    return null;
  }
  const words = t('find.searching', { share: Math.floor(share * 100), size: sizeText(bytes) });
  const stop = (): void => {
    search.stop();
    all.stop();
  };
  return (
    <span className="output-search-progress">
      <progress value={share} max={1} aria-label={words} />
      <span className="quiet output-search-note tabular">{words}</span>
      <Button variant="subtle" size="compact-xs" onClick={stop}>
        {t('find.stop')}
      </Button>
    </span>
  );
}
