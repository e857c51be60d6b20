import { isUnknown, mark } from '../marks.ts';
import { bytesFromBase64 } from '../run/decode.ts';

/** One text or several; a block of code; what a type stands for. */
export type PowerValue = {
  readonly items: readonly string[];
  readonly block?: string | undefined;
  readonly type?: string | undefined;
};

export const noValue: PowerValue = { items: [] };
export const unknownValue: PowerValue = { items: [mark.unset] };
export const textValue = (...items: readonly string[]): PowerValue => ({ items });
const maximumItems = 64;

export function textOf({ items }: PowerValue): string {
  return items.join(' ');
}

/** The operators that make texts of texts. */
export function applyOperator(operator: string, left: PowerValue, right: PowerValue): PowerValue {
  const [by = ''] = right.items;
  switch (operator.toLowerCase().replace(/^-[ci](?=split|replace|join)/, '-')) {
    case '+':
      return added(left, right);
    case '*':
      return repeated(left, by);
    case '-f':
      return formatted(left, right);
    case '-join':
      return textValue(left.items.join(by));
    case '-split':
      return splitAt(left, by);
    case '-replace':
      return textValue(...left.items.map((text) => replaced(text, by, right.items[1] ?? '')));
    case '..':
      return range(left.items[0] ?? '', by);
    case '-bxor':
      return textValue(String(Number(left.items[0]) ^ Number(by)));
    case '-':
      return textValue(String(Number(left.items[0]) - Number(by)));
    default:
      return unknownValue;
  }
}

function splitAt({ items }: PowerValue, by: string): PowerValue {
  const separator = safeRegex(by) ?? by;
  return textValue(...items.flatMap((text) => text.split(separator)).slice(0, maximumItems));
}

function repeated({ items }: PowerValue, count: string): PowerValue {
  return /^\d{1,2}$/.test(count) ? textValue(...items.map((text) => text.repeat(Number(count)))) : unknownValue;
}

function added(left: PowerValue, right: PowerValue): PowerValue {
  const [first = ''] = left.items;
  return left.items.length > 1
    ? textValue(...left.items, ...right.items)
    : textValue(...right.items.map((text) => first + text));
}

function formatted(left: PowerValue, { items }: PowerValue): PowerValue {
  return textValue(
    ...left.items.map((text) => text.replace(/\{(\d+)[^}]*\}/g, (_, index: string) => items[Number(index)] ?? '')),
  );
}

function safeRegex(source: string): RegExp | undefined {
  try {
    return new RegExp(source, 'i');
  } catch {
    return undefined;
  }
}

function replaced(text: string, pattern: string, by: string): string {
  const regex = safeRegex(pattern);
  return isUnknown(text) || !regex ? text : text.replace(new RegExp(regex.source, 'gi'), by);
}

function range(from: string, to: string): PowerValue {
  const [start, end] = [Number(from), Number(to)];
  if (!Number.isInteger(start) || !Number.isInteger(end)) {
    return unknownValue;
  }
  const step = start <= end ? 1 : -1;
  return textValue(
    ...Array.from({ length: Math.min(maximumItems, Math.abs(end - start) + 1) }, (_, index) =>
      String(start + index * step),
    ),
  );
}

/** `$x[1]`, `$x[0..3]`, `$x[-1..-9]` of a text or a list. */
export function itemsAt({ items }: PowerValue, indexes: PowerValue): PowerValue {
  const source = items.length === 1 ? Array.from(items[0] ?? '') : items;
  const found = indexes.items.map((index) => (/^-?\d+$/.test(index) ? (source.at(Number(index)) ?? '') : undefined));
  return isUnknown(items.join('')) || found.includes(undefined)
    ? unknownValue
    : textValue(...found.filter((text) => text !== undefined));
}

type Method = (subject: PowerValue, args: readonly PowerValue[]) => PowerValue;

const each =
  (change: (text: string, args: readonly string[]) => string): Method =>
  (subject, args) =>
    textValue(
      ...subject.items.map((text) =>
        isUnknown(text)
          ? text
          : change(
              text,
              args.map((value) => value.items[0] ?? ''),
            ),
      ),
    );
const last: Method = (_, args) => args.at(-1) ?? unknownValue;

/** Base64 as text: two bytes a letter when every other one is zero. */
function fromBase64(text: string): string {
  const bytes = bytesFromBase64(text);
  if (!bytes) {
    return mark.fetched;
  }
  const isWide = bytes.length > 1 && bytes.length % 2 === 0 && bytes[1] === 0;
  return new TextDecoder(isWide ? 'utf-16le' : 'utf-8').decode(bytes);
}

const methods: Readonly<Record<string, Method>> = {
  replace: each((text, [from = '', to = '']) => text.replaceAll(from, to)),
  insert: each((text, [at = '0', more = '']) => text.slice(0, Number(at)) + more + text.slice(Number(at))),
  remove: each(
    (text, [at = '0', count = '']) =>
      text.slice(0, Number(at)) + (count === '' ? '' : text.slice(Number(at) + Number(count))),
  ),
  substring: each((text, [at = '0', count = '']) =>
    text.slice(Number(at), count === '' ? undefined : Number(at) + Number(count)),
  ),
  tolower: each((text) => text.toLowerCase()),
  toupper: each((text) => text.toUpperCase()),
  trim: each((text) => text.trim()),
  tostring: (subject) => subject,
  tochararray: (subject) => textValue(...subject.items.flatMap((text) => Array.from(text))),
  split: (subject, [by]) => textValue(...subject.items.flatMap((text) => text.split(by?.items[0] ?? ' '))),
  join: (_, [separator, ...rest]) => textValue(rest.flatMap(({ items }) => items).join(separator?.items[0] ?? '')),
  concat: (_, args) => textValue(args.flatMap(({ items }) => items).join('')),
  format: (_, [format, ...rest]) =>
    applyOperator('-f', format ?? unknownValue, textValue(...rest.flatMap(({ items }) => items))),
  reverse: (subject, [value]) => textValue(...(value ?? subject).items.toReversed()),
  frombase64string: (_, [value]) =>
    textValue(...(value?.items ?? []).map((text) => (isUnknown(text) ? mark.fetched : fromBase64(text)))),
  getstring: last,
  getbytes: last,
  toint32: last,
  tochar: last,
  create: last,
  newscriptblock: last,
  expandenvironmentvariables: last,
};

/** The result of a method, as far as it can be foretold; what is fetched stays so. */
export function callMethod(name: string, subject: PowerValue, args: readonly PowerValue[]): PowerValue {
  const lower = name.toLowerCase();
  if (
    /^(download|openread|getresponse|readtoend|decompress|unprotect|readline|read)/.test(lower) ||
    (lower === 'getstringasync' && subject !== undefined)
  ) {
    return textValue(mark.fetched);
  }
  const own = Object.hasOwn(methods, lower) ? methods[lower] : undefined;
  if (own) {
    return own(subject, args);
  }
  return [subject, ...args].some(({ items }) => items.some((text) => text.includes(mark.fetched)))
    ? textValue(mark.fetched)
    : unknownValue;
}
