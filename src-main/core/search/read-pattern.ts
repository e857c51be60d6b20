import { addressKey, type AddressSpan, mergeSpans, readSpan } from './address-span.ts';
import { expandBrackets, holdsBracket } from './expand-brackets.ts';

/** One of the values a term looks for. Plain data; `parseSearch` has made sure that a regex can be compiled. */
export type SearchPattern =
  | SearchWord
  | { readonly kind: 'glob'; readonly text: string }
  /** In the syntax of RE2, without the slashes. */
  | { readonly kind: 'regex'; readonly source: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'addresses'; readonly text: string; readonly spans: readonly AddressSpan[] };

export type SearchWord = {
  readonly kind: 'word';
  readonly text: string;
  readonly quoted: boolean;
  /** One of several that brackets stand for. */
  readonly ranged?: true;
  /** Upper and lower case differ; never set by the grammar. */
  readonly sameCase?: true;
};

/**
 * What a word without quotes means: a number, addresses, a glob or the word itself; `web[1-3]` is several. A range that
 * is too large or none comes back as a problem in words.
 */
export function readPattern(word: string): SearchPattern[] | { problem: string } {
  if (holdsBracket(word)) {
    return readBrackets(word);
  }
  const span = readSpan(word);
  if (span && 'problem' in span) {
    return span;
  }
  return [span ? { kind: 'addresses', text: word, spans: [{ first: span.first, last: span.last }] } : readWord(word)];
}

function readBrackets(word: string): SearchPattern[] | { problem: string } {
  const words = expandBrackets(word);
  if ('problem' in words) {
    return words;
  }
  const keys = words.map(addressKey).filter((key) => key !== undefined);
  return keys.length === words.length
    ? [{ kind: 'addresses', text: word, spans: mergeSpans(keys.map((key) => ({ first: key, last: key }))) }]
    : words.map(readWord).map((pattern) => (pattern.kind === 'word' ? { ...pattern, ranged: true } : pattern));
}

function readWord(text: string): SearchPattern {
  const value = /^#\d{1,16}$/.test(text) ? Number(text.slice(1)) : Number.NaN;
  if (Number.isSafeInteger(value)) {
    return { kind: 'number', value };
  }
  return /[*?]/.test(text) ? { kind: 'glob', text } : { kind: 'word', text, quoted: false };
}
