import type { OutputLine } from '#contract/run';
import { mostCharacters, mostLines } from '../../ui/terminal-limits.ts';

export type WindowState = {
  readonly lines: readonly OutputLine[];
  /** Nothing stands before the first line. */
  readonly atStart: boolean;
  /** New lines join at the end; false after looking so far back that the end had to go. */
  readonly atEnd: boolean;
};

export const emptyWindow: WindowState = { lines: [], atStart: true, atEnd: true };

type Limits = { readonly lines: number; readonly characters: number };

const usual: Limits = { lines: mostLines, characters: mostCharacters };

/** How many lines, from the given end, stay within the limits. */
function fitting(lines: readonly OutputLine[], end: 'first' | 'last', limits: Limits): number {
  const most = Math.min(lines.length, limits.lines);
  let characters = 0;
  for (let count = 0; count < most; count += 1) {
    characters += lines.at(end === 'first' ? count : -1 - count)?.text.length ?? 0;
    if (characters > limits.characters && count > 0) {
      return count;
    }
  }
  return most;
}

function keepLast(lines: readonly OutputLine[], limits: Limits): readonly OutputLine[] {
  const count = fitting(lines, 'last', limits);
  return count < lines.length ? lines.slice(-count) : lines;
}

/** Lines that came, once each and in order; those beyond the limits leave at the start. */
export function appendLines(
  state: WindowState,
  added: readonly OutputLine[],
  limits = usual,
): { state: WindowState; fresh: readonly OutputLine[] } {
  const last = state.lines.at(-1)?.seq ?? 0;
  const fresh = added.filter((line) => line.seq > last);
  if (fresh.length === 0 || !state.atEnd) {
    return { state, fresh: [] };
  }
  const all = [...state.lines, ...fresh];
  const lines = keepLast(all, limits);
  return { state: { ...state, lines, atStart: state.atStart && lines.length === all.length }, fresh };
}

/** Earlier lines; those beyond the limits leave at the end, and with them the view of what comes. */
export function prependLines(
  state: WindowState,
  earlier: { lines: readonly OutputLine[]; more: boolean },
  limits = usual,
): WindowState {
  const first = state.lines[0]?.seq ?? Number.POSITIVE_INFINITY;
  const all = [...earlier.lines.filter((line) => line.seq < first), ...state.lines];
  const count = fitting(all, 'first', limits);
  const cut = count < all.length;
  return { lines: cut ? all.slice(0, count) : all, atStart: !earlier.more, atEnd: state.atEnd && !cut };
}

/** Later lines of a window whose end had gone. */
export function extendLines(
  state: WindowState,
  later: { lines: readonly OutputLine[]; more: boolean },
  limits = usual,
): WindowState {
  const last = state.lines.at(-1)?.seq ?? 0;
  const all = [...state.lines, ...later.lines.filter((line) => line.seq > last)];
  const lines = keepLast(all, limits);
  return { lines, atStart: state.atStart && lines.length === all.length, atEnd: !later.more };
}

type Page = { readonly lines: readonly OutputLine[]; readonly more: boolean };

/** The lines before and behind a place, in place of those that were there; what came at their end meanwhile stays. */
export function windowAround(state: WindowState, before: Page, behind: Page): WindowState {
  const last = behind.lines.at(-1)?.seq ?? 0;
  const atEnd = !behind.more && state.atEnd;
  const since = atEnd ? state.lines.filter((line) => line.seq > last) : [];
  return { lines: [...before.lines, ...behind.lines, ...since], atStart: !before.more, atEnd };
}

/** Lines of a page so that it holds about two million characters, by what is known of their length. */
export function pageSize(lines: readonly OutputLine[]): number {
  const known = lines.slice(0, 200);
  const characters = known.reduce((sum, line) => sum + line.text.length, 0);
  const average = known.length === 0 ? 0 : characters / known.length;
  return Math.max(50, Math.min(5_000, Math.floor(2_000_000 / Math.max(1, average))));
}
