import type { OutputLine } from '#contract/run';

/** Lines asked for at once, at first and at most: slices of 64 KB may be among them. */
export const firstPageLines = 50;
const mostPageLines = 500;
const pageChars = 1_000_000;

/**
 * How many lines to ask for after these, which came when `asked` were: about 1 MB when the next ones are as long, and no
 * sudden jump to many.
 */
export function nextPageLines(lines: readonly OutputLine[], asked: number): number {
  const chars = lines.reduce((sum, { text }) => sum + text.length, 0);
  const fitting = Math.floor((lines.length * pageChars) / Math.max(1, chars));
  return Math.max(1, Math.min(mostPageLines, fitting, asked * 4));
}
