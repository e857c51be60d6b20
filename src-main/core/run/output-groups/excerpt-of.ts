import type { OutputLine } from '#contract/run';
import type { ExcerptLine } from '#contract/run-groups';

type Excerpt = { readonly excerpt: ExcerptLine[]; readonly cut: boolean };

/** Lines of an excerpt; slices of one line count as one. */
export const excerptLines = 20;
const mostOfLine = 300;

/** The first lines of one output, long ones shortened; `whole` counts all lines there are. */
export function excerptOf(lines: readonly OutputLine[], whole: number): Excerpt {
  const excerpt: ExcerptLine[] = [];
  let cut = false;
  for (const { stream, text, open } of lines.slice(0, excerptLines)) {
    const long = text.length > mostOfLine;
    cut ||= long;
    excerpt.push({ stream, text: long ? `${text.slice(0, mostOfLine)}…` : text, open: open && !long });
  }
  return { excerpt, cut: cut || whole > excerpt.length };
}
