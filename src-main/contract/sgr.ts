/** The colours and styles a program may set; everything else of `CSI … m` is dropped, above all concealed text. */
type Style = {
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underline: boolean;
  inverse: boolean;
  strike: boolean;
  foreground: string;
  background: string;
};

type Switch = 'bold' | 'dim' | 'italic' | 'underline' | 'inverse' | 'strike';

const plain: Style = {
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
  strike: false,
  foreground: '',
  background: '',
};

const turnsOn: Record<number, Switch> = {
  1: 'bold',
  2: 'dim',
  3: 'italic',
  4: 'underline',
  7: 'inverse',
  9: 'strike',
  21: 'underline',
};

const turnsOff: Record<number, readonly Switch[]> = {
  22: ['bold', 'dim'],
  23: ['italic'],
  24: ['underline'],
  27: ['inverse'],
  29: ['strike'],
};

const codeOf: Record<Switch, string> = { bold: '1', dim: '2', italic: '3', underline: '4', inverse: '7', strike: '9' };
const switches = Object.keys(codeOf) as Switch[];

const byte = (value: number | undefined): value is number => value !== undefined && value >= 0 && value <= 255;

/** `5;n` or `2;r;g;b` as codes after 38 or 48; '' when it is neither. */
function palette(kind: number | undefined, values: readonly number[]): string {
  const [first, second, third] = values;
  if (kind === 5 && byte(first)) {
    return `5;${first}`;
  }
  return kind === 2 && byte(first) && byte(second) && byte(third) ? `2;${first};${second};${third}` : '';
}

/** What a program has set with `CSI … m`, kept as a state so that it can be put back after something else was drawn. */
export class GraphicRendition {
  #style: Style = { ...plain };

  /** The sequence that brings this state about from any other. */
  get sequence(): string {
    const codes = switches.filter((name) => this.#style[name]).map((name) => codeOf[name]);
    const colours = [this.#style.foreground, this.#style.background].filter((code) => code !== '');
    return `\u001B[${['0', ...codes, ...colours].join(';')}m`;
  }

  get isPlain(): boolean {
    return this.sequence === '\u001B[0m';
  }

  /** `parameters` is what stands between `CSI` and `m`. */
  apply(parameters: string): void {
    const parts = parameters.split(';').slice(0, 32);
    for (let index = 0; index < parts.length;) {
      index += this.#applyAt(parts, index);
    }
  }

  /** How many parts were read. */
  #applyAt(parts: readonly string[], index: number): number {
    const [head = '', ...inner] = (parts[index] ?? '').split(':');
    const code = head === '' ? 0 : Number(head);
    if (code === 38 || code === 48 || code === 58) {
      return this.#applyColour(code, { inner, following: parts.slice(index + 1, index + 5) });
    }
    this.#applyCode(code, inner[0]);
    return 1;
  }

  #applyColour(code: 38 | 48 | 58, from: { inner: readonly string[]; following: readonly string[] }): number {
    const colons = from.inner.length > 0;
    const [kind, ...values] = (colons ? from.inner : from.following).map(Number);
    // With colons an empty colour space may stand before red, green and blue.
    const channels = colons && kind === 2 && values.length > 3 ? values.slice(1) : values;
    const chosen = palette(kind, channels);
    if (chosen !== '' && code !== 58) {
      this.#style[code === 38 ? 'foreground' : 'background'] = `${code};${chosen}`;
    }
    if (colons) {
      return 1;
    }
    return kind === 5 ? 3 : kind === 2 ? 5 : 2;
  }

  #applyCode(code: number, detail: string | undefined): void {
    const on = turnsOn[code];
    if (code === 0) {
      this.#style = { ...plain };
    } else if (on !== undefined) {
      this.#style[on] = detail !== '0';
    } else if (turnsOff[code] !== undefined) {
      for (const name of turnsOff[code]) {
        this.#style[name] = false;
      }
    } else {
      this.#applyBasicColour(code);
    }
  }

  #applyBasicColour(code: number): void {
    if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) {
      this.#style.foreground = String(code);
    } else if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) {
      this.#style.background = String(code);
    } else if (code === 39) {
      this.#style.foreground = '';
    } else if (code === 49) {
      this.#style.background = '';
    }
  }
}
