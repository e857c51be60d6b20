import { mark } from '../marks.ts';
import { PowershellText, unescaped } from './powershell-text.ts';
import {
  applyOperator,
  callMethod,
  itemsAt,
  noValue,
  type PowerValue,
  textOf,
  textValue,
  unknownValue,
} from './powershell-values.ts';
import { windowsVariables } from './windows-path.ts';

/** What expressions need from whoever runs the statements around them. */
export interface PowershellHost {
  /** Runs statements, and gives what they put out. */
  runBlock(code: string): PowerValue;
  variable(name: string): PowerValue;
  /** A method of .NET is called; its result, or undefined for the usual ones. */
  method(name: string, subject: PowerValue, args: readonly PowerValue[]): PowerValue | undefined;
}

const operator =
  /\s*(-(?:[ci]?(?:eq|ne|gt|ge|lt|le|like|notlike|match|notmatch|contains|notcontains|replace|split|in|notin|is|isnot|as)|f|join|and|or|xor|band|bor|bxor|shl|shr)\b|\.\.|[-+*/%](?![-+=])|\?\?)/iy;

/** Reads one expression, lists and operators included. */
export function readExpression(source: PowershellText, host: PowershellHost): PowerValue {
  let value = readList(source, host);
  for (let found = source.take(operator); found; found = source.take(operator)) {
    source.skip({ lines: false });
    source.take(/\s+/y);
    const sign = (found[1] ?? '').toLowerCase();
    value = applyOperator(sign, value, readList(source, host));
  }
  return value;
}

function readList(source: PowershellText, host: PowershellHost): PowerValue {
  let value = readOperand(source, host);
  while (source.take(/\s*,\s*/y)) {
    const next = readOperand(source, host);
    value = { items: [...value.items, ...next.items], block: value.block };
  }
  return value;
}

