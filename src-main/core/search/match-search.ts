import { addressKey, canonicalAddress, inSpans, mergeSpans } from './address-span.ts';
import { compileRegex } from './compile-regex.ts';
import { matchGlobs } from './match-globs.ts';
import { nearestWords } from './nearest-words.ts';
import { badSearch, type Search, type SearchTerm, shown } from './parse-search.ts';
import type { SearchPattern, SearchWord } from './read-pattern.ts';

/** How a field is read; what has no value is found by no search for one. */
type FieldReader<T> =
  /** With `values`, a word that is none of them is an error. */
  | { readonly kind: 'text'; readonly read: (item: T) => string | null; readonly values?: readonly string[] }
  | { readonly kind: 'texts'; readonly read: (item: T) => readonly string[]; readonly values?: readonly string[] }
  | { readonly kind: 'number'; readonly read: (item: T) => number | null }
  /** Asked for with `yes` and `no`. */
  | { readonly kind: 'boolean'; readonly read: (item: T) => boolean }
  /** IP addresses are the same in all their spellings. */
  | { readonly kind: 'address'; readonly read: (item: T) => string | null }
  /** Asked for with `field.key:value`. */
  | { readonly kind: 'keyed'; readonly read: (item: T, key: string) => string | null };

type SearchField<T> = FieldReader<T> & {
  readonly aliases?: readonly string[];
  /** A term without a field looks here; `part` takes a part of the value where the mode is `contains`. Numbers only as `#1`. */
  readonly plain?: 'whole' | 'part';
  /** A word asked of this very field may be a part of its text, as in a sentence. */
  readonly isProse?: true;
};

/** The fields of one kind of thing by their names, in lower case. */
export type SearchFields<T> = Readonly<Record<string, SearchField<T>>>;

/** `exact` for selectors that act, `contains` for looking through lists. */
type SearchMode = 'exact' | 'contains';

type Test<T> = (item: T) => boolean;

/**
 * The test of one item. Throws DroverError `bad-selector` for a field that is unknown, naming the nearest one, and for a
 * value that the field cannot have.
 */
export function compileSearch<T>(search: Search, fields: SearchFields<T>, mode: SearchMode): Test<T> {
  const byName = fieldsByName(fields);
  const tests = search.terms.map((term) => {
    refuseHiddenFields(term, byName);
    const test = term.field === null ? plainTest(term, fields, mode) : fieldTest(term, byName);
    return term.not ? (item: T) => !test(item) : test;
  });
  return (item) => tests.every((test) => test(item));
}

/** By name and alias, with the name that the field is known by. */
type FieldsByName<T> = ReadonlyMap<string, { readonly name: string; readonly field: SearchField<T> }>;

function fieldsByName<T>(fields: SearchFields<T>): FieldsByName<T> {
  return new Map(
    Object.entries(fields).flatMap(([name, field]) =>
      [name, ...(field.aliases ?? [])].map((word) => [word, { name, field }] as const),
    ),
  );
}

/** `tag:web,os:linux` would ask for a tag "os:linux" and find too much or too little without a word. */
function refuseHiddenFields<T>(term: SearchTerm, byName: FieldsByName<T>): void {
  for (const pattern of term.any.slice(1)) {
    const text = pattern.kind === 'glob' || (pattern.kind === 'word' && !pattern.quoted) ? pattern.text : '';
    const name = /^([^:：]+)[:：]/.exec(text)?.[1];
    if (name !== undefined && byName.has(rootOf(name))) {
      const remedy = 'a comma parts values of one field; part terms by a blank, or put the value in quotes';
      throw badSearch(term.position, `${shown(text)} stands behind a comma: ${remedy}`);
    }
  }
}

/** `attr` of `attr.site`. */
const rootOf = (name: string): string => name.toLowerCase().split('.', 1)[0] ?? '';

function plainTest<T>(term: SearchTerm, fields: SearchFields<T>, mode: SearchMode): Test<T> {
  const whole = wholeTest(term.any);
  const part = mode === 'contains' ? partTest(term.any) : () => false;
  // What a part finds need not be looked for as the whole; only addresses have other spellings.
  const other = wholeTest(term.any.filter((pattern) => pattern.kind !== 'word' || addressKey(pattern.text)));
  const numbers = new Set(term.any.flatMap((pattern) => (pattern.kind === 'number' ? [pattern.value] : [])));
  const tests = Object.values(fields).flatMap((field): Test<T>[] => {
    if (field.plain === undefined) {
      return [];
    }
    if (field.kind === 'number') {
      return [(item) => numbers.has(field.read(item) ?? Number.NaN)];
    }
    if (mode === 'contains' && field.plain === 'part') {
      return [(item) => textsOf(field, item).some((text) => part(text) || other(text))];
    }
    return [(item) => textsOf(field, item).some(whole)];
  });
  return (item) => tests.some((test) => test(item));
}

function textsOf<T>(field: SearchField<T>, item: T): readonly string[] {
  switch (field.kind) {
    case 'texts':
      return field.read(item);
    case 'text':
    case 'address': {
      const text = field.read(item);
      return text === null ? [] : [text];
    }
    default:
      return [];
  }
}

