import { isUnknown, mark, withGlobs } from '../marks.ts';
import { fromBase32, fromBase64, fromHex } from '../run/decode.ts';
import type { Token } from './tokens.ts';

/** What an expression may be: one of some texts, or a list. */
export type Value = { readonly items: readonly string[]; readonly isList: boolean };
export type Names = Map<string, Value>;

const maximumItems = 32;
export const one = (text: string): Value => ({ items: [text], isList: false });
const unknown = one(mark.unset);
const fetched = one(mark.fetched);

type Read = { readonly value: Value; readonly next: number };

/** Works out expressions of texts: literals, joining, lists, and the usual ways to hide a text. */
export class Evaluator {
  readonly #tokens: readonly Token[];
  readonly #names: Names;
  #depth = 0;

  constructor(tokens: readonly Token[], names: Names) {
    this.#tokens = tokens;
    this.#names = names;
  }

  text(at: number): string {
    return this.#tokens[at]?.text ?? '';
  }

  isSign(at: number, sign: string): boolean {
    return this.#tokens[at]?.kind === 'sign' && this.text(at) === sign;
  }

  /** One expression, with what is joined to it. */
  expression(at: number): Read {
    this.#depth += 1;
    let { value, next } = this.#depth > 40 ? { value: unknown, next: at + 1 } : this.#operand(at);
    for (;;) {
      const token = this.#tokens[next];
      if (token?.kind === 'sign' && /^(\+|\.|\.\.|%|\*)$/.test(token.text)) {
        const right = this.#operand(next + 1);
        value =
          token.text === '%'
            ? filled(value, right.value)
            : token.text === '*'
              ? repeated(value, right.value)
              : joined(value, right.value);
        next = right.next;
      } else if (token?.kind === 'string' && this.#tokens[next - 1]?.kind === 'string') {
        value = joined(value, this.#literal(token));
        next += 1;
      } else {
        this.#depth -= 1;
        return { value, next };
      }
    }
  }

  /** What stands between brackets, one value for each. */
  list(at: number, close: string): { readonly values: readonly Value[]; readonly next: number } {
    const values: Value[] = [];
    let next = at;
    while (next < this.#tokens.length && !this.isSign(next, close)) {
      const isNamed =
        this.#tokens[next]?.kind === 'name' &&
        (this.isSign(next + 1, '=') || this.isSign(next + 1, '=>') || this.isSign(next + 1, ':'));
      const start = isNamed ? next + 2 : next;
      const read = this.expression(start);
      if (!isNamed) {
        values.push(read.value);
      }
      next = this.#afterItem(read.next, close);
    }
    return { values, next: next + 1 };
  }

  /** Index of the next item, whatever stands before it. */
  #afterItem(at: number, close: string): number {
    let depth = 0;
    for (let next = at; next < this.#tokens.length; next += 1) {
      const text = this.#tokens[next]?.kind === 'sign' ? this.text(next) : 'x';
      if (depth === 0 && text === close) {
        return next;
      }
      if (depth === 0 && /^(,|=>)$/.test(text)) {
        return next + 1;
      }
      depth += depthOf(text);
      if (depth < 0) {
        return next;
      }
    }
    return this.#tokens.length;
  }

  #literal({ text, fills }: Token): Value {
    return fills ? one(this.#filledIn(text)) : one(text);
  }

