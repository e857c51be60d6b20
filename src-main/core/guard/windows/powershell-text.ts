const stickies = new Map<string, RegExp>();

/** The same expression, bound to one place; made once for each source. */
function stickyOf({ source, flags }: RegExp): RegExp {
  const key = `${flags}/${source}`;
  const known = stickies.get(key);
  if (known) {
    return known;
  }
  const made = new RegExp(source, `${flags}y`);
  stickies.set(key, made);
  return made;
}

/** Walks over the text of a PowerShell script. */
export class PowershellText {
  readonly text: string;
  at = 0;
  /** A quote or a bracket was never closed. */
  isBroken = false;

  constructor(text: string) {
    this.text = text;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  get char(): string {
    return this.text[this.at] ?? '';
  }

  looksAt(pattern: RegExp): RegExpExecArray | null {
    const sticky = pattern.sticky ? pattern : stickyOf(pattern);
    sticky.lastIndex = this.at;
    return sticky.exec(this.text);
  }

  take(pattern: RegExp): RegExpExecArray | null {
    const found = this.looksAt(pattern);
    this.at += found?.[0].length ?? 0;
    return found;
  }

  /** Blanks, comments and broken lines; line ends as well when they mean nothing here. */
  skip({ lines = false } = {}): void {
    const blank = lines ? /[\s;]+/y : /[ \t\u00A0]+|`\r?\n/y;
    for (;;) {
      const before = this.at;
      this.take(blank);
      if (this.take(/<#/y)) {
        const end = this.text.indexOf('#>', this.at);
        this.at = end < 0 ? this.text.length : end + 2;
      } else if (this.char === '#' && /^$|[\s;({|]/.test(this.text[this.at - 1] ?? '')) {
        this.take(/[^\n]*/y);
      }
      if (this.at === before) {
        return;
      }
    }
  }

  /** What stands between two brackets, with the first already taken. */
  inside(open: string, close: string): string {
    const start = this.at;
    let depth = 1;
    while (!this.isAtEnd) {
      const { char } = this;
      if (char === open) {
        depth += 1;
      } else if (char === close) {
        depth -= 1;
        if (depth === 0) {
          this.at += 1;
          return this.text.slice(start, this.at - 1);
        }
      }
      this.step();
    }
    this.isBroken = true;
    return this.text.slice(start);
  }

  /** Over one character, or over a whole quoted text or comment. */
  step(): void {
    const { char } = this;
    if (char === '`') {
      this.at += 2;
    } else if (this.looksAt(/<#/y) || (char === '#' && /[\s;({|]/.test(this.text[this.at - 1] ?? ' '))) {
      this.skip();
    } else if (char === "'" || char === '"' || this.looksAt(/@['"]\r?\n/y)) {
      this.quoted();
    } else {
      this.at += 1;
    }
  }

  /** A quoted text; expandable when its values are still to be put in. */
  quoted(): { readonly text: string; readonly isExpandable: boolean } {
    const block = this.take(/@(['"])[ \t]*\r?\n/y);
    if (block) {
      const [, quote = ''] = block;
      const start = this.at;
      const end = this.text.indexOf(`\n${quote}@`, start - 1);
      this.isBroken ||= end < 0;
      this.at = end < 0 ? this.text.length : end + 3;
      return { text: this.text.slice(start, Math.max(start, end)), isExpandable: quote === '"' };
    }
    const quote = this.char;
    const start = this.at + 1;
    let end = start;
    for (; end < this.text.length; end += 1) {
      if (quote === '"' && this.text[end] === '`') {
        end += 1;
      } else if (this.text[end] === quote) {
        if (this.text[end + 1] !== quote) {
          break;
        }
        end += 1;
      }
    }
    this.isBroken ||= end >= this.text.length;
    this.at = end + 1;
    const inner = this.text.slice(start, end);
    return {
      text: quote === "'" ? inner.replaceAll("''", "'") : inner.replaceAll('""', '`"'),
      isExpandable: quote === '"',
    };
  }
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '0': '\0',
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  f: '\f',
  v: '\v',
};

export function unescaped(char: string): string {
  return escapes[char] ?? char;
}
