/** Most lines a screen keeps at once; the archive has the others. */
export const mostLines = 20_000;

/** Most characters a screen keeps at once, for lines that are very long. */
export const mostCharacters = 4_000_000;

/** Columns × lines of a view that does not wrap: empty cells cost memory as well. */
const mostCells = 12_000_000;
const mostColumns = 2_000;

/** Columns of a view that does not wrap: as wide as the longest line, where memory allows; what is longer wraps after all. */
export function unwrappedColumns(fitting: number, longest: number, lines: number): number {
  const affordable = Math.min(mostColumns, Math.floor(mostCells / Math.max(1, lines)));
  return Math.max(fitting, Math.min(affordable, longest + 1));
}

/** Cells a text takes at most, without looking at every character. */
export function cellsOf(text: string): number {
  let tabs = 0;
  for (let at = text.indexOf('\t'); at >= 0; at = text.indexOf('\t', at + 1)) {
    tabs += 1;
  }
  // oxlint-disable-next-line no-control-regex -- everything beyond Latin may take two cells
  const beyond = /[^\u0000-\u00FF]/.test(text);
  return (beyond ? text.length * 2 : text.length) + tabs * 7;
}

/** Knows how many rows the last lines take, so that a terminal keeps all of them and not many more. */
export class RowBudget {
  readonly #lengths = new Uint32Array(mostLines);
  #next = 0;
  #count = 0;
  #columns = 80;
  #rows = 0;

  get lines(): number {
    return this.#count;
  }

  get rows(): number {
    return this.#rows;
  }

  add(cells: number): void {
    if (this.#count === mostLines) {
      this.#rows -= this.#rowsOf(this.#lengths[this.#next] ?? 0);
    } else {
      this.#count += 1;
    }
    this.#lengths[this.#next] = cells;
    this.#next = (this.#next + 1) % mostLines;
    this.#rows += this.#rowsOf(cells);
  }

  /** Counts anew for a terminal of another width. */
  set columns(columns: number) {
    this.#columns = columns;
    this.#rows = 0;
    for (let index = 0; index < this.#count; index += 1) {
      this.#rows += this.#rowsOf(this.#lengths[index] ?? 0);
    }
  }

  clear(): void {
    this.#next = 0;
    this.#count = 0;
    this.#rows = 0;
  }

  #rowsOf(cells: number): number {
    return Math.max(1, Math.ceil(cells / this.#columns));
  }
}
