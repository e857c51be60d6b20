/** The part of a terminal's buffer that places are found in. */
export type Rows = { readonly length: number; getLine(y: number): { readonly isWrapped: boolean } | undefined };

/** How many lines, counted from the end, begin at or below a row; wrapped rows belong to the line above them. */
export function linesFromRow(rows: Rows, row: number): number {
  let lines = 0;
  for (let y = rows.length - 1; y >= row; y -= 1) {
    lines += rows.getLine(y)?.isWrapped ? 0 : 1;
  }
  return lines;
}

/** The row where the line begins that is `lines` from the end; the first row when there are fewer. */
export function rowFromLines(rows: Rows, lines: number): number {
  let seen = 0;
  for (let y = rows.length - 1; y >= 0; y -= 1) {
    seen += rows.getLine(y)?.isWrapped ? 0 : 1;
    if (seen === lines) {
      return y;
    }
  }
  return 0;
}

/** Index of the first number that is not smaller; the numbers rise. */
export function indexFrom(numbers: readonly number[], wanted: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
