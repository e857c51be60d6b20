/** What `{a,b}` and `{1..3}` of a word's source make of it, as bash does before anything else; the pieces are source again. */
export function expandBraces(source: string, budget = 256): string[] {
  const found = findBrace(source);
  if (!found) {
    return [source];
  }
  const { start, end, items } = found;
  const before = source.slice(0, start);
  const words: string[] = [];
  const rests = expandBraces(source.slice(end), budget);
  for (const item of items) {
    for (const middle of expandBraces(item, budget)) {
      for (const rest of rests) {
        words.push(before + middle + rest);
        if (words.length >= budget) {
          return words;
        }
      }
    }
  }
  return words;
}

type Brace = { readonly start: number; readonly end: number; readonly items: readonly string[] };

function findBrace(source: string): Brace | undefined {
  for (let at = 0; at < source.length; at = skipQuoted(source, at)) {
    if (source[at] === '{') {
      const brace = readBrace(source, at);
      if (brace) {
        return brace;
      }
    }
  }
  return undefined;
}

function readBrace(source: string, start: number): Brace | undefined {
  const items: string[] = [];
  let depth = 0;
  let from = start + 1;
  for (let at = start; at < source.length; at = skipQuoted(source, at)) {
    const char = source[at];
    if (char === '{') {
      depth += 1;
    } else if (char === ',' && depth === 1) {
      items.push(source.slice(from, at));
      from = at + 1;
    } else if (char === '}') {
      depth -= 1;
      if (depth === 0) {
        const last = source.slice(from, at);
        const range = items.length === 0 ? rangeOf(last) : [...items, last];
        return range && { start, end: at + 1, items: range };
      }
    }
  }
  return undefined;
}

/** Index behind one character, or behind one quoted or expanded piece. */
function skipQuoted(source: string, at: number): number {
  const char = source[at];
  if (char === '\\') {
    return at + 2;
  }
  if (char === "'") {
    const end = source.indexOf("'", at + 1);
    return end < 0 ? source.length : end + 1;
  }
  if (char === '"' || char === '`') {
    return skipTo(source, at, char);
  }
  if (char === '$' && (source[at + 1] === '{' || source[at + 1] === '(')) {
    return skipNested(source, at + 1);
  }
  return at + 1;
}

function skipTo(source: string, start: number, quote: string): number {
  for (let at = start + 1; at < source.length; at += 1) {
    if (source[at] === '\\') {
      at += 1;
    } else if (source[at] === quote) {
      return at + 1;
    }
  }
  return source.length;
}

function skipNested(source: string, start: number): number {
  let depth = 0;
  for (let at = start; at < source.length; at += 1) {
    const char = source[at] ?? '';
    if ('{('.includes(char)) {
      depth += 1;
    } else if ('})'.includes(char)) {
      depth -= 1;
      if (depth === 0) {
        return at + 1;
      }
    }
  }
  return source.length;
}

function rangeOf(text: string): string[] | undefined {
  const numbers = /^(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?$/.exec(text);
  if (numbers) {
    const [, from = '', to = '', step = '1'] = numbers;
    const width = /^-?0\d/.test(from) || /^-?0\d/.test(to) ? Math.max(from.length, to.length) : 0;
    return countFrom(Number(from), Number(to), Number(step)).map((number) => padded(number, width));
  }
  const letters = /^([A-Za-z])\.\.([A-Za-z])(?:\.\.(-?\d+))?$/.exec(text);
  if (letters) {
    const [, from = '', to = '', step = '1'] = letters;
    return countFrom(from.charCodeAt(0), to.charCodeAt(0), Number(step)).map((code) => String.fromCharCode(code));
  }
  return undefined;
}

function padded(number: number, width: number): string {
  return number < 0 ? `-${String(-number).padStart(width - 1, '0')}` : String(number).padStart(width, '0');
}

function countFrom(from: number, to: number, step: number): number[] {
  const by = Math.max(1, Math.abs(step)) * (from <= to ? 1 : -1);
  const numbers: number[] = [];
  for (let number = from; by > 0 ? number <= to : number >= to; number += by) {
    numbers.push(number);
    if (numbers.length >= 256) {
      break;
    }
  }
  return numbers;
}
