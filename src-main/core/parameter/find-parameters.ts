import { lineBreaks } from './line-breaks.ts';
import { scanText } from './scan-text.ts';

/** Lines count from 1. */
export type FoundParameters = {
  /** Each name once, at its first use. */
  readonly names: readonly { readonly name: string; readonly line: number }[];
  /** Each `{{ … }}` that is no expression of ours, in order; long ones are cut for display. */
  readonly leftAlone: readonly { readonly text: string; readonly line: number }[];
  /** What would make rendering fail whatever the values. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
};

const shownLength = 200;

/** What the `{{ … }}` of a text ask for. Takes linear time; throws `too-large` beyond 10 000 different ones. */
export function findParameters(text: string): FoundParameters {
  const names = new Map<string, number>();
  const leftAlone: { text: string; line: number }[] = [];
  const problems: { line: number; message: string }[] = [];
  let line = 1;
  let counted = 0;
  for (const piece of scanText(text)) {
    line += lineBreaks(text.slice(counted, piece.start));
    counted = piece.start;
    if (piece.kind === 'left-alone') {
      const whole = text.slice(piece.start, piece.end);
      leftAlone.push({ text: whole.length > shownLength ? `${whole.slice(0, shownLength)}…` : whole, line });
      continue;
    }
    for (const name of piece.expression.names) {
      if (!names.has(name)) {
        names.set(name, line + lineBreaks(piece.content.slice(0, nameOffset(piece.content, name))));
      }
    }
    if (piece.expression.problem !== null) {
      problems.push({ line, message: piece.expression.problem });
    }
  }
  return { names: [...names].map(([name, firstLine]) => ({ name, line: firstLine })), leftAlone, problems };
}

/** Where a name stands in an expression that may run over several lines. */
export function nameOffset(content: string, name: string): number {
  for (const match of content.matchAll(/'(?:\\[\s\S]|[^'\\])*'|"(?:\\[\s\S]|[^"\\])*"|\w+/g)) {
    if (match[0] === name) {
      return match.index;
    }
  }
  return 0;
}
