import type { Language } from '../bench.ts';
import { decodeEscapes } from '../shell/expand-operation.ts';

/** A piece of code; strings without their quotes. */
export type Token = {
  readonly kind: 'name' | 'string' | 'number' | 'sign' | 'command' | 'words';
  readonly text: string;
  /** Holds names whose values are put in. */
  readonly fills?: boolean;
};

type Found = { readonly token: Token | undefined; readonly next: number };

const signs = /^(?:\*\*|\+=|\.=|==|!=|<=|>=|=>|=~|->|::|\.\.|&&|\|\||<<|>>|[-+*/%=<>!&|^~?:;,.(){}[\]@$\\])/;

/** Splits code into tokens, well enough to find calls and what they are given. */
export function tokensOf(text: string, language: Language): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length && tokens.length < 20_000;) {
    const found = comment(text, at, language) ??
      quoted(text, at, language) ??
      word(text, at) ?? { token: undefined, next: at + 1 };
    if (found.token) {
      tokens.push(found.token);
    }
    at = found.next;
  }
  return tokens;
}

function comment(text: string, at: number, language: Language): Found | undefined {
  const rest = text.slice(at, at + 3);
  const toEnd = (): Found => ({ token: undefined, next: endOf(text, '\n', at) });
  if (
    rest.startsWith('#') &&
    !['node', 'lua'].includes(language) &&
    !(language === 'perl' && /[$@]$/.test(text.slice(0, at)))
  ) {
    return toEnd();
  }
  if (rest.startsWith('//') && ['node', 'php'].includes(language)) {
    return toEnd();
  }
  if (rest.startsWith('/*') && ['node', 'php'].includes(language)) {
    return { token: undefined, next: endOf(text, '*/', at) };
  }
  return rest.startsWith('--') && language === 'lua' ? toEnd() : undefined;
}

function endOf(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from);
  return end < 0 ? text.length : end + mark.length;
}

const shellLike: ReadonlySet<Language> = new Set(['perl', 'ruby', 'php']);

function quoted(text: string, at: number, language: Language): Found | undefined {
  return pythonString(text, at, language) ?? namedList(text, at, language) ?? plainString(text, at, language);
}

function pythonString(text: string, at: number, language: Language): Found | undefined {
  const found = language === 'python' ? /^([rRbBuUfF]{0,2})('''|"""|'|")/.exec(text.slice(at, at + 5)) : null;
  if (!found) {
    return undefined;
  }
  const [whole = '', prefix = '', quote = ''] = found;
  return stringFrom(text, at + whole.length, { quote, isRaw: /r/i.test(prefix), fills: /f/i.test(prefix) });
}

/** `qw(a b)`, `%w[a b]` and the like. */
function namedList(text: string, at: number, language: Language): Found | undefined {
  const found =
    language === 'perl' || language === 'ruby'
      ? /^(?:(qw|qx|qq|q)\s*|%([wxqQi]))([^\w\s,;=])/.exec(text.slice(at, at + 12))
      : null;
  return found && !/\w/.test(text[at - 1] ?? '') ? listFrom(text, at, found) : undefined;
}

function plainString(text: string, at: number, language: Language): Found | undefined {
  const char = text[at] ?? '';
  if (char === '"' || char === "'") {
    const isShellLike = shellLike.has(language);
    return stringFrom(text, at + 1, {
      quote: char,
      isRaw: char === "'" && isShellLike,
      fills: char === '"' && isShellLike,
    });
  }
  if (char === '`') {
    const found = stringFrom(text, at + 1, { quote: '`', isRaw: false, fills: true });
    return language === 'node' || !found.token ? found : { ...found, token: { ...found.token, kind: 'command' } };
  }
  if (language !== 'lua' || !text.startsWith('[[', at)) {
    return undefined;
  }
  const next = endOf(text, ']]', at);
  return { token: { kind: 'string', text: text.slice(at + 2, next - 2) }, next };
}

type Quote = { readonly quote: string; readonly isRaw: boolean; readonly fills: boolean };

function stringFrom(text: string, from: number, { quote, isRaw, fills }: Quote): Found {
  let at = from;
  while (at < text.length && !text.startsWith(quote, at)) {
    at += text[at] === '\\' ? 2 : 1;
  }
  const inner = text.slice(from, at);
  return {
    token: { kind: 'string', text: isRaw ? inner : decodeEscapes(inner.replaceAll('\\\n', '')), fills },
    next: at + quote.length,
  };
}

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };

function listFrom(text: string, at: number, [whole, perl, ruby, open = '']: RegExpExecArray): Found {
  const close = closers[open] ?? open;
  const start = at + whole.length;
  const end = text.indexOf(close, start);
  const inner = text.slice(start, end < 0 ? undefined : end);
  const kind =
    perl === 'qw' || ruby === 'w' || ruby === 'i' ? 'words' : perl === 'qx' || ruby === 'x' ? 'command' : 'string';
  return { token: { kind, text: inner, fills: perl === 'qq' || ruby === 'Q' }, next: end < 0 ? text.length : end + 1 };
}

function word(text: string, at: number): Found | undefined {
  const rest = text.slice(at, at + 200);
  const name = /^[$@]?[A-Za-z_]\w*/.exec(rest)?.[0];
  if (name !== undefined) {
    return { token: { kind: 'name', text: name.replace(/^[$@]/, '') }, next: at + name.length };
  }
  const number = /^(?:0[xX][\da-fA-F]+|0[oO]?[0-7]+|\d+(?:\.\d+)?)/.exec(rest)?.[0];
  if (number !== undefined) {
    return { token: { kind: 'number', text: number }, next: at + number.length };
  }
  const sign = signs.exec(rest)?.[0];
  return sign === undefined ? undefined : { token: { kind: 'sign', text: sign }, next: at + sign.length };
}
