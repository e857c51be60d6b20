/** The steps between two words: a letter more, less, another one, or two neighbours swapped. */
function editDistance(one: string, other: string): number {
  let before: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const now = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const replaced = (last[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1);
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      const afterSwap = swapped ? (before[column - 2] ?? Infinity) + 1 : Infinity;
      now.push(Math.min((last[column] ?? 0) + 1, (now[column - 1] ?? 0) + 1, replaced, afterSwap));
    }
    before = last;
    last = now;
  }
  return last[other.length] ?? 0;
}

/** Nobody mistypes a longer word at its end only, and the time grows with the square of the length. */
const comparedLength = 64;

/** Up to `count` of `known`, each once, the nearest to `word` first; upper and lower case are the same. */
export function nearestWords(word: string, known: Iterable<string>, count: number): string[] {
  const wanted = word.toLowerCase().slice(0, comparedLength);
  return [...new Set(known)]
    .map((text) => ({ text, steps: editDistance(wanted, text.toLowerCase().slice(0, comparedLength)) }))
    .toSorted((one, other) => one.steps - other.steps)
    .slice(0, count)
    .map(({ text }) => text);
}
