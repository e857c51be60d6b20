/** The search with one more term at its end. */
export function withTerm(text: string, term: string): string {
  const before = text.trimEnd();
  return before === '' ? term : `${before} ${term}`;
}
