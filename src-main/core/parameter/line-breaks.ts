/** Counts line ends as editors do: LF, CRLF and a lone CR. */
export function lineBreaks(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}
