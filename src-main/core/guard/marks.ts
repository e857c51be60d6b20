/**
 * What cannot be known of a text stands in it as a noncharacter of Unicode. No text that is judged may hold one of its
 * own: the raw checks stop it.
 */
export const mark = {
  /** Comes from outside the text: may be empty, may be anything. */
  unset: '\uFDD0',
  /** Not empty, and not chosen by anybody who wants harm. */
  some: '\uFDD1',
  /** What a program of the host prints; may be empty. */
  output: '\uFDD2',
  /** Came from elsewhere, or was hidden from the reader. */
  fetched: '\uFDD3',
  /** Unquoted `*`, `?` and `[`. */
  star: '\uFDD4',
  question: '\uFDD5',
  set: '\uFDD6',
  /** The home folder of the login user stands for `/` and this. */
  home: '\uFDD7',
  /** Between two words of one expansion. */
  field: '\uFDD8',
  /** The script itself, `$0`. */
  self: '\uFDD9',
  /** What came over a network connection that this text opened. */
  network: '\uFDDA',
  /** What stands in a file of the host. */
  file: '\uFDDB',
} as const;

export const homeFolder = `/${mark.home}`;

const unknowns = /[\uFDD0-\uFDD3\uFDDA\uFDDB]/;
const maybeEmpty = /[\uFDD0\uFDD2\uFDD3\uFDDA\uFDDB]/g;

export function isUnknown(text: string): boolean {
  return unknowns.test(text);
}

export function mayBeEmpty(text: string): boolean {
  return text.search(maybeEmpty) >= 0;
}

/** The text when everything that may be empty is. */
export function emptied(text: string): string {
  return text.replace(maybeEmpty, '');
}

/** What was said to be not empty. */
export function notEmpty(text: string): string {
  return text.replace(maybeEmpty, mark.some);
}

export function hasGlob(text: string): boolean {
  return /[\uFDD4-\uFDD6]/.test(text);
}

/** Unquoted text that a shell would take for patterns. */
export function withGlobs(text: string): string {
  return text.replaceAll('*', mark.star).replaceAll('?', mark.question).replaceAll('[', mark.set);
}

const shown: Readonly<Record<string, string>> = {
  [mark.unset]: '…',
  [mark.some]: '…',
  [mark.output]: '…',
  [mark.fetched]: '…',
  [mark.network]: '…',
  [mark.file]: '…',
  [mark.star]: '*',
  [mark.question]: '?',
  [mark.set]: '[',
  [mark.field]: ' ',
  [mark.self]: '$0',
};

/** For reading, and for programs that get patterns as they are. */
export function plainText(text: string): string {
  return text.replaceAll(homeFolder, '~').replace(/[\uFDD0-\uFDDB]/g, (char) => shown[char] ?? '~');
}

/** Patterns that found nothing stay as they were written. */
export function withoutGlobs(text: string): string {
  return text.replace(/[\uFDD4-\uFDD6]/g, (char) => shown[char] ?? '');
}
