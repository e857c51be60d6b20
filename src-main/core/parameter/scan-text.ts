import { DroverError } from '#contract/errors';
import { type Expression, parseExpression } from './parse-expression.ts';

/** A stretch of text between `{{` and `}}`, both included; offsets count UTF-16 units. */
export type Piece =
  | {
      readonly kind: 'expression';
      readonly start: number;
      readonly end: number;
      readonly content: string;
      readonly expression: Expression;
    }
  | { readonly kind: 'left-alone'; readonly start: number; readonly end: number };

/** What stands between the braces is at most this long; anything longer is another tool's. */
const maximumLength = 4096;

/** No script has as many; parsing one takes about 10 µs, and the engine must not stand still for seconds. */
const maximumDifferent = 10_000;

/** Characters of all different ones together: parsing takes about 1 µs for each. */
const maximumParsed = 300_000;

/**
 * Finds every `{{ … }}` from left to right, none inside another. An expression begins at the last `{{` before its
 * `}}`; strings in it may hold both. Each place in the text is looked at by no more than three beginnings (they would
 * have to disagree on whether it is outside, in '…' or in "…"), so the time is linear whatever the text. Throws `too-large` beyond 10 000 different ones.
 */
export function* scanText(text: string): Generator<Piece> {
  const parse = rememberExpressions();
  const nextOpening = seek(text, '{{');
  const nextClosing = seek(text, '}}');
  const blocks = foreignBlocks();
  let start = nextOpening(0);
  while (start !== -1) {
    const inside = start + 2;
    const close = findClose(text, inside);
    const content = close === undefined ? undefined : text.slice(inside, close);
    const expression = content === undefined ? undefined : parse(content);
    let end: number | undefined;
    if (content !== undefined && expression && !blocks.claim(content, expression)) {
      end = inside + content.length + 2;
      yield { kind: 'expression', start, end, content, expression };
    } else {
      const opening = nextOpening(inside);
      const plain = nextClosing(inside);
      const closing = plain !== -1 && (opening === -1 || plain < opening) ? plain + 2 : undefined;
      end = leftAloneEnd(content, inside, closing);
      if (end !== undefined) {
        blocks.enter(text.slice(inside, Math.min(end, inside + 80)));
        yield { kind: 'left-alone', start, end };
      }
    }
    start = nextOpening(end ?? inside);
  }
}

/** Quotes mean nothing certain in another tool's text, so then the first `}}` counts. */
function leftAloneEnd(content: string | undefined, inside: number, closing: number | undefined): number | undefined {
  if (content !== undefined && (closing === undefined || !/['"]/.test(content))) {
    return inside + content.length + 2;
  }
  return closing;
}

const token = /[^'"\\{}]+|'(?:\\[\s\S]|[^'\\\r\n])*'|"(?:\\[\s\S]|[^"\\\r\n])*"|[{}]/y;

/** Offset of the `}}` that ends an expression, outside its strings (which stay on one line) and its own braces. */
function findClose(text: string, from: number): number | undefined {
  const reach = text.slice(from, from + maximumLength);
  let depth = 0;
  token.lastIndex = 0;
  for (;;) {
    const at = token.lastIndex;
    const match = token.exec(reach)?.[0];
    if (match === undefined || (match === '{' && reach.charAt(at + 1) === '{')) {
      return undefined;
    }
    if (match === '}' && depth === 0) {
      return reach.charAt(at + 1) === '}' ? from + at : undefined;
    }
    if (match === '{') {
      depth++;
    } else if (match === '}') {
      depth--;
    }
  }
}

/** `indexOf` for rising offsets that never searches a stretch twice. */
function seek(text: string, mark: string): (from: number) => number {
  let found = text.indexOf(mark);
  return (from) => {
    if (found !== -1 && found < from) {
      found = text.indexOf(mark, from);
    }
    return found;
  };
}

function rememberExpressions(): (content: string) => Expression | undefined {
  const known = new Map<string, Expression | undefined>();
  let parsed = 0;
  return (content) => {
    if (!known.has(content)) {
      if (known.size === maximumDifferent) {
        throw new DroverError('too-large', `The text holds more than ${maximumDifferent} different “{{ … }}”.`);
      }
      parsed += content.length;
      if (parsed > maximumParsed) {
        throw new DroverError(
          'too-large',
          `The different “{{ … }}” of the text hold more than ${maximumParsed} characters.`,
        );
      }
      known.set(content, parseExpression(content));
    }
    return known.get(content);
  };
}

/**
 * Go templates (`docker inspect -f '{{range .Mounts}}{{"\n"}}{{end}}'`) hold words that would pass as our names: inside
 * an open block of theirs `else`, `end` and expressions without a name stay text.
 */
function foreignBlocks() {
  let depth = 0;
  return {
    enter(content: string): void {
      if (/^-?\s*(?:range|if|with|block|define)\b/.test(content)) {
        depth++;
      }
    },
    claim(content: string, { names }: Expression): boolean {
      if (depth === 0) {
        return false;
      }
      if (/^-?\s*end\s*-?$/.test(content)) {
        depth--;
        return true;
      }
      return names.length === 0 || /^-?\s*(?:else|break|continue)\s*-?$/.test(content);
    },
  };
}