/** One value with what is called on it. */
export function readOperand(source: PowershellText, host: PowershellHost): PowerValue {
  source.skip();
  let value = readPrimary(source, host);
  for (;;) {
    const member = source.take(/(?:\.|::|\?\.)(?:(\w+)|(?=["'($]))/y);
    if (member) {
      value = readMember(source, host, { value, name: member[1] ?? textOf(readPrimary(source, host)) });
    } else if (source.char === '[' && !/\s/.test(source.text[source.at - 1] ?? '')) {
      source.at += 1;
      const inner = source.inside('[', ']');
      value = itemsAt(value, readExpression(new PowershellText(inner), host));
    } else {
      return value;
    }
  }
}

function readMember(
  source: PowershellText,
  host: PowershellHost,
  { value, name }: { value: PowerValue; name: string },
): PowerValue {
  if (source.char === '(') {
    source.at += 1;
    const args = readArguments(source.inside('(', ')'), host);
    if (/^(invoke|invokereturnasis)$/i.test(name) && value.block !== undefined) {
      return host.runBlock(value.block);
    }
    return host.method(name, value, args) ?? callMethod(name, value, args);
  }
  // Properties of what is not known tell nothing new; those of paths and fetched texts keep what they are.
  return /^(content|fullname|path|name|rawcontent|value|pspath|root|directory|id|result|scriptblock|historysavepath)$/i.test(
    name,
  )
    ? value
    : (host.method(name, value, []) ?? unknownValue);
}

function readArguments(text: string, host: PowershellHost): PowerValue[] {
  const source = new PowershellText(text);
  const args: PowerValue[] = [];
  source.skip({ lines: true });
  while (!source.isAtEnd) {
    const before = source.at;
    args.push(readSum(source, host));
    source.take(/\s*,\s*/y);
    source.skip({ lines: true });
    if (source.at === before) {
      source.at += 1;
    }
  }
  return args;
}

/** An expression in a list of arguments, where commas separate. */
function readSum(source: PowershellText, host: PowershellHost): PowerValue {
  let value = readOperand(source, host);
  for (let found = source.take(operator); found; found = source.take(operator)) {
    source.take(/\s+/y);
    value = applyOperator((found[1] ?? '').toLowerCase(), value, readOperand(source, host));
  }
  return value;
}

function readPrimary(source: PowershellText, host: PowershellHost): PowerValue {
  const { char } = source;
  if (/['"]/.test(char) || source.looksAt(/@['"][ \t]*\r?\n/y)) {
    const { text, isExpandable } = source.quoted();
    return textValue(isExpandable ? filled(text, host) : text);
  }
  if (/[$@({]/.test(char)) {
    return readSigned(source, host);
  }
  if (char === '[') {
    return readType(source, host);
  }
  return readBare(source, host);
}

/** Numbers, signs and bare words. */
function readBare(source: PowershellText, host: PowershellHost): PowerValue {
  const number = source.take(/0x[\da-f]+|\d+(?:\.\d+)?(?:[kmgtp]b)?/iy);
  if (number) {
    return textValue(/^0x/i.test(number[0]) ? String(Number(number[0])) : number[0]);
  }
  const sign = source.take(/-(?:not|join|split|bnot)\b|[-+!]{1,2}|,/iy);
  if (sign) {
    return signed(sign[0].toLowerCase(), readOperand(source, host));
  }
  const word = source.take(/[^\s;|&(){},=]+/y);
  if (!word) {
    source.at += 1;
  }
  return word ? textValue(word[0]) : noValue;
}

function signed(sign: string, value: PowerValue): PowerValue {
  if (sign === '-join') {
    return textValue(value.items.join(''));
  }
  return sign === '-' ? textValue(...value.items.map((text) => `-${text}`)) : value;
}

function readSigned(source: PowershellText, host: PowershellHost): PowerValue {
  if (source.take(/\$\(|@\(|\(/y)) {
    const code = source.inside('(', ')');
    return host.runBlock(code);
  }
  if (source.take(/@\{/y)) {
    source.inside('{', '}');
    return unknownValue;
  }
  if (source.take(/\{/y)) {
    return { items: [], block: source.inside('{', '}') };
  }
  const name = source.take(/[$@]\{([^}]+)\}|[$@]((?:\w+:)?\w+|[$?^_])/y);
  if (name) {
    return host.variable(name[1] ?? name[2] ?? '');
  }
  source.at += 1;
  return noValue;
}

function readType(source: PowershellText, host: PowershellHost): PowerValue {
  source.at += 1;
  const type = source.inside('[', ']').toLowerCase();
  if (source.looksAt(/::/y)) {
    return { items: [], type };
  }
  source.skip();
  if (source.isAtEnd || /[;|)\]\n]/.test(source.char)) {
    return { items: [], type };
  }
  const value = readOperand(source, host);
  if (/^(system\.)?char(\[\])?$/.test(type)) {
    return textValue(
      ...value.items.map((text) => (/^(0x[\da-f]+|\d+)$/i.test(text) ? String.fromCodePoint(Number(text)) : text)),
    );
  }
  return /scriptblock/.test(type) ? { items: value.items, block: textOf(value) } : { ...value, type };
}

/** Puts values into an expandable text. */
export function filled(text: string, host: PowershellHost): string {
  const source = new PowershellText(text);
  let out = '';
  while (!source.isAtEnd) {
    if (source.char === '`') {
      out += unescaped(source.text[source.at + 1] ?? '');
      source.at += 2;
    } else if (source.take(/\$\(/y)) {
      out += textOf(host.runBlock(source.inside('(', ')')));
    } else {
      const name = source.take(/\$\{([^}]+)\}|\$((?:env|global|script|local|private|using):\w+|\w+|[$?^])/iy);
      out += name ? textOf(host.variable(name[1] ?? name[2] ?? '')) : source.char;
      source.at += name ? 0 : 1;
    }
  }
  return out;
}

/** What variables that nobody here has set hold. */
export function knownVariable(name: string): PowerValue {
  const lower = name.toLowerCase();
  const environment = /^env:(.+)$/.exec(lower)?.[1];
  if (environment !== undefined) {
    const known = windowsVariables[environment.toUpperCase()];
    return textValue(known ?? mark.unset);
  }
  if (lower === 'null') {
    return noValue;
  }
  const constant = Object.hasOwn(constants, lower) ? constants[lower] : undefined;
  return constant === undefined ? unknownValue : textValue(constant);
}

const constants: Readonly<Record<string, string>> = {
  true: '$true',
  false: '$false',
  home: windowsVariables['USERPROFILE'] ?? '',
  pshome: windowsVariables['PSHOME'] ?? '',
  pwd: `C:\\${mark.some}`,
  psscriptroot: `C:\\${mark.some}`,
  pscommandpath: `C:\\${mark.some}`,
  pid: mark.some,
  '?': mark.some,
  error: mark.some,
  host: mark.some,
  psversiontable: mark.some,
};
