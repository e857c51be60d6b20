import { type Run, RunPhase, type RunQuery, runSources, runStatuses, scriptTypes } from '#contract/run';
import type { RunFacts, RunSearch, TargetTerm, TextHint } from '../ports-history.ts';
import { addressKey } from '../search/address-span.ts';
import { compileSearch, type SearchFields, wholeTest } from '../search/match-search.ts';
import { parseSearch, type Search, type SearchTerm } from '../search/parse-search.ts';
import type { SearchPattern } from '../search/read-pattern.ts';
import { timeBounds } from './time-bounds.ts';

/** A number on the screen is the counter in it: what nodes add stands above. */
const numbersPerNode = 2 ** 40;
const serialOf = (no: number | null): number | null => (no === null ? null : no % numbersPerNode);

/** Other names that operators know two of the statuses by. */
const otherNames: Partial<Record<Run['status'], string>> = { failed: 'failure', running: 'in-progress' };

const fields: SearchFields<RunFacts> = {
  no: { kind: 'number', read: ({ no }) => serialOf(no), plain: 'whole' },
  name: { kind: 'text', read: ({ name }) => name, plain: 'part', isProse: true },
  text: { kind: 'texts', read: ({ summary, selector }) => [summary, selector], plain: 'part', isProse: true },
  target: { kind: 'text', aliases: ['host'], read: ({ firstTarget }) => firstTarget, plain: 'part' },
  by: { kind: 'text', aliases: ['starter'], read: ({ starter }) => starter },
  status: {
    kind: 'texts',
    read: ({ status }) => [status, otherNames[status] ?? status],
    values: [...runStatuses, ...Object.values(otherNames)],
  },
  phase: { kind: 'text', read: ({ phase }) => phase, values: RunPhase.options },
  reason: { kind: 'texts', read: ({ reason, phase }) => [reason, phase], isProse: true },
  source: { kind: 'text', read: ({ source }) => source, values: runSources },
  language: { kind: 'text', read: ({ language }) => language, values: scriptTypes },
  rerun: { kind: 'number', read: ({ rerunOf }) => serialOf(rerunOf) },
  // Bounds of time are no test of their own.
  since: { kind: 'text', read: () => null },
  until: { kind: 'text', read: () => null },
};

/**
 * What a question for runs looks for; `now` is the node's time. Throws DroverError `bad-selector` with the position of
 * what cannot be read and the nearest name of an unknown field.
 */
export function compileRunSearch(query: RunQuery, now: number): RunSearch {
  const search = withBareNumbers(parseSearch(query.text ?? ''));
  // All terms are looked at, also those that a number overrides: a slip is said in any case.
  compileSearch(search, fields, 'contains');
  const of = (...names: string[]): SearchTerm[] => search.terms.filter((term) => names.includes(fieldOf(term)));
  const bounds = timeBounds(of('since', 'until'), now);
  const serials = search.terms.filter(isSerial).flatMap(({ any }) => any.flatMap(numbersIn));
  const targets = of('target', 'host');
  const apart = [...of('since', 'until', 'status', 'source'), ...targets];
  const rest = search.terms.filter((term) => !apart.includes(term));
  return {
    serials: serials.length > 0 ? serials : null,
    numbers: query.numbers ?? null,
    status: (query.status ?? runStatuses).filter((status) => allowsState(of('status'), { status })),
    source: (query.source ?? runSources).filter((source) => allowsState(of('source'), { source })),
    since: Math.max(bounds.since, query.since ?? 0),
    until: bounds.until,
    before: query.before ?? Number.MAX_SAFE_INTEGER,
    limit: query.limit,
    hints: rest.flatMap(hintOf),
    targets: targets.map(targetTerm),
    test: compileSearch({ terms: rest }, fields, 'contains'),
  };
}

/** In lower case; empty for a term without a field. */
const fieldOf = ({ field }: SearchTerm): string => field?.toLowerCase() ?? '';

const numbersIn = (pattern: SearchPattern): number[] => (pattern.kind === 'number' ? [pattern.value] : []);

/** `#12` or `#12,#13` finds these runs, whatever else is asked. */
const isSerial = ({ not, field, any }: SearchTerm): boolean =>
  !not && field === null && any.every(({ kind }) => kind === 'number');

/** `123` is looked for as a text and may be the number of a run as well; it overrides nothing. */
function withBareNumbers({ terms }: Search): Search {
  const orNumber = (pattern: SearchPattern): SearchPattern[] =>
    pattern.kind === 'word' && !pattern.quoted && /^\d{1,15}$/.test(pattern.text)
      ? [pattern, { kind: 'number', value: Number(pattern.text) }]
      : [pattern];
  return { terms: terms.map((term) => (term.field === null ? { ...term, any: term.any.flatMap(orNumber) } : term)) };
}

const blank: RunFacts = {
  no: 0,
  name: '',
  summary: '',
  firstTarget: '',
  selector: '',
  status: 'pending',
  phase: 'queued',
  reason: '',
  source: 'manual',
  language: null,
  createdAt: 0,
  starter: '',
  rerunOf: null,
};

/** Whether runs of a status or a source can fit: these are few, so each is tried. */
function allowsState(terms: readonly SearchTerm[], state: Partial<RunFacts>): boolean {
  return compileSearch({ terms }, fields, 'contains')({ ...blank, ...state });
}

/** The index holds pieces of three characters. */
const indexed = 3;

/** What the index of texts can tell of a term; nothing of one that may be met by a shorter text or by none. */
function hintOf(term: SearchTerm): TextHint[] {
  const plain = term.field === null;
  if (term.not || !(plain || ['name', 'text'].includes(fieldOf(term)))) {
    return [];
  }
  const texts = term.any.flatMap((pattern) => (pattern.kind === 'word' ? [pattern.text] : []));
  const serials = plain ? term.any.flatMap(numbersIn) : [];
  // An address has other spellings, which hold other pieces.
  const usable = texts.every((text) => Array.from(text).length >= indexed && !(text.includes(':') && addressKey(text)));
  return usable && texts.length > 0 && texts.length + serials.length === term.any.length ? [{ texts, serials }] : [];
}

const ascii = /^[\u0020-\u007e]+$/;

function targetTerm({ not, any }: SearchTerm): TargetTerm {
  const words = any.flatMap((pattern) => (pattern.kind === 'word' ? [pattern.text] : []));
  // What the index of names takes for the same is upper and lower case of ASCII, and one spelling of an address.
  const simple = words.length === any.length && words.every((word) => ascii.test(word) && !word.includes(':'));
  return { not, words: simple ? words : null, means: wholeTest(any) };
}
