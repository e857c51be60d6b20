import { OutputFilter } from '#contract/output-filter';
import type { OutputLine } from '#contract/run';
import { cellWidth } from './cell-width.ts';

export type LineLayout = {
  readonly timestamps: boolean;
  readonly lineNumbers: boolean;
  /** Names by host, in front of each line, where several targets stand in one view. */
  readonly hostNames: readonly string[] | null;
};

const reset = '\u001B[0m';
// Not the attribute for dim letters: what it mixes falls below the contrast that everybody can read.
const dim = '\u001B[90m';
const red = '\u001B[31m';

const numberWidth = 6;
const hostWidth = 14;

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** `14:03:09.250` in the reader's own zone. */
function clockText(at: number): string {
  const date = new Date(at);
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':');
  return `${parts}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

function fixedWidth(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}

/** Cells in front of the text of each line. */
export function gutterWidth(layout: LineLayout): number {
  return (
    2 +
    (layout.hostNames ? hostWidth + 1 : 0) +
    (layout.timestamps ? 13 : 0) +
    (layout.lineNumbers ? numberWidth + 1 : 0)
  );
}

type OpenLine = { readonly key: string; column: number };

/**
 * Turns stored lines into what is written to a terminal: a gutter that output cannot reach, safe text, colours that end
 * with their line. Keeps its place, so lines may come one by one.
 */
export class LineWriter {
  readonly #layout: LineLayout;
  readonly #gutter: number;
  readonly #filters = new Map<string, OutputFilter>();
  readonly #unfinished = new Set<string>();
  #open: OpenLine | null = null;
  #any = false;

  constructor(layout: LineLayout) {
    this.#layout = layout;
    this.#gutter = gutterWidth(layout);
  }

  /** Text for the terminal, and whether a new row began with it. */
  write(line: OutputLine): { text: string; begins: boolean } {
    const key = `${line.host}:${line.stream}`;
    const filter = this.#filters.get(key) ?? new OutputFilter();
    this.#filters.set(key, filter);
    const goesOn = this.#open?.key === key;
    const open = goesOn && this.#open ? this.#open : { key, column: 0 };
    const start = goesOn ? '' : this.#start(line, filter);
    const text = this.#layOut(line.open ? filter.push(line.text) : filter.push(line.text) + filter.endLine(), open);
    this.#any = true;
    this.#open = line.open ? open : null;
    if (line.open) {
      this.#unfinished.add(key);
    } else {
      this.#unfinished.delete(key);
    }
    return { text: start + text + (line.open ? '' : reset), begins: !goesOn };
  }

  /** A new row with its gutter; a line that was interrupted by another stream goes on behind `…`. */
  #start(line: OutputLine, filter: OutputFilter): string {
    const { hostNames, timestamps, lineNumbers } = this.#layout;
    const goesOn = this.#unfinished.has(`${line.host}:${line.stream}`) ? '…' : ' ';
    const mark = line.stream === 'err' ? `${red}▌${reset}${goesOn}` : ` ${goesOn}`;
    const host = hostNames ? `${fixedWidth(hostNames[line.host] ?? `#${line.host + 1}`, hostWidth)} ` : '';
    const time = timestamps ? `${clockText(line.at)} ` : '';
    const number = lineNumbers ? `${String(line.n).padStart(numberWidth)} ` : '';
    const details = host + time + number;
    const told = details === '' ? '' : `${dim}${details}${reset}`;
    return `${this.#any ? `${reset}\r\n` : ''}${mark}${told}${filter.colours}`;
  }

  /** Carriage returns stop behind the gutter, backspaces cannot reach it, and tabs are as wide as without one. */
  #layOut(text: string, open: OpenLine): string {
    let shown = '';
    const body = text.replace(/\r+$/, '');
    const trailing = text.length > body.length;
    // Sequences and runs of text are measured apart: a sequence takes no cells.
    // oxlint-disable-next-line no-control-regex -- the filter has let nothing else through
    for (const part of body.split(/(\u001B\[[\d;]*m|[\t\b\r\n])/)) {
      shown += this.#part(part, open);
    }
    return trailing ? `${shown}${this.#part('\r', open)}` : shown;
  }

  #part(part: string, open: OpenLine): string {
    if (part === '' || part.startsWith('\u001B')) {
      return part;
    }
    if (part === '\t') {
      const blanks = 8 - (open.column % 8);
      open.column += blanks;
      return ' '.repeat(blanks);
    }
    if (part === '\b') {
      const back = open.column > 0;
      open.column -= back ? 1 : 0;
      return back ? '\b' : '';
    }
    if (part === '\r' || part === '\n') {
      open.column = 0;
      return `${part === '\n' ? '\r\n' : '\r'}\u001B[${this.#gutter}C`;
    }
    for (const char of part) {
      open.column += cellWidth(char);
    }
    return part;
  }
}

/** The same lines as plain text, for the clipboard and for who cannot see the terminal. */
export function plainText(lines: readonly OutputLine[]): string {
  const filters = new Map<string, OutputFilter>();
  const pieces = lines.map((line) => {
    const key = `${line.host}:${line.stream}`;
    const filter = filters.get(key) ?? new OutputFilter();
    filters.set(key, filter);
    const text = line.open ? filter.push(line.text) : `${filter.push(line.text)}${filter.endLine()}\n`;
    // oxlint-disable-next-line no-control-regex -- the filter has let nothing else through
    return text.replaceAll(/\u001B\[[\d;]*m/g, '').replaceAll('\r\n', '\n');
  });
  return pieces.join('');
}
