import { isUnknown, mark } from '../marks.ts';
import { readOptions } from '../rules/options.ts';

/** Programs that print what they read, changed in a way that can be foretold. */
export type Filter = (text: string, args: readonly string[]) => string;

const lines = (text: string): string[] => text.replace(/\n$/, '').split('\n');
const joined = (all: readonly string[]): string => (all.length === 0 ? '' : `${all.join('\n')}\n`);
const each =
  (change: (line: string) => string): Filter =>
  (text) =>
    joined(lines(text).map(change));

const sets: Readonly<Record<string, string>> = {
  '[:lower:]': 'abcdefghijklmnopqrstuvwxyz',
  '[:upper:]': 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  '[:digit:]': '0123456789',
  '[:space:]': ' \t\n\r\v\f',
  '[:alpha:]': 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
};

/** The characters of a set such as `a-z` or `[:upper:]`. */
function charactersOf(set: string): string {
  const plain = Object.entries(sets).reduce((text, [name, chars]) => text.replaceAll(name, chars), set);
  const decoded = plain.replace(
    /\\([nt\\r0])/g,
    (_, letter: string) => ({ n: '\n', t: '\t', r: '\r', '0': '\0' })[letter] ?? '\\',
  );
  return decoded.replace(/(.)-(.)/gs, (_, from: string, to: string) => {
    const [start, end] = [from.charCodeAt(0), to.charCodeAt(0)];
    return end < start || end - start > 256
      ? `${from}-${to}`
      : Array.from({ length: end - start + 1 }, (_unused, step) => String.fromCharCode(start + step)).join('');
  });
}

const translate: Filter = (text, args) => {
  const options = readOptions(args);
  const [from = '', to = ''] = options.operands.map(charactersOf);
  const isOutside = options.has('c', 'C', 'complement');
  if (options.has('d', 'delete')) {
    return Array.from(text)
      .filter((char) => from.includes(char) === isOutside)
      .join('');
  }
  if (options.has('s', 'squeeze-repeats') && options.operands.length === 1) {
    return text.replace(/(.)\1+/gs, (run, char: string) => (from.includes(char) ? char : run));
  }
  const last = to.at(-1) ?? '';
  return Array.from(text)
    .map((char) => {
      const at = from.indexOf(char);
      return isOutside ? (at < 0 ? last : char) : at < 0 ? char : (to[at] ?? last);
    })
    .join('');
};

const cut: Filter = (text, args) => {
  const options = readOptions(args, { letters: 'dfcb', long: ['delimiter', 'fields', 'characters', 'bytes'] });
  const [list = ''] = options.valuesOf('f', 'fields', 'c', 'characters', 'b', 'bytes');
  const [delimiter = '\t'] = options.valuesOf('d', 'delimiter');
  const isFields = options.has('f', 'fields');
  return each((line) => {
    const items = isFields ? line.split(delimiter) : Array.from(line);
    return items.length === 1 && isFields
      ? line
      : items.filter((_, index) => isListed(list, index + 1)).join(isFields ? delimiter : '');
  })(text, args);
};

function isListed(list: string, number: number): boolean {
  return list.split(',').some((range) => {
    const [, from = '', dash, to = ''] = /^(\d*)(-?)(\d*)$/.exec(range) ?? [];
    return dash
      ? number >= Number(from || 1) && number <= Number(to || Number.POSITIVE_INFINITY)
      : number === Number(from);
  });
}

function countOf(args: readonly string[]): number {
  const options = readOptions(args, { letters: 'nc', long: ['lines', 'bytes'] });
  const [value = ''] = options.valuesOf('n', 'lines');
  const short = args.find((word) => /^-\d+$/.test(word));
  return Number(short?.slice(1) ?? (value.replace(/^[+-]/, '') || 10));
}

const head: Filter = (text, args) => {
  const bytes = readOptions(args, { letters: 'nc', long: ['bytes'] }).valuesOf('c', 'bytes')[0];
  return bytes === undefined ? joined(lines(text).slice(0, countOf(args))) : text.slice(0, Number(bytes));
};

const tail: Filter = (text, args) => {
  const options = readOptions(args, { letters: 'nc', long: ['bytes'] });
  const [value = ''] = options.valuesOf('n', 'lines');
  const bytes = options.valuesOf('c', 'bytes')[0];
  if (bytes !== undefined) {
    return bytes.startsWith('+') ? text.slice(Number(bytes) - 1) : text.slice(-Number(bytes));
  }
  return joined(value.startsWith('+') ? lines(text).slice(Number(value) - 1) : lines(text).slice(-countOf(args)));
};

/** `s/a/b/` and nothing else; other scripts print what cannot be foretold. */
const edit: Filter = (text, args) => {
  const options = readOptions(args, { letters: 'efl', long: ['expression', 'file'] });
  const scripts = [
    ...options.valuesOf('e', 'expression'),
    ...options.operands.slice(0, options.has('e', 'expression') ? 0 : 1),
  ];
  let result: string | undefined = text;
  for (const script of scripts.flatMap((one) => one.split(/;(?=\s*[sy]\W)/))) {
    result =
      result === undefined ? undefined : substituted(result, script.trim(), options.has('E', 'r', 'regexp-extended'));
  }
  return result ?? mark.output;
};

