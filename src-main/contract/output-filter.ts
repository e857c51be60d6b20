import { GraphicRendition } from './sgr.ts';

/** Longest CSI sequence that is read as one. */
const longestSequence = 256;

/** Longest OSC, DCS, APC, PM or SOS that is swallowed: an unfinished one must not hide the rest of an output. */
const longestString = 4_096;

// Control characters but TAB and LF, bidi and other invisible characters, and halves of surrogate pairs.
const special =
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uD800-\uDFFF\uFEFF\uFFF9-\uFFFB]/g;

const stringStarts = new Set(['P', 'X', ']', '^', '_', 'k']);
const c1StringStarts = new Set([0x90, 0x98, 0x9d, 0x9e, 0x9f]);

const ESC = 0x1b;
const CSI = 0x9b;
const ST = 0x9c;

type Reading = 'text' | 'escape' | 'escape-rest' | 'csi' | 'string' | 'string-escape';

/** `<U+202E>`, so that nobody is led astray by what cannot be seen. */
const mark = (code: number): string => `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;

/** `overwrite`: CR and BS, which may write over what stands in the line already, stay instead of becoming blanks. */
type Allowed = { readonly overwrite: boolean };

/** What stands for a control or an unseen character. */
function shownAs(code: number, { overwrite }: Allowed): string {
  if (code === 0x0d || code === 0x08) {
    return overwrite ? String.fromCharCode(code) : ' ';
  }
  if (code < 0x20 || code === 0x7f) {
    return String.fromCharCode(code === 0x7f ? 0x2421 : 0x2400 + code);
  }
  return code < 0xa0 ? '' : mark(code);
}

const isHigh = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;
const isLow = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;
const isTag = (code: number): boolean => code >= 0xe0000 && code <= 0xe0fff;

/**
 * Makes what a machine printed safe to show: colours, CR, BS, TAB and LF stay, every other control sequence is dropped
 * or shown as a mark. Keeps its place between two pieces of one stream, so a sequence may be cut anywhere.
 */
export class OutputFilter {
  readonly #allowed: Allowed;
  readonly #rendition = new GraphicRendition();
  #reading: Reading = 'text';
  #collected = '';
  #stringLength = 0;
  #high = '';

  constructor(allowed: Allowed = { overwrite: true }) {
    this.#allowed = allowed;
  }

  /** The sequence that puts this stream's colours back; empty when it has set none. */
  get colours(): string {
    return this.#rendition.isPlain ? '' : this.#rendition.sequence;
  }

  /** The next piece of one stream, safe to write to a terminal. */
  push(piece: string): string {
    const text = this.#high + piece;
    this.#high = '';
    let shown = '';
    for (let index = 0; index < text.length;) {
      if (this.#reading === 'text') {
        special.lastIndex = index;
        const next = special.exec(text)?.index ?? text.length;
        shown += text.slice(index, next);
        index = next;
        if (index < text.length) {
          const { out, used } = this.#special(text, index);
          shown += out;
          index += used;
        }
      } else {
        const { out, used } = this.#inside(text, index);
        shown += out;
        index += used;
      }
    }
    return shown;
  }

  /** The line has ended: half a sequence goes no further, colours stay. */
  endLine(): string {
    const left = this.#high === '' ? '' : mark(this.#high.charCodeAt(0));
    this.#high = '';
    this.#leave();
    return left;
  }

  #leave(): void {
    this.#reading = 'text';
    this.#collected = '';
    this.#stringLength = 0;
  }

  #special(text: string, index: number): { out: string; used: number } {
    const code = text.charCodeAt(index);
    if (isHigh(code) || isLow(code)) {
      return this.#pair(text, index);
    }
    if (code === ESC || code === CSI || c1StringStarts.has(code)) {
      this.#reading = code === ESC ? 'escape' : code === CSI ? 'csi' : 'string';
      return { out: '', used: 1 };
    }
    return { out: shownAs(code, this.#allowed), used: 1 };
  }

  #pair(text: string, index: number): { out: string; used: number } {
    const code = text.charCodeAt(index);
    if (isHigh(code) && index + 1 === text.length) {
      this.#high = text.charAt(index);
      return { out: '', used: 1 };
    }
    const whole = text.codePointAt(index) ?? code;
    if (whole < 0x10000) {
      return { out: mark(code), used: 1 };
    }
    return { out: isTag(whole) ? mark(whole) : text.slice(index, index + 2), used: 2 };
  }

  #inside(text: string, index: number): { out: string; used: number } {
    const code = text.charCodeAt(index);
    if (code === 0x0a) {
      this.#leave();
      return { out: '', used: 0 };
    }
    switch (this.#reading) {
      case 'escape':
        return this.#afterEscape(text.charAt(index), code);
      case 'escape-rest':
        return this.#escapeRest(code);
      case 'csi':
        return this.#controlSequence(text.charAt(index), code);
      default:
        return this.#string(text.charAt(index), code);
    }
  }

  #afterEscape(char: string, code: number): { out: string; used: number } {
    if (char === '[') {
      this.#reading = 'csi';
      return { out: '', used: 1 };
    }
    if (stringStarts.has(char)) {
      this.#reading = 'string';
      return { out: '', used: 1 };
    }
    return this.#escapeRest(code);
  }

  /** Intermediates go on, one final character ends; anything else was never part of the sequence. */
  #escapeRest(code: number): { out: string; used: number } {
    if (code >= 0x20 && code <= 0x2f) {
      this.#reading = 'escape-rest';
      return { out: '', used: 1 };
    }
    this.#leave();
    return { out: '', used: code >= 0x30 && code <= 0x7e ? 1 : 0 };
  }

  #controlSequence(char: string, code: number): { out: string; used: number } {
    if (code >= 0x20 && code <= 0x3f && this.#collected.length < longestSequence) {
      this.#collected += char;
      return { out: '', used: 1 };
    }
    const parameters = this.#collected;
    this.#leave();
    if (char === 'm' && /^[\d;:]*$/.test(parameters)) {
      this.#rendition.apply(parameters);
      return { out: this.#rendition.sequence, used: 1 };
    }
    return { out: '', used: code >= 0x40 && code <= 0x7e ? 1 : 0 };
  }

  #string(char: string, code: number): { out: string; used: number } {
    this.#stringLength += 1;
    if (this.#reading === 'string-escape') {
      const ended = char === '\\';
      this.#leave();
      this.#reading = ended ? 'text' : 'escape';
      return { out: '', used: ended ? 1 : 0 };
    }
    if (code === ESC) {
      this.#reading = 'string-escape';
    } else if (code === ST || code === 0x07 || code === 0x18 || code === 0x1a || this.#stringLength >= longestString) {
      this.#leave();
    }
    return { out: '', used: 1 };
  }
}
