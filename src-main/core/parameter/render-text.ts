import { DroverError } from '#contract/errors';
import { evaluate, WorkBudget } from './evaluate.ts';
import { nameOffset } from './find-parameters.ts';
import { lineBreaks } from './line-breaks.ts';
import { ExpressionError, maximumTextBytes, type ParameterValue } from './parameter-value.ts';
import { type Piece, scanText } from './scan-text.ts';

type ExpressionPiece = Extract<Piece, { kind: 'expression' }>;

/**
 * The text with every `{{ … }}` that is an expression replaced by what it stands for; all else stays byte for byte,
 * and values are never scanned again. Throws `bad-parameter` for an undeclared name (`detail: { name, line }`) or an
 * expression without a value (`detail: { line }`), and `too-large` beyond 5 MB. No message holds a value.
 */
export function renderText(text: string, values: ReadonlyMap<string, ParameterValue>): string {
  const parts: string[] = [];
  const rendered = new Map<string, string>();
  const context = { values, budget: new WorkBudget() };
  let copied = 0;
  let length = 0;
  for (const piece of scanText(text)) {
    if (piece.kind === 'left-alone') {
      continue;
    }
    const value = rendered.get(piece.content) ?? renderPiece(piece, text, context);
    rendered.set(piece.content, value);
    parts.push(text.slice(copied, piece.start), value);
    length += piece.start - copied + value.length;
    copied = piece.end;
    if (length > maximumTextBytes) {
      throw tooLarge();
    }
  }
  const result = parts.join('') + text.slice(copied);
  if (new TextEncoder().encode(result).length > maximumTextBytes) {
    throw tooLarge();
  }
  return result;
}

type Context = { readonly values: ReadonlyMap<string, ParameterValue>; readonly budget: WorkBudget };

function renderPiece(piece: ExpressionPiece, text: string, { values, budget }: Context): string {
  const { expression, content, start } = piece;
  const lineAt = (offset: number) => 1 + lineBreaks(text.slice(0, offset));
  const missing = expression.names.find((name) => !values.has(name));
  if (missing !== undefined) {
    const line = lineAt(start + 2 + nameOffset(content, missing));
    throw badParameter(`the parameter “${missing}” is not declared`, { name: missing, line });
  }
  if (expression.problem !== null) {
    throw badParameter(expression.problem, { line: lineAt(start) });
  }
  try {
    budget.spend(lengthOfUsed(content, values));
    return evaluate(expression, values, budget);
  } catch (error) {
    if (error instanceof ExpressionError) {
      throw badParameter(error.message, { line: lineAt(start) });
    }
    if (error instanceof RangeError) {
      throw tooLarge();
    }
    throw error;
  }
}

/** Characters of all parameters an expression reads, each as often as it names it: a slice or `in` walks through all. */
function lengthOfUsed(content: string, values: ReadonlyMap<string, ParameterValue>): number {
  const words = content.match(/\w+/g) ?? [];
  return words.reduce((sum, word) => {
    const value = values.get(word);
    return (
      sum +
      (typeof value === 'object' ? value.reduce((all, { length }) => all + length, 0) : String(value ?? '').length)
    );
  }, 0);
}

function badParameter(reason: string, detail: { line: number; name?: string }): DroverError {
  return new DroverError('bad-parameter', `Line ${detail.line}: ${reason}.`, { detail });
}

function tooLarge(): DroverError {
  return new DroverError('too-large', 'The text with its parameters filled in would be larger than 5 MB.', {
    detail: { limit: maximumTextBytes },
  });
}
