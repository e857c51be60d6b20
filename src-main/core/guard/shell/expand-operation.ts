import type { ParameterOperation } from 'unbash';
import { isUnknown, mark, mayBeEmpty, notEmpty, withoutGlobs } from '../marks.ts';
import { globSource } from './glob-text.ts';

/** What the words inside `${…}` mean; several when they are not certain. */
export type ReadWord = (word: { readonly text: string } & object) => readonly string[];

type Subject = {
  /** Undefined when the variable is not set. */
  readonly value: string;
  readonly isSet: boolean;
};

/** What an operation such as `${x:-y}` or `${x%/}` makes of one value. */
export function operate(operation: ParameterOperation, subject: Subject, read: ReadWord): readonly string[] {
  const { value } = subject;
  switch (operation.type) {
    case 'Default':
      return orDefault(operation, subject, read);
    case 'Remove':
      return read(operation.operand).map((pattern) => removed(value, pattern, operation.operator));
    case 'Replace':
      return replaced(operation, value, read);
    case 'Slice':
      return [sliced(value, read(operation.offset)[0], operation.length && read(operation.length)[0])];
    case 'CaseModification':
      return [changedCase(value, operation.operator)];
    case 'Transform':
      return [transformed(value, read(operation.operand)[0] ?? '')];
    case 'Names':
    case 'Unknown':
      return [mark.unset];
  }
}

type Default = Extract<ParameterOperation, { type: 'Default' }>;

function orDefault({ operator, operand }: Default, { value, isSet }: Subject, read: ReadWord): readonly string[] {
  const countsEmpty = operator.startsWith(':');
  const may = mayBeEmpty(value);
  const isMissing = isSet ? countsEmpty && value === '' : true;
  switch (operator.replace(':', '')) {
    case '-':
    case '=':
      return may ? [notEmpty(value), ...read(operand)] : isMissing ? read(operand) : [value];
    case '+':
      return may ? ['', ...read(operand)] : isMissing ? [''] : read(operand);
    default:
      return [required(value)];
  }
}

/** `${x:?}` ends the script when there is no value. */
function required(value: string): string {
  return value === '' ? mark.some : notEmpty(value);
}

function removed(value: string, pattern: string, operator: string): string {
  if (isUnknown(value)) {
    return removedFromUnknown(value, pattern, operator);
  }
  const lengths = Array.from({ length: value.length + 1 }, (_, length) => length);
  const isLong = operator.length === 2;
  const ordered = isLong ? lengths.toReversed() : lengths;
  const regex = safeRegex(`^(?:${globSource(pattern)})$`);
  const isPrefix = operator.startsWith('#');
  for (const length of ordered) {
    const part = isPrefix ? value.slice(0, length) : value.slice(value.length - length);
    if (regex?.test(part)) {
      return isPrefix ? value.slice(length) : value.slice(0, value.length - length);
    }
  }
  return value;
}

function removedFromUnknown(value: string, pattern: string, operator: string): string {
  if (operator.startsWith('%') && value.endsWith(withoutGlobs(pattern))) {
    return value.slice(0, value.length - pattern.length);
  }
  return mark.unset;
}

type Replace = Extract<ParameterOperation, { type: 'Replace' }>;

function replaced({ pattern, replacement, operator }: Replace, value: string, read: ReadWord): readonly string[] {
  const patterns = read(pattern);
  return read(replacement).flatMap((by) => patterns.map((one) => replaceOne(value, { one, by, operator })));
}

function replaceOne(value: string, { one, by, operator }: { one: string; by: string; operator: string }): string {
  if (isUnknown(value) || isUnknown(one)) {
    return value;
  }
  const source = globSource(one);
  const anchored = operator === '/#' ? `^(?:${source})` : operator === '/%' ? `(?:${source})$` : source;
  const regex = one === '' ? undefined : safeRegex(anchored, operator === '//' ? 'g' : '');
  return regex ? value.replace(regex, () => by) : value;
}

function safeRegex(source: string, flags = ''): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}

function sliced(value: string, offset = '0', length?: string): string {
  const from = Number(offset.trim());
  const count = length === undefined ? value.length : Number(length.trim());
  if (isUnknown(value) || !Number.isInteger(from) || !Number.isInteger(count)) {
    return mark.unset;
  }
  const start = from < 0 ? Math.max(0, value.length + from) : from;
  return count < 0 ? value.slice(start, value.length + count) : value.slice(start, start + count);
}

function changedCase(value: string, operator: string): string {
  const change = (text: string): string => (operator.startsWith('^') ? text.toUpperCase() : text.toLowerCase());
  return operator.length === 2 ? change(value) : change(value.slice(0, 1)) + value.slice(1);
}

function transformed(value: string, operator: string): string {
  switch (operator) {
    case 'U':
      return value.toUpperCase();
    case 'L':
      return value.toLowerCase();
    case 'u':
      return value.slice(0, 1).toUpperCase() + value.slice(1);
    case 'E':
      return decodeEscapes(value);
    default:
      return value;
  }
}

const plain: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  e: '\u001b',
  E: '\u001b',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** `\x72`, `\162`, `\u0072` and the like, as `echo -e`, `printf` and `$'…'` read them. */
export function decodeEscapes(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|0?([0-7]{1,3})|([ntrabfveE\\'"]))/g,
    (whole, ...groups: (string | number | undefined)[]) => {
      const [hex, short, long, octal, letter] = groups
        .slice(0, 5)
        .map((group) => (group === undefined ? undefined : String(group)));
      const code = hex ?? short ?? long;
      if (code !== undefined) {
        return charOf(Number.parseInt(code, 16));
      }
      return octal === undefined ? (plain[letter ?? ''] ?? whole) : charOf(Number.parseInt(octal, 8));
    },
  );
}

function charOf(code: number): string {
  return code <= 0x10_ff_ff ? String.fromCodePoint(code) : '';
}
