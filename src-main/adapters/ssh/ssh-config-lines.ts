import { LineType, parse } from 'ssh-config';

/** One line of an ssh_config file that says something. */
export type ConfigLine = {
  /** From 1. */
  readonly number: number;
  /** In small letters. */
  readonly keyword: string;
  /** The words after it, without their quotes and without a comment. */
  readonly words: readonly string[];
  /** What follows the keyword, as it is written. */
  readonly rest: string;
};

/** Blanks, a comment at the start of a word, a text in quotes, an escaped character, or any other one. */
const part =
  /([ \t]+)|"((?:[^"\\]|\\["'\\]|\\(?!["'\\]))*)"|'((?:[^'\\]|\\["'\\]|\\(?!["'\\]))*)'|\\(["'\\ ])|([^ \t"'])/y;

/** Null for blanks. */
function meaningOf([, blank, double, simple, escaped, other]: RegExpExecArray): string | null {
  const quoted = (double ?? simple)?.replaceAll(/\\(["'\\])/g, '$1');
  return blank === undefined ? (quoted ?? escaped ?? other ?? '') : null;
}

/** Words as OpenSSH tells them apart; undefined when a quote is not closed. */
export function splitWords(text: string): string[] | undefined {
  const words: string[] = [];
  let isInside = false;
  part.lastIndex = 0;
  while (part.lastIndex < text.length) {
    if (!isInside && text[part.lastIndex] === '#') {
      break;
    }
    const found = part.exec(text);
    if (!found) {
      return undefined;
    }
    const said = meaningOf(found);
    if (said !== null) {
      words.push((isInside ? (words.pop() ?? '') : '') + said);
    }
    isInside = said !== null;
  }
  return words;
}

const unquoted = (keyword: string): string => keyword.replace(/^"([^"]*)"$/, '$1').toLowerCase();

/**
 * Where the library sees keyword and value, on one line. It is not asked for values: it ends them at every `#`, keeps one
 * of two equal criteria of a Match, and gives up the whole file for a quote it does not expect; so it sees no quotes.
 */
function split(text: string): { keyword: string; rest: string } | 'broken' | null {
  let directive: ReturnType<typeof parse>[number] | undefined;
  try {
    [directive] = parse(text.replaceAll(/["'\\]/g, 'x'));
  } catch {
    // It wants every criterion to have a value, and words in quotes look like several to it.
    const [head] = /^\s*match(\s*=\s*|\s+)(?=\S)/i.exec(text) ?? [];
    return head === undefined ? 'broken' : { keyword: 'match', rest: text.slice(head.length) };
  }
  if (directive?.type !== LineType.DIRECTIVE) {
    return null;
  }
  const { before, param, separator } = directive;
  const end = before.length + param.length;
  return { keyword: unquoted(text.slice(before.length, end)), rest: text.slice(end + separator.length) };
}

function parseLine(text: string, number: number): ConfigLine | 'broken' | null {
  const found = split(text);
  if (found === null || found === 'broken') {
    return found;
  }
  const words = splitWords(found.rest);
  return words === undefined || found.keyword === '' ? 'broken' : { number, ...found, words };
}

/** The lines of a file, or the number of the first that cannot be understood. Never throws. */
export function parseConfigLines(text: string): { readonly lines: ConfigLine[]; readonly broken: number | null } {
  const lines: ConfigLine[] = [];
  for (const [index, row] of text.split('\n').entries()) {
    const trimmed = row.trimEnd();
    const line = /^\s*(#|$)/.test(trimmed) ? null : parseLine(trimmed, index + 1);
    if (line === 'broken') {
      return { lines, broken: index + 1 };
    }
    if (line) {
      lines.push(line);
    }
  }
  return { lines, broken: null };
}
