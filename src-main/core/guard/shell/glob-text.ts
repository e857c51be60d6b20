import { mark } from '../marks.ts';

/** A pattern of the shell as a regular expression; `[` sets and extended groups included. */
export function globSource(pattern: string): string {
  let source = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at] ?? '';
    if (char === '*' || char === mark.star) {
      source += '[^]*';
    } else if (char === '?' || char === mark.question) {
      source += '[^]';
    } else if (char === '[' || char === mark.set) {
      const set = readSet(pattern, at);
      source += set ? set.source : '\\[';
      at = set ? set.end : at;
    } else if (/[\uFDD0-\uFDD3\uFDDA\uFDDB]/.test(char)) {
      source += '[^]*';
    } else {
      source += char.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
    }
  }
  return source;
}

function readSet(pattern: string, start: number): { source: string; end: number } | undefined {
  const end = pattern.indexOf(']', start + (/[!^]/.test(pattern[start + 1] ?? '') ? 3 : 2));
  if (end < 0) {
    return undefined;
  }
  const inner = pattern.slice(start + 1, end);
  const isNegated = /^[!^]/.test(inner);
  const body = (isNegated ? inner.slice(1) : inner)
    .replace(/\[:(\w+):?/g, (_, name: string) => classes[name] ?? '')
    .replace(/[\\\]^]/g, '\\$&');
  return {
    source: `[${isNegated ? '^' : ''}${body}]`,
    end: pattern[end + 1] === ']' && inner.includes('[:') ? end + 1 : end,
  };
}

const classes: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  lower: 'a-z',
  upper: 'A-Z',
  space: ' \t\n',
  punct: '!-/:-@',
};

/** Undefined when the pattern cannot be read. */
export function globRegex(pattern: string): RegExp | undefined {
  try {
    return new RegExp(`^${globSource(pattern)}$`);
  } catch {
    return undefined;
  }
}
