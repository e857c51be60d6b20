/** One word as a POSIX shell reads it back, whatever it holds. */
function quoteWord(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Shell text that runs the words as they stand: no word is expanded, split or taken for an assignment. */
export function quoteWords(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}
