/** More names or addresses in one word are most likely a slip, and nobody could look through them. */
export const maximumRange = 4_096;

/** Of host names; thousands of longer ones would fill the memory. */
const longestName = 253;
const mostBrackets = 8;

const bracket = /\[(\d[\d,，、\t -]*)\]/g;

/** Whether the word holds a list of numbers such as `[1-20]` or `[1,3,5-7]`. */
export function holdsBracket(word: string): boolean {
  return word.search(bracket) !== -1;
}

/** The length of the list of numbers in brackets that begins at `start`, 0 when there is none; commas in it do not part words. */
export function bracketLength(text: string, start: number): number {
  const list = /\[\d[\d,，、\t -]*\]/y;
  list.lastIndex = start;
  return list.exec(text)?.[0].length ?? 0;
}

/**
 * All words that `web[01-20]` or `10.0.[1,2].[1-9]` stands for, the last bracket counting fastest. Leading zeros are
 * kept. More than 4 096, or a range that is none, comes back as a problem in words.
 */
export function expandBrackets(word: string): string[] | { problem: string } {
  const texts: string[] = [];
  const lists: NumberRange[][] = [];
  let rest = 0;
  for (const found of word.matchAll(bracket)) {
    const list = readList(found[1] ?? '');
    if (!list) {
      return { problem: `${found[0].slice(0, 50)} is no list of numbers: write it as [1-20] or [1,3,5-7]` };
    }
    texts.push(word.slice(rest, found.index));
    lists.push(list);
    rest = found.index + found[0].length;
  }
  if (lists.length > mostBrackets) {
    return { problem: `no more than ${mostBrackets} brackets stand in one word` };
  }
  const count = lists.reduce((all, list) => all * list.reduce((sum, { first, last }) => sum + last - first + 1, 0), 1);
  if (count > maximumRange) {
    return { problem: tooMany(String(count)) };
  }
  const end = word.slice(rest);
  if (end.length + texts.join('').length > longestName) {
    return { problem: `no name is longer than ${longestName} characters` };
  }
  let words = [''];
  for (const [index, list] of lists.entries()) {
    const numbers = list.flatMap(numbersOf);
    const text = texts[index] ?? '';
    words = words.flatMap((start) => numbers.map((number) => start + text + number));
  }
  return words.map((start) => start + end);
}

/** What is said of a range that is too large. */
export function tooMany(count: string): string {
  return `it stands for ${count} addresses, more than ${maximumRange}: take smaller ranges`;
}

type NumberRange = { readonly first: number; readonly last: number; readonly width: number };

function readList(list: string): NumberRange[] | undefined {
  const ranges: NumberRange[] = [];
  for (const part of list.split(/[,，、]/)) {
    const [, first, last = first] = /^[\t ]*(\d{1,9})(?:[\t ]*-[\t ]*(\d{1,9}))?[\t ]*$/.exec(part) ?? [];
    if (first === undefined || last === undefined || Number(first) > Number(last)) {
      return undefined;
    }
    const padded = [first, last].some((number) => number.length > 1 && number.startsWith('0'));
    ranges.push({
      first: Number(first),
      last: Number(last),
      width: padded ? Math.max(first.length, last.length) : 0,
    });
  }
  return ranges;
}

const numbersOf = ({ first, last, width }: NumberRange): string[] =>
  Array.from({ length: last - first + 1 }, (_, index) => String(first + index).padStart(width, '0'));
