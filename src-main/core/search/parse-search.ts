import { DroverError } from '#contract/errors';
import { addressKey, spanSize } from './address-span.ts';
import { bracketLength, holdsBracket } from './expand-brackets.ts';
import { compileRegex } from './compile-regex.ts';
import { readPattern, type SearchPattern } from './read-pattern.ts';

/** One condition: the value of `field`, or of the usual fields when it is null, is any of `any`; with `not`, none of them. */
export type SearchTerm = {
  readonly not: boolean;
  /** As it was written. */
  readonly field: string | null;
  readonly any: readonly SearchPattern[];
  /** Where the term begins in the text, from 1. */
  readonly position: number;
};

/** All terms must be met; without terms everything is found. */
export type Search = { readonly terms: readonly SearchTerm[] };

/** No selector of a run may be longer. */
const maximumLength = 100_000;

/** Names and addresses that all brackets of one search stand for. */
const maximumExpanded = 20_000;

/** Steps of all expressions and letters of all globs together: the time to look at a text is its length times these. */
const maximumSteps = 2_000;

type Scan = { readonly text: string; at: number; expanded: number; steps: number };

/**
 * Reads the one grammar of lists, target pickers, `-t` and rules: terms side by side are all to be met, `a,b` is either,
 * `!term` is not, `field:value` asks one field; values are words, globs, `/RE2/`, `"literal"`, `#123`, address ranges.
 * Throws DroverError `bad-selector` with the position of what cannot be read and the remedy.
 */
export function parseSearch(text: string): Search {
  if (text.length > maximumLength) {
    throw new DroverError('bad-selector', `The search is longer than ${maximumLength} characters: save it as tags`);
  }
  const scan: Scan = { text, at: 0, expanded: 0, steps: 0 };
  const terms: SearchTerm[] = [];
  for (skip(scan, separator); scan.at < text.length; skip(scan, separator)) {
    terms.push(readTerm(scan));
  }
  return { terms };
}

/** The refusal of a search; `position` counts characters from 1. */
export function badSearch(position: number, sentence: string): DroverError {
  return new DroverError('bad-selector', `${sentence} (at character ${position})`, { detail: { position } });
}

/** How a word of a search is shown in a message. */
export const shown = (word: string): string => `'${word.length > 100 ? `${word.slice(0, 99)}…` : word}'`;

const blank = /\s/;
const comma = /[,，、]/;
const separator = /[\s,，、]/;

function skip(scan: Scan, what: RegExp): void {
  while (scan.at < scan.text.length && what.test(scan.text.charAt(scan.at))) {
    scan.at += 1;
  }
}

/** Whether a word ends here. */
const ends = ({ text, at }: Scan): boolean => at >= text.length || separator.test(text.charAt(at));

function readTerm(scan: Scan): SearchTerm {
  const position = scan.at + 1;
  const not = scan.text[scan.at] === '!';
  scan.at += not ? 1 : 0;
  if (ends(scan)) {
    throw badSearch(position, "Nothing stands after '!': write the term right behind it, such as !tag:canary");
  }
  const field = readField(scan);
  if (ends(scan)) {
    throw badSearch(position, `Nothing stands after ${shown(`${field}:`)}: write the value right behind it`);
  }
  const any = readAlternatives(scan);
  if (field === null && any.some((pattern) => pattern.kind === 'word' && pattern.text === '')) {
    throw badSearch(position, 'The quotes are empty: write a value between them');
  }
  return { not, field, any, position };
}

function readField(scan: Scan): string | null {
  const name = /([A-Za-z_][A-Za-z0-9_.-]*)[:：]/y;
  name.lastIndex = scan.at;
  const field = name.exec(scan.text)?.[1];
  if (field === undefined || startsWithIp(scan, field)) {
    return null;
  }
  scan.at = name.lastIndex;
  return field;
}

/** `fe80::1` and `fd00::/120` are addresses, though `fe80:` looks like a field. */
function startsWithIp(scan: Scan, field: string): boolean {
  if (!/^[0-9a-f]{1,4}$/i.test(field)) {
    return false;
  }
  const address = /[^\s,，、/-]*/y;
  address.lastIndex = scan.at;
  return addressKey(address.exec(scan.text)?.[0] ?? '') !== undefined;
}

