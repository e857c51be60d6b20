import type { RE2JS } from 're2js';
import { DroverError } from '#contract/errors';
import type { FindQuery } from '#contract/run-find';
import { compileRegex } from '../../search/compile-regex.ts';

/** The end of a line that goes on in the stream's next slice, for matches over the border. */
export type Carried = {
  readonly text: string;
  /** Where `text` begins the line begins as well. */
  readonly atStart: boolean;
  /** Something matches up to the very end; whether it is a match shows only in what follows. */
  readonly waits: boolean;
};

type Outcome = {
  /** Undefined when nothing matches; empty when what has matched is not worth telling. */
  readonly matched: string | undefined;
  readonly carried: Carried | undefined;
};

type Slice = { readonly text: string; readonly open: boolean };

/** Says slice by slice where lines match; each match counts for the slice it ends in. */
export interface LineSearch {
  /** False when no line of the text can match by itself. */
  mayMatch(text: string): boolean;
  next(carried: Carried | undefined, slice: Slice): Outcome;
}

/** Throws DroverError `bad-input` for an expression that is none. */
export function lineSearch(query: Pick<FindQuery, 'text' | 'caseSensitive' | 'regex'>): LineSearch {
  if (!query.regex) {
    return literalSearch(query.text, query.caseSensitive);
  }
  const regex = compileRegex(query.text, { sameCase: query.caseSensitive });
  if ('problem' in regex) {
    throw new DroverError('bad-input', `The expression cannot be used: ${regex.problem}`);
  }
  return regexSearch(regex, /[$]|\\[bBz]/.test(query.text));
}

function literalSearch(wanted: string, sameCase: boolean): LineSearch {
  const folded = (text: string): string => (sameCase ? text : text.toLowerCase());
  const needle = folded(wanted);
  const overlap = needle.length - 1;
  return {
    mayMatch: (text) => folded(text).includes(needle),
    next(carried, { text, open }) {
      const whole = (carried?.text ?? '') + folded(text);
      const kept = open && overlap > 0 ? whole.slice(-overlap) : '';
      return {
        matched: whole.includes(needle) ? '' : undefined,
        carried: open ? { text: kept, atStart: false, waits: false } : undefined,
      };
    },
  };
}

/** What is kept of a line before the border of two slices: a match that began earlier and goes on is not seen as one. */
const keptBefore = 1_024;
const keptWaiting = 8_192;
const mostTold = 200;
/** Matches looked at in one slice to find one that counts. */
const mostTries = 2_000;

function regexSearch(regex: RE2JS, looksAhead: boolean): LineSearch {
  return {
    mayMatch: () => true,
    next(carried, slice) {
      const text = (carried?.text ?? '') + slice.text;
      const atStart = carried?.atStart ?? true;
      const goesOn = slice.open ? keptEnd(text, { length: keptBefore, atStart }) : undefined;
      if (!regex.test(text)) {
        return { matched: undefined, carried: goesOn };
      }
      const found = firstMatch(regex, { text, carried });
      if (!found) {
        return { matched: undefined, carried: goesOn };
      }
      const length = text.length - found.start + 1;
      if (slice.open && looksAhead && found.end === text.length && length <= keptWaiting) {
        return { matched: undefined, carried: { ...keptEnd(text, { length, atStart }), waits: true } };
      }
      return { matched: text.slice(found.start, Math.min(found.end, found.start + mostTold)), carried: goesOn };
    },
  };
}

function keptEnd(text: string, { length, atStart }: { length: number; atStart: boolean }): Carried {
  const whole = length >= text.length;
  return { text: whole ? text : text.slice(-length), atStart: atStart && whole, waits: false };
}

type Span = { readonly start: number; readonly end: number };

/** The first match that does not end in what was searched before. */
function firstMatch(regex: RE2JS, { text, carried }: { text: string; carried: Carried | undefined }): Span | undefined {
  const known = carried ? carried.text.length : 0;
  const matcher = regex.matcher(text);
  // The first kept character only tells what stands before the others.
  let more = matcher.find(carried && !carried.atStart ? 1 : 0);
  for (let tries = 0; more && tries < mostTries; tries += 1) {
    const span = { start: matcher.start(), end: matcher.end() };
    if (!carried || span.end > known || (span.end === known && carried.waits)) {
      return span;
    }
    more = matcher.find();
  }
  return undefined;
}