  #filledIn(text: string): string {
    const valueOf = (name: string): string => this.#names.get(name)?.items.join(' ') ?? mark.unset;
    return text.replace(
      /#\{(\w+)\}|\$\{(\w+)\}|\{\$?(\w+)\}|[$@](\w+)|#\{[^}]*\}|\$\{[^}]*\}/g,
      (whole, ...groups: unknown[]) => {
        const name = groups.slice(0, 4).find((group) => typeof group === 'string');
        return name === undefined
          ? mark.unset
          : this.#names.has(String(name)) || !whole.startsWith('@')
            ? valueOf(String(name))
            : whole;
      },
    );
  }

  #operand(at: number): Read {
    const token = this.#tokens[at];
    switch (token?.kind) {
      case 'string':
        return this.#after({ value: this.#literal(token), next: at + 1 });
      case 'words':
        return { value: { items: token.text.trim().split(/\s+/), isList: true }, next: at + 1 };
      case 'command':
        return { value: one(mark.output), next: at + 1 };
      case 'number':
        return { value: one(String(Number(token.text.replace(/^0([0-7]+)$/, '0o$1')))), next: at + 1 };
      case 'name':
        return this.#named(at);
      case 'sign':
        return this.#signed(token.text, at);
      case undefined:
        return { value: unknown, next: at + 1 };
    }
  }

  #signed(sign: string, at: number): Read {
    if (sign === '[' || sign === '(') {
      return this.#bracketed(sign, at);
    }
    if (sign === '-' && this.#tokens[at + 1]?.kind === 'number') {
      return { value: one(`-${this.text(at + 1)}`), next: at + 2 };
    }
    return /^[\\*&]$/.test(sign) ? this.#operand(at + 1) : { value: unknown, next: at + 1 };
  }

  #bracketed(sign: string, at: number): Read {
    const { values, next } = this.list(at + 1, sign === '[' ? ']' : ')');
    const items = values.flatMap((value) => value.items).slice(0, maximumItems);
    const [first] = values;
    const isGroup = sign === '(' && values.length === 1 && !this.isSign(next - 2, ',');
    return this.#after({ value: isGroup && first ? first : { items, isList: true }, next });
  }

  /** A variable, or a call whose result can be foretold. */
  #named(at: number): Read {
    let next = at;
    let name = this.text(at);
    while (this.#joins(next + 1) && this.#tokens[next + 2]?.kind === 'name') {
      next += 2;
      name += `.${this.text(next)}`;
    }
    if (this.isSign(next + 1, '(')) {
      const { values, next: end } = this.list(next + 2, ')');
      const [, owner, method = name] = /^(.*)\.(\w+)$/.exec(name) ?? [];
      const subject = owner === undefined ? undefined : this.#names.get(owner);
      return this.#after({ value: subject ? called(method, [subject, ...values]) : called(name, values), next: end });
    }
    return this.#after({ value: this.#names.get(name) ?? unknown, next: next + 1 });
  }

  /** `.`, `::` or `->` before the name of a member. */
  #joins(at: number): boolean {
    return ['.', '::', '->'].some((sign) => this.isSign(at, sign));
  }

  /** `.method(…)` and `[…]` behind a value. */
  #after(start: Read): Read {
    let read = start;
    for (;;) {
      if (this.isSign(read.next, '[')) {
        read = this.#indexed(read);
      } else if (this.#joins(read.next) && this.#tokens[read.next + 1]?.kind === 'name') {
        read = this.#member(read);
      } else {
        return read;
      }
    }
  }

  #indexed({ value, next }: Read): Read {
    const source = [0, 1, 2, 3, 4].map((step) => this.text(next + step)).join('');
    const { next: end } = this.list(next + 1, ']');
    if (source.startsWith('[::-1')) {
      return { value: reversed(value), next: end };
    }
    const index = Number(this.text(next + 1));
    const isItem = value.isList && Number.isInteger(index) && end === next + 3;
    return { value: isItem ? one(value.items[index] ?? mark.unset) : unknown, next: end };
  }

  #member({ value, next }: Read): Read {
    const isCall = this.isSign(next + 2, '(');
    const { values, next: end } = isCall ? this.list(next + 3, ')') : { values: [], next: next + 2 };
    return { value: called(this.text(next + 1), [value, ...values]), next: end };
  }
}

function depthOf(sign: string): number {
  return /^[([{]$/.test(sign) ? 1 : /^[)\]}]$/.test(sign) ? -1 : 0;
}

export function joined(left: Value, right: Value): Value {
  if (left.isList || right.isList) {
    return { items: [...left.items, ...right.items].slice(0, maximumItems), isList: true };
  }
  return { items: left.items.flatMap((a) => right.items.map((b) => a + b)).slice(0, maximumItems), isList: false };
}

const reversed = (value: Value): Value => ({
  ...value,
  items: value.isList ? value.items.toReversed() : value.items.map((text) => Array.from(text).toReversed().join('')),
});

function repeated(value: Value, count: Value): Value {
  const times = Number(count.items[0]);
  return Number.isInteger(times) && times >= 0 && times < 64
    ? { ...value, items: value.items.map((text) => text.repeat(times)) }
    : unknown;
}

/** `'%s' % x` and `'{}'.format(x)`. */
function filled(format: Value, values: Value): Value {
  const rest = [...values.items];
  return {
    items: format.items.map((text) => text.replace(/%[sdrc]|\{\d*\}/g, () => rest.shift() ?? mark.unset)),
    isList: false,
  };
}

type Pure = (values: readonly Value[]) => Value;

const texts =
  (change: (text: string) => string | undefined): Pure =>
  ([value = unknown]) => ({
    items: value.items.map((text) => (isUnknown(text) ? text : (change(text) ?? mark.fetched))),
    isList: false,
  });