function fieldTest<T>(term: SearchTerm, byName: FieldsByName<T>): Test<T> {
  const { field, key } = findField(term, byName);
  switch (field.kind) {
    case 'number':
      return numberTest(term, field.read);
    case 'boolean':
      return booleanTest(term, field.read);
    case 'keyed': {
      const test = wholeTest(term.any);
      return (item) => {
        const text = field.read(item, key);
        return text !== null && test(text);
      };
    }
    default: {
      refuseOtherValues(term, 'values' in field ? field.values : undefined);
      const whole = wholeTest(term.any);
      const part = field.isProse ? partTest(term.any) : () => false;
      return (item) => textsOf(field, item).some((text) => whole(text) || part(text));
    }
  }
}

function findField<T>(term: SearchTerm, byName: FieldsByName<T>): { field: SearchField<T>; key: string } {
  const name = term.field ?? '';
  const dot = name.indexOf('.');
  const key = dot === -1 ? '' : name.slice(dot + 1);
  const found = byName.get(rootOf(name));
  if (found && (found.field.kind === 'keyed' ? key !== '' : dot === -1)) {
    return { field: found.field, key };
  }
  if (found?.field.kind === 'keyed') {
    throw badSearch(term.position, `Say which ${found.name}: write ${found.name}.NAME:value`);
  }
  const [nearest] = nearestWords(rootOf(name), byName.keys(), 1);
  const known = [...new Map([...byName.values()].map(({ name: word, field }) => [word, field]))].map(([word, field]) =>
    field.kind === 'keyed' ? `${word}.NAME` : word,
  );
  throw badSearch(
    term.position,
    `No field ${shown(name)}${nearest === undefined ? '' : `, the nearest is '${nearest}'`}; the fields are ${known.join(', ')}. ` +
      'Put the value in quotes if the colon belongs to it',
  );
}

function refuseOtherValues(term: SearchTerm, values: readonly string[] | undefined): void {
  const strange = values && wordsOf(term.any).find(({ text }) => !values.includes(text.toLowerCase()));
  if (strange) {
    const [nearest] = nearestWords(strange.text, values, 1);
    const known = `${values.join(', ')}; the nearest is '${nearest}'`;
    throw badSearch(term.position, `${shown(strange.text)} is no value of ${term.field}, which is one of ${known}`);
  }
}

const wordsOf = (patterns: readonly SearchPattern[]): SearchWord[] =>
  patterns.filter((pattern) => pattern.kind === 'word');

function numberTest<T>(term: SearchTerm, read: (item: T) => number | null): Test<T> {
  const strange = wordsOf(term.any).find(({ text }) => !/^\d{1,16}$/.test(text));
  if (strange || term.any.some(({ kind }) => kind === 'addresses')) {
    throw badSearch(term.position, `The field ${term.field} takes numbers, such as ${term.field}:22`);
  }
  const test = wholeTest(
    term.any.map((pattern) => {
      const value =
        pattern.kind === 'word' ? Number(pattern.text) : pattern.kind === 'number' ? pattern.value : undefined;
      return value === undefined ? pattern : { kind: 'word', text: String(value), quoted: false };
    }),
  );
  return (item) => {
    const value = read(item);
    return value !== null && test(String(value));
  };
}

function booleanTest<T>(term: SearchTerm, read: (item: T) => boolean): Test<T> {
  const wanted = term.any.map((pattern) => {
    const text = pattern.kind === 'word' ? pattern.text.toLowerCase() : '';
    if (!['yes', 'no', 'true', 'false'].includes(text)) {
      throw badSearch(term.position, `The field ${term.field} takes yes or no: write ${term.field}:yes`);
    }
    return text === 'yes' || text === 'true';
  });
  return (item) => wanted.includes(read(item));
}

/** Whether a whole value is one of the patterns; an expression may match anywhere in it. */
export function wholeTest(patterns: readonly SearchPattern[]): (value: string) => boolean {
  const same = new Set<string>();
  const words = new Set<string>();
  const others: ((value: string) => boolean)[] = [];
  for (const pattern of patterns) {
    if (pattern.kind === 'word') {
      (pattern.sameCase ? same : words).add(pattern.sameCase ? pattern.text : canonicalAddress(pattern.text));
    } else if (pattern.kind === 'number') {
      words.add(`#${pattern.value}`);
    } else if (pattern.kind === 'regex') {
      others.push(regexTest(pattern.source));
    }
  }
  const globs = patterns.flatMap((pattern) => (pattern.kind === 'glob' ? [pattern.text] : []));
  if (globs.length > 0) {
    others.push(matchGlobs(globs));
  }
  const spans = mergeSpans(patterns.flatMap((pattern) => (pattern.kind === 'addresses' ? pattern.spans : [])));
  if (spans.length > 0) {
    others.push((value) => {
      const key = addressKey(value);
      return key !== undefined && inSpans(key, spans);
    });
  }
  return (value) =>
    same.has(value) || (words.size > 0 && words.has(canonicalAddress(value))) || others.some((test) => test(value));
}

function regexTest(source: string): (value: string) => boolean {
  const regex = compileRegex(source);
  return (value) => !('problem' in regex) && regex.test(value);
}

function partTest(patterns: readonly SearchPattern[]): (value: string) => boolean {
  const parts = wordsOf(patterns).map(({ text }) => text.toLowerCase());
  return (value) => {
    const text = value.toLowerCase();
    return parts.some((part) => text.includes(part));
  };
}