function substituted(text: string, script: string, isExtended: boolean): string | undefined {
  const [, kind, delimiter = ''] = /^([sy])(\W)/.exec(script) ?? [];
  const [, pattern, by, flags = ''] = delimiter === '' ? [] : script.split(new RegExp(`(?<!\\\\)\\${delimiter}`));
  if (pattern === undefined || by === undefined || !/^[gip\d]*$/i.test(flags)) {
    return undefined;
  }
  if (kind === 'y') {
    return translate(text, [pattern, by]);
  }
  const regex = sedRegex(pattern, flags, isExtended);
  const replacement = sedReplacement(by, delimiter);
  return regex && each((line) => line.replace(regex, replacement))(text, []);
}

function sedRegex(pattern: string, flags: string, isExtended: boolean): RegExp | undefined {
  const source = isExtended
    ? pattern
    : pattern.replace(/\\?[+?(){}|]/g, (found) => (found.length === 2 ? found.slice(1) : `\\${found}`));
  try {
    return new RegExp(source, `${flags.includes('g') ? 'g' : ''}${/i/i.test(flags) ? 'i' : ''}`);
  } catch {
    return undefined;
  }
}

function sedReplacement(by: string, delimiter: string): string {
  return by
    .replaceAll('$', '$$$$')
    .replace(/\\(\d)/g, '$$$1')
    .replace(/(?<!\\)&/g, '$$&')
    .replaceAll('\\&', '&')
    .replaceAll(`\\${delimiter}`, delimiter);
}

const columns: Filter = (text, args) => {
  const options = readOptions(args, { letters: 'Fvf', long: [] });
  const [program = ''] = options.operands;
  const [separator] = options.valuesOf('F');
  const fields = /^\s*\{\s*print\s+([^}]*?);?\s*\}\s*$/.exec(program)?.[1];
  if (fields === undefined || !/^("[^"]*"|\$\d+|\$NF|[\s,])+$/.test(fields)) {
    return mark.output;
  }
  return each((line) => {
    const items = separator === undefined ? line.trim().split(/\s+/) : line.split(separator);
    const tokens = fields.match(/"[^"]*"|\$NF|\$\d+|,/g) ?? [];
    return tokens
      .map((token) => {
        if (token === ',') {
          return ' ';
        }
        return token.startsWith('"')
          ? token.slice(1, -1)
          : token === '$NF'
            ? (items.at(-1) ?? '')
            : token === '$0'
              ? line
              : (items[Number(token.slice(1)) - 1] ?? '');
      })
      .join('');
  })(text, args);
};

/** What may be among lines that are not known; names of files keep where they are. */
function unknownLine(line: string): string {
  return line.includes('/') ? line : mark.output;
}

const search: Filter = (text, args) => {
  const options = readOptions(args, { letters: 'efmABC', long: ['regexp', 'file'] });
  const pattern = options.valuesOf('e', 'regexp')[0] ?? options.operands[0];
  if (pattern === undefined || options.has('c', 'count', 'q', 'quiet', 'o')) {
    return mark.output;
  }
  try {
    const regex = new RegExp(
      options.has('F') ? pattern.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : pattern,
      options.has('i') ? 'i' : '',
    );
    const isInverted = options.has('v', 'invert-match');
    const kept = lines(text).flatMap((line) =>
      regex.test(line) === isInverted ? (isUnknown(line) ? [unknownLine(line)] : []) : [line],
    );
    return joined(kept);
  } catch {
    return mark.output;
  }
};

const same: Filter = (text) => text;

export const filters: Readonly<Record<string, Filter>> = {
  cat: same,
  tac: (text) => joined(lines(text).toReversed()),
  rev: each((line) => Array.from(line).toReversed().join('')),
  tr: translate,
  cut,
  head,
  tail,
  sed: edit,
  gsed: edit,
  awk: columns,
  gawk: columns,
  mawk: columns,
  grep: search,
  egrep: search,
  fgrep: (text, args) => search(text, ['-F', ...args]),
  sort: same,
  uniq: same,
  tee: same,
  pv: same,
  dd: same,
  nl: same,
  expand: same,
  fold: same,
  fmt: same,
  col: same,
  colrm: same,
  iconv: same,
  dos2unix: same,
  sponge: same,
  ts: same,
  buffer: same,
  mbuffer: same,
  column: same,
  strings: same,
  shuf: same,
  envsubst: same,
  paste: (text, args) =>
    args.some((word) => /^-\w*s/.test(word))
      ? `${lines(text).join(args.some((word) => word === '-d' || /^-\w*d/.test(word)) ? '' : '\t')}\n`
      : text,
};
