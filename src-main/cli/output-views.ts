import { OutputFilter } from '#contract/output-filter';
import type { OutputLine, Stream } from '#contract/run';
import type { OutputView } from './follow-output.ts';
import { jsonLine } from './json-line.ts';
import type { Printer } from './printer.ts';
import { plainLine, resetStyle } from './terminal-safe.ts';
import { padText } from './text-width.ts';

type Names = (host: number) => string;

export type TextShape = {
  readonly names: Names;
  /** Each line begins with the name of its target, on a terminal in a column of this width. */
  readonly labels: { readonly width: number } | undefined;
  readonly timestamps: boolean;
};

/** One of the two streams as text: bytes as they came, made harmless where it is a terminal. */
class Lane {
  readonly #printer: Printer;
  readonly #shape: TextShape;
  readonly #filters = new Map<number, OutputFilter>();
  /** The target whose line has not ended on the screen. */
  #open: number | undefined;

  constructor(printer: Printer, shape: TextShape) {
    this.#printer = printer;
    this.#shape = shape;
  }

  /** A line as it is to be written behind those before it. */
  textOf(line: OutputLine): string {
    const goesOn = this.#open === line.host;
    const before = goesOn ? '' : `${this.#cut()}${this.#label(line)}`;
    this.#open = line.open ? line.host : undefined;
    return `${before}${this.#safe(line)}${line.open ? '' : '\n'}`;
  }

  finish(): void {
    if (!this.#printer.isTerminal) {
      return;
    }
    const styled = [...this.#filters.values()].some((filter) => filter.colours !== '');
    this.#printer.write(`${styled ? resetStyle : ''}${this.#open === undefined ? '' : '\n'}`);
    this.#open = undefined;
  }

  /** Ends the line that another target has left open, and its colours with it. */
  #cut(): string {
    return this.#open === undefined ? '' : `${this.#coloursOf(this.#open) === '' ? '' : resetStyle}\n`;
  }

  /** What stands before a line; behind a label the target's colours go on, which ended with its last line. */
  #label({ host, at }: OutputLine): string {
    const time = this.#shape.timestamps ? `${new Date(at).toISOString()} ` : '';
    const { labels, names } = this.#shape;
    if (!labels) {
      return time;
    }
    const label = `${plainLine(names(host))}: `;
    // In a file or a pipe nothing is added that a program would have to take away again.
    const shown = this.#printer.isTerminal ? padText(label, labels.width + 2) : label;
    return `${time}${shown}${this.#coloursOf(host)}`;
  }

  #coloursOf(host: number): string {
    return this.#filters.get(host)?.colours ?? '';
  }

  #safe({ host, text, open }: OutputLine): string {
    if (!this.#printer.isTerminal) {
      return text;
    }
    // Behind a label nothing may go back over it: one target could write a line that seems to be another's.
    const filter = this.#filters.get(host) ?? new OutputFilter({ overwrite: !this.#shape.labels });
    this.#filters.set(host, filter);
    if (open) {
      return filter.push(text);
    }
    const safe = filter.push(text) + filter.endLine();
    return this.#shape.labels && filter.colours !== '' ? `${safe}${resetStyle}` : safe;
  }
}

/** What the targets wrote, standard output to `out` and standard error to `err`. */
export class TextView implements OutputView {
  readonly #printers: { readonly out: Printer; readonly err: Printer };
  readonly #lanes: { readonly out: Lane; readonly err: Lane };

  constructor({ out, err }: { out: Printer; err: Printer }, shape: TextShape) {
    this.#printers = { out, err };
    this.#lanes = { out: new Lane(out, shape), err: new Lane(err, shape) };
  }

  lines(lines: readonly OutputLine[]): void {
    // One write for all lines in a row of one stream: a write each is most of the time that printing takes.
    let stream: Stream = 'out';
    let pieces: string[] = [];
    for (const line of lines) {
      if (line.stream !== stream) {
        this.#printers[stream].write(pieces.join(''));
        pieces = [];
        stream = line.stream;
      }
      pieces.push(this.#lanes[stream].textOf(line));
    }
    this.#printers[stream].write(pieces.join(''));
  }

  get isFull(): boolean {
    return this.#printers.out.isFull || this.#printers.err.isFull;
  }

  async drained(): Promise<void> {
    await Promise.all([this.#printers.out.drained(), this.#printers.err.drained()]);
  }

  finish(): void {
    this.#lanes.out.finish();
    this.#lanes.err.finish();
  }
}

/** One object a line: `{kind:'line', …the line, name}`. */
export class JsonView implements OutputView {
  readonly #out: Printer;
  readonly #names: Names;

  constructor(out: Printer, names: Names) {
    this.#out = out;
    this.#names = names;
  }

  lines(lines: readonly OutputLine[]): void {
    this.#out.write(lines.map((line) => jsonLine({ kind: 'line', ...line, name: this.#names(line.host) })).join(''));
  }

  get isFull(): boolean {
    return this.#out.isFull;
  }

  async drained(): Promise<void> {
    await this.#out.drained();
  }

  finish(): void {}
}
