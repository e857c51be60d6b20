import type { Printer } from './printer.ts';
import { cutText } from './text-width.ts';

/** One line at the bottom of a terminal that tells how far something is; nothing at all elsewhere. */
export class StatusLine {
  readonly #printer: Printer;
  #text = '';

  constructor(printer: Printer) {
    this.#printer = printer;
  }

  show(text: string): void {
    const { columns } = this.#printer;
    if (columns !== undefined && text !== this.#text) {
      // One column is kept free: a full line would wrap and stay.
      this.#text = cutText(text, columns - 1);
      this.#printer.write(`\r${this.#text}\u001b[K`);
    }
  }

  clear(): void {
    if (this.#text !== '') {
      this.#printer.write('\r\u001b[K');
      this.#text = '';
    }
  }

  /** Writes something above the line. */
  writeAbove(text: string): void {
    const kept = this.#text;
    this.clear();
    this.#printer.write(text);
    this.show(kept);
  }
}
