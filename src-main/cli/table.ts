import { cutText, padText, textWidth } from './text-width.ts';

/** `paint` colours a cell that has its final width. */
export type Cell = { readonly text: string; readonly paint?: (padded: string) => string };

type TableShape = {
  readonly head: readonly string[];
  /** Width of the screen; the last column is cut to it, and nothing is cut without it. */
  readonly columns: number | undefined;
};

const gap = '  ';

/** Lines of a table whose last column takes what is left of the screen. */
export function tableLines(rows: readonly (readonly Cell[])[], { head, columns }: TableShape): string[] {
  const all = [head.map((text): Cell => ({ text })), ...rows];
  const widths = head.map((_, index) => Math.max(...all.map((row) => textWidth(row[index]?.text ?? ''))));
  const last = head.length - 1;
  const before = widths.slice(0, last).reduce((sum, width) => sum + width + gap.length, 0);
  const room = columns === undefined ? Number.POSITIVE_INFINITY : Math.max(8, columns - before);
  return all.map((row) =>
    row
      .map(({ text, paint = (padded: string) => padded }, index) =>
        paint(index === last ? cutText(text, room) : padText(text, widths[index] ?? 0)),
      )
      .join(gap)
      .trimEnd(),
  );
}