function readAlternatives(scan: Scan): SearchPattern[] {
  const any = readAlternative(scan);
  for (;;) {
    const end = scan.at;
    skip(scan, blank);
    if (!comma.test(scan.text.charAt(scan.at))) {
      scan.at = end;
      return any;
    }
    skip(scan, separator);
    if (scan.at >= scan.text.length) {
      return any;
    }
    for (const pattern of readAlternative(scan)) {
      any.push(pattern);
    }
  }
}

function readAlternative(scan: Scan): SearchPattern[] {
  switch (scan.text[scan.at]) {
    case '"':
      return [readQuoted(scan)];
    case '/':
      return [readRegex(scan)];
    case '!':
      throw badSearch(
        scan.at + 1,
        "A '!' stands before a whole term: part it from the term before by a blank, not a comma",
      );
    default:
      return readBare(scan);
  }
}

function readBare(scan: Scan): SearchPattern[] {
  const start = scan.at;
  while (!ends(scan)) {
    if (scan.text[scan.at] === '"') {
      throw badSearch(
        scan.at + 1,
        'A quote stands inside a word: put the whole value in quotes and write \\" for a quote in it',
      );
    }
    scan.at += scan.text[scan.at] === '[' ? Math.max(1, bracketLength(scan.text, scan.at)) : 1;
  }
  const word = scan.text.slice(start, scan.at);
  const patterns = readPattern(word);
  if ('problem' in patterns) {
    throw badSearch(start + 1, `${shown(word)} cannot be taken: ${patterns.problem}`);
  }
  scan.expanded += holdsBracket(word) ? patterns.reduce((sum, pattern) => sum + sizeOf(pattern), 0) : 0;
  if (scan.expanded > maximumExpanded) {
    throw badSearch(start + 1, `The brackets stand for more than ${maximumExpanded} names in all: use globs or tags`);
  }
  for (const pattern of patterns) {
    addSteps(scan, start + 1, pattern.kind === 'glob' ? pattern.text.length : 0);
  }
  return patterns;
}

const sizeOf = (pattern: SearchPattern): number =>
  pattern.kind === 'addresses' ? pattern.spans.reduce((sum, span) => sum + spanSize(span), 0) : 1;

function readQuoted(scan: Scan): SearchPattern {
  const position = scan.at + 1;
  const end = closing(scan, '"');
  if (end === -1) {
    throw badSearch(position, 'The quote is not closed: add a " at its end');
  }
  const text = scan.text.slice(scan.at + 1, end).replaceAll(/\\(["\\])/g, '$1');
  scan.at = end + 1;
  if (!ends(scan)) {
    throw badSearch(
      scan.at + 1,
      'Text stands right behind a closing quote: part it by a blank or a comma, or write \\" for a quote',
    );
  }
  return { kind: 'word', text, quoted: true };
}

function readRegex(scan: Scan): SearchPattern {
  const position = scan.at + 1;
  const end = closing(scan, '/');
  if (end === -1) {
    throw badSearch(
      position,
      'The expression is not closed: add a / at its end, or put the value in quotes if it is none',
    );
  }
  const source = scan.text.slice(scan.at + 1, end);
  scan.at = end + 1;
  if (!ends(scan)) {
    throw badSearch(
      scan.at + 1,
      'Text stands right behind a closing /: write \\/ for a slash, or put the value in quotes',
    );
  }
  if (source === '') {
    throw badSearch(position, 'The expression is empty: write one between the slashes, or put the value in quotes');
  }
  const regex = compileRegex(source);
  if ('problem' in regex) {
    throw badSearch(position, `The expression ${shown(source)} cannot be read: ${regex.problem}`);
  }
  addSteps(scan, position, regex.programSize());
  return { kind: 'regex', source };
}

function addSteps(scan: Scan, position: number, steps: number): void {
  scan.steps += steps;
  if (scan.steps > maximumSteps) {
    throw badSearch(position, 'The expressions and globs are too large together: repeat less in them, or use tags');
  }
}

/** Where what begins here with `mark` is closed by the same one, a backslash before it not counting; -1 when it is not. */
function closing({ text, at }: Scan, mark: string): number {
  for (let index = at + 1; index < text.length; index += 1) {
    if (text[index] === '\\') {
      index += 1;
    } else if (text[index] === mark) {
      return index;
    }
  }
  return -1;
}
