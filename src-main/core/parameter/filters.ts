import {
  ExpressionError,
  type ExpressionValue as Value,
  isList,
  maximumTextBytes,
  toJson,
  toText,
} from './parameter-value.ts';

/** One filter: names of its arguments in order, and its effect; an argument left out is null. */
export type Filter = {
  readonly parameters: readonly string[];
  readonly apply: (operand: Value, ...given: readonly Value[]) => Value;
};

/** Quotes for a POSIX shell: nothing inside single quotes means anything to it. A list becomes several words. */
function quote(value: Value): string {
  if (isList(value)) {
    return value.map(quote).join(' ');
  }
  const text = toText(value);
  if (text.includes('\0')) {
    throw new ExpressionError('“quote” cannot write a NUL character into a shell word');
  }
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function encodeBase64(value: Value): string {
  const bytes = new TextEncoder().encode(toText(value));
  let binary = '';
  for (let start = 0; start < bytes.length; start += 0x2000) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 0x2000));
  }
  return btoa(binary);
}

function decodeBase64(value: Value): string {
  try {
    const bytes = Uint8Array.from(atob(toText(value)), (char) => char.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ExpressionError('“b64decode” was given something that is not Base64 of UTF-8 text');
  }
}

function replace(value: Value, ...[old = null, replacement = null, count = null]: readonly Value[]): string {
  const text = toText(value);
  const sought = toText(old);
  if (sought === '') {
    throw new ExpressionError('“replace” needs a text to look for');
  }
  if (count !== null && typeof count !== 'number') {
    throw new ExpressionError('“replace” takes a number as its third argument');
  }
  const pieces = text.split(sought);
  const limit = count === null || count < 0 ? pieces.length - 1 : Math.min(Math.trunc(count), pieces.length - 1);
  const inserted = toText(replacement);
  refuseGrowth(text.length + limit * (inserted.length - sought.length));
  return [pieces.slice(0, limit + 1).join(inserted), ...pieces.slice(limit + 1)].join(sought);
}

function join(value: Value, separator: Value): string {
  const between = toText(separator);
  const items = itemsOf(value, 'join').map(toText);
  refuseGrowth(items.reduce((sum, item) => sum + item.length + between.length, 0));
  return items.join(between);
}

function trim(value: Value, characters: Value): string {
  const text = toText(value);
  if (characters === null) {
    return text.trim();
  }
  const unwanted = new Set(toText(characters));
  const kept = Array.from(text);
  const first = kept.findIndex((char) => !unwanted.has(char));
  const last = kept.findLastIndex((char) => !unwanted.has(char));
  return first === -1 ? '' : kept.slice(first, last + 1).join('');
}

function toInteger(value: Value, otherwise: Value): Value {
  if (typeof value === 'boolean') {
    return value ? 1 : 0;
  }
  const text = toText(value).trim();
  if (!/^[+-]?\d+(?:\.\d*)?$/.test(text)) {
    return otherwise ?? 0;
  }
  const number = Math.trunc(Number(text));
  if (!Number.isSafeInteger(number)) {
    throw new ExpressionError('“int” was given a number that is too large');
  }
  return number;
}

/** Characters of a text are counted as Jinja does: an emoji is one. */
function itemsOf(value: Value, filter: string): readonly Value[] {
  if (isList(value)) {
    return value;
  }
  if (typeof value === 'string') {
    return Array.from(value);
  }
  throw new ExpressionError(`“${filter}” needs a text or a list`);
}

/** Refuses before the memory is taken, as one expression can multiply texts. */
export function refuseGrowth(length: number): void {
  if (length > maximumTextBytes) {
    throw new RangeError('Result too large');
  }
}

export const filters: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ['b64decode', { parameters: [], apply: decodeBase64 }],
  ['b64encode', { parameters: [], apply: encodeBase64 }],
  [
    'default',
    {
      parameters: ['default_value', 'boolean'],
      apply: (value, otherwise = null, boolean = null) =>
        value === null || (boolean === true && isEmpty(value)) ? (otherwise ?? '') : value,
    },
  ],
  ['first', { parameters: [], apply: (value) => itemsOf(value, 'first').at(0) ?? null }],
  ['int', { parameters: ['default'], apply: (value, otherwise = null) => toInteger(value, otherwise) }],
  ['join', { parameters: ['d'], apply: (value, separator = null) => join(value, separator) }],
  ['last', { parameters: [], apply: (value) => itemsOf(value, 'last').at(-1) ?? null }],
  [
    'length',
    { parameters: [], apply: (value) => (value instanceof Map ? value.size : itemsOf(value, 'length').length) },
  ],
  ['lower', { parameters: [], apply: (value) => toText(value).toLowerCase() }],
  ['quote', { parameters: [], apply: quote }],
  ['replace', { parameters: ['old', 'new', 'count'], apply: replace }],
  ['tojson', { parameters: [], apply: toJson }],
  ['trim', { parameters: ['chars'], apply: (value, characters = null) => trim(value, characters) }],
  ['upper', { parameters: [], apply: (value) => toText(value).toUpperCase() }],
]);

function isEmpty(value: Value): boolean {
  if (value instanceof Map) {
    return value.size === 0;
  }
  return isList(value) ? value.length === 0 : !value;
}