const same: Pure = ([value = unknown]) => value;
const characters: Pure = (values) =>
  one(
    values
      .flatMap(({ items }) => items)
      .map((text) => (/^\d+$/.test(text) ? String.fromCodePoint(Number(text) % 0x11_00_00) : text))
      .join(''),
  );
const joins: Pure = ([separator = one(''), list = unknown]) =>
  separator.isList
    ? one(separator.items.join(list.items[0] === mark.unset ? '' : (list.items[0] ?? '')))
    : one(list.isList ? list.items.join(separator.items[0] ?? '') : list.items.join(''));
const rot13 = (text: string): string =>
  text.replace(/[a-z]/gi, (char) => String.fromCharCode(char.charCodeAt(0) + (char.toLowerCase() < 'n' ? 13 : -13)));
const decodesBy: Pure = ([value = unknown, how = one('')]) => {
  const name = how.items[0] ?? '';
  return texts((text) =>
    /rot/.test(name) ? rot13(text) : /hex/.test(name) ? fromHex(text) : /64/.test(name) ? fromBase64(text) : text,
  )([value]);
};
const paths: Pure = (values) =>
  one(
    values
      .flatMap(({ items }) => items.slice(0, 1))
      .reduce((base, part) => (part.startsWith('/') ? part : `${base.replace(/\/$/, '')}/${part}`)),
  );

const pure: Readonly<Record<string, Pure>> = {
  chr: characters,
  fromCharCode: characters,
  fromCodePoint: characters,
  char: characters,
  join: joins,
  implode: joins,
  str: same,
  String: same,
  bytes: characters,
  bytearray: characters,
  decode: decodesBy,
  encode: same,
  toString: same,
  to_s: same,
  strip: same,
  trim: same,
  list: same,
  tuple: same,
  Path: same,
  PurePath: same,
  resolve: same,
  expanduser: same,
  raw: same,
  quote: same,
  tostring: same,
  concat: (values) => values.reduce(joined),
  from: decodesBy,
  fromhex: texts(fromHex),
  unhexlify: texts(fromHex),
  hex2bin: texts(fromHex),
  a2b_hex: texts(fromHex),
  b64decode: texts(fromBase64),
  standard_b64decode: texts(fromBase64),
  urlsafe_b64decode: texts(fromBase64),
  decode64: texts(fromBase64),
  strict_decode64: texts(fromBase64),
  base64_decode: texts(fromBase64),
  atob: texts(fromBase64),
  decode_base64: texts(fromBase64),
  a2b_base64: texts(fromBase64),
  b32decode: texts(fromBase32),
  str_rot13: texts(rot13),
  strrev: ([value = unknown]) => reversed(value),
  reverse: ([value = unknown]) => reversed(value),
  reversed: ([value = unknown]) => reversed(value),
  lower: texts((text) => text.toLowerCase()),
  upper: texts((text) => text.toUpperCase()),
  toLowerCase: texts((text) => text.toLowerCase()),
  strtolower: texts((text) => text.toLowerCase()),
  lc: texts((text) => text.toLowerCase()),
  replace: ([value = unknown, from = one(''), to = one('')]) =>
    texts((text) => text.replaceAll(from.items[0] ?? '', to.items[0] ?? ''))([value]),
  format: ([value = unknown, ...rest]) => filled(value, { items: rest.flatMap(({ items }) => items), isList: true }),
  glob: texts(withGlobs),
  sprintf: ([value = unknown, ...rest]) => filled(value, { items: rest.flatMap(({ items }) => items), isList: true }),
  split: ([value = unknown, by = one('')]) => ({
    items: (value.items[0] ?? '').split(by.items[0] || /\s+/),
    isList: true,
  }),
  joinpath: paths,
  getenv: () => unknown,
  pack: ([how = unknown, value = unknown]) => (how.items[0] === 'H*' ? texts(fromHex)([value]) : unknown),
};
const fetching =
  /(^|\.)(urlopen|urlretrieve|get|post|request|read_body|open_uri|curl_exec|file_get_contents|fetch|loads|decompress|recv|readlines?|inflate|gzuncompress|gzinflate|unserialize|decrypt|LWP\w*)$/;

/** The result of a call, as far as it can be foretold. */
function called(name: string, values: readonly Value[]): Value {
  const last = name.split('.').at(-1) ?? name;
  if (/^os\.path\.join$|^path\.join$|^File\.join$/.test(name)) {
    return paths(values);
  }
  const own = Object.hasOwn(pure, last) ? pure[last] : undefined;
  if (own) {
    return own(values);
  }
  return fetching.test(name) || values.some(({ items }) => items.some((text) => text.includes(mark.fetched)))
    ? fetched
    : unknown;
}
