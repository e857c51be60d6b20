import { parse, tokenize } from '@huggingface/jinja';
import { restrict } from './restrict.ts';
import type { SyntaxTree } from './syntax-tree.ts';

/** An expression ready for the interpreter. */
export type Expression = {
  /** Filters, indexes and `~` are calls of our own functions in it; nothing else can be called. */
  readonly tree: SyntaxTree;
  /** Free names in the order of their first use. */
  readonly names: readonly string[];
  /** Why it can never be evaluated, as a sentence; null when it can. */
  readonly problem: string | null;
};

const maximumTokens = 1000;
const maximumNesting = 32;
const stringsAndBlanks = /'(?:\\[\s\S]|[^'\\])*'|"(?:\\[\s\S]|[^"\\])*"|\s+/g;
const knownEscapes = new Set('ntrbfv\'"\\xu');

/**
 * Parses what stands between `{{` and `}}`. Undefined when it is no Jinja expression and belongs to another tool:
 * `.Names`, `range .Items`, `$x`.
 */
export function parseExpression(content: string): Expression | undefined {
  const trims = content.startsWith('-') || content.endsWith('-');
  const source = content.slice(content.startsWith('-') ? 1 : 0, content.endsWith('-') ? -1 : undefined);
  const outline = source.replace(stringsAndBlanks, (match) => (/\s/.test(match.charAt(0)) ? ' ' : "''"));
  if (outline.trim() === '' || looksForeign(outline)) {
    return undefined;
  }
  try {
    const { tree, names, problem } = restrict(parseSource(source.replace(stringsAndBlanks, plainSource)));
    return { tree, names, problem: trims ? 'text outside is kept as it is: write “{{ … }}” without “-”' : problem };
  } catch {
    return undefined;
  }
}

/** The library skips blanks, so it would read `range .Items` as `range.Items`. */
function looksForeign(outline: string): boolean {
  return /(?:^|[^\w)\]'}])\.|\.(?!\w)/.test(outline) || nesting(outline) > maximumNesting;
}

/** The parser recurses, so depth is bounded before it sees the text. */
function nesting(outline: string): number {
  let depth = 0;
  let deepest = 0;
  for (const char of outline) {
    if ('([{'.includes(char)) {
      deepest = Math.max(deepest, ++depth);
    } else if (')]}'.includes(char)) {
      depth--;
    }
  }
  return deepest;
}

/**
 * Long blanks cost the library's own preprocessing quadratic time, and braces inside strings mean something to it:
 * blanks become one, such characters become escapes. An escape unknown to Jinja is a backslash, as in Python.
 */
function plainSource(match: string): string {
  if (/\s/.test(match.charAt(0))) {
    return ' ';
  }
  return match.replace(/\\[\s\S]|[\s{}%#]/g, (piece) => {
    if (piece.length === 1) {
      return `\\u${piece.charCodeAt(0).toString(16).padStart(4, '0')}`;
    }
    return knownEscapes.has(piece.charAt(1)) ? piece : `\\${piece}`;
  });
}

function parseSource(source: string): SyntaxTree {
  const tokens = tokenize(`{{${source}}}`);
  const inner = tokens.slice(1, -1);
  const closed = tokens[0]?.type === 'OpenExpression' && tokens.at(-1)?.type === 'CloseExpression';
  if (!closed || inner.length > maximumTokens || inner.some(({ type }) => structural.has(type))) {
    throw new SyntaxError('Not one expression');
  }
  const [statement] = parse(tokens).body;
  // The library types a parsed expression as a bare statement; restrict() refuses every kind it does not know.
  return statement as unknown as SyntaxTree;
}

const structural: ReadonlySet<string> = new Set([
  'Text',
  'Comment',
  'OpenStatement',
  'CloseStatement',
  'OpenExpression',
  'CloseExpression',
]);
