const escape = '\u001b';

/** Characters that cannot be seen or turn the reading direction, so that a line reads as something it is not. */
const unseen =
  /[\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\p{Surrogate}\u{e0000}-\u{e0fff}]/gu;
const suspicious = new RegExp(`\\p{Cc}|${unseen.source}`, 'u');

/** Longest title, link or the like that is swallowed: an unended one must not hide the rest of an output. */
const longestString = 4_096;

const mark = (char: string): string => `<U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`;

type State = 'text' | 'escape' | 'csi' | 'string' | 'string-escape';

/** `overwrite`: carriage return and backspace, which may write over what stands in the line already, pass instead of becoming blanks. */
type Allowed = { readonly overwrite: boolean };

/**
 * Lets colours (SGR) through and nothing else that acts on a terminal: no titles, clipboard, links, cursor or mode
 * changes. Keeps its place between two pieces of one stream, so that a split sequence is found too.
 */
export class TerminalFilter {
  readonly #allowed: Allowed;
  #state: State = 'text';
  #parameters = '';
  #stringLength = 0;
  #styled = false;

  constructor(allowed: Allowed) {
    this.#allowed = allowed;
  }

  /** A colour or weight was switched on and not off again. */
  get styled(): boolean {
    return this.#styled;
  }

  push(text: string): string {
    if (this.#state === 'text' && !suspicious.test(text)) {
      return text;
    }
    let safe = '';
    for (const char of text) {
      safe += this.#next(char);
    }
    return safe.replace(unseen, mark);
  }

  /** A sequence never goes on behind the end of a line: otherwise one unended title would swallow the rest. */
  endLine(): void {
    this.#state = 'text';
  }

  #next(char: string): string {
    switch (this.#state) {
      case 'text':
        return this.#inText(char);
      case 'escape':
        return this.#afterEscape(char);
      case 'csi':
        return this.#inCsi(char);
      case 'string':
        return this.#inString(char);
      case 'string-escape':
        if (char === '\\') {
          this.#state = 'text';
          return '';
        }
        return this.#afterEscape(char);
    }
  }

  #inText(char: string): string {
    if (shows(char)) {
      return char;
    }
    if (char === '\r' || char === '\b') {
      return this.#allowed.overwrite ? char : ' ';
    }
    if (char === escape) {
      this.#state = 'escape';
    } else if (char === '\u009b') {
      this.#startCsi();
    } else if (startsString.has(char)) {
      this.#startString();
    }
    return '';
  }

  #afterEscape(char: string): string {
    if (char === '[') {
      this.#startCsi();
    } else if (']PX^_k'.includes(char)) {
      this.#startString();
    } else if (char !== escape && !isIntermediate(char)) {
      this.#state = 'text';
      // A control character inside a sequence is no part of it.
      return char < ' ' ? this.#inText(char) : '';
    }
    return '';
  }

  #startString(): void {
    this.#state = 'string';
    this.#stringLength = 0;
  }

  #inString(char: string): string {
    this.#stringLength += 1;
    if (char === escape) {
      this.#state = 'string-escape';
    } else if (endsString.has(char) || this.#stringLength >= longestString) {
      this.#state = 'text';
    }
    return '';
  }

  #startCsi(): void {
    this.#state = 'csi';
    this.#parameters = '';
  }

  #inCsi(char: string): string {
    if (char === escape) {
      this.#state = 'escape';
      return '';
    }
    if (char < ' ' || char > '~') {
      this.#state = 'text';
      return this.#inText(char);
    }
    if (char < '@') {
      this.#parameters = `${this.#parameters}${char}`.slice(0, 100);
      return '';
    }
    this.#state = 'text';
    if (char !== 'm' || !/^[\d;:]*$/.test(this.#parameters)) {
      return '';
    }
    this.#styled = !/^[0;:]*$/.test(this.#parameters);
    return `${escape}[${this.#parameters}m`;
  }
}

/** DCS, SOS, OSC, PM and APC as single characters. */
const startsString = new Set(['\u0090', '\u0098', '\u009d', '\u009e', '\u009f']);

/** BEL and ST, and what a terminal gives a string up at. */
const endsString = new Set(['\u0007', '\u009c', '\u0018', '\u001a', '\n']);

const shows = (char: string): boolean =>
  char >= '\u00a0' || (char >= ' ' && char < '\u007f') || char === '\n' || char === '\t';

const isIntermediate = (char: string): boolean => char >= ' ' && char <= '/';

/** Foreign text as part of one line of ours: no line breaks, no sequences, no turned reading direction. */
export function plainLine(text: string): string {
  const filter = new TerminalFilter({ overwrite: false });
  const withoutBreaks = filter.push(text.replace(/[\r\n\t]+/g, ' '));
  // What is left of a sequence is a colour, and a line of ours has its own.
  return filter.styled || withoutBreaks.includes(escape) ? withoutBreaks.replace(colour, '') : withoutBreaks;
}

const colour = new RegExp(`${escape}\\[[\\d;:]*m`, 'g');
