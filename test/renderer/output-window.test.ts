import { describe, expect, it } from 'vitest';
import {
  appendLines,
  emptyWindow,
  extendLines,
  pageSize,
  prependLines,
  type WindowState,
} from '../../src-renderer/features/run/output-window.ts';
import { lineOf, linesOf } from './sample-runs.ts';

const limits = { lines: 10, characters: 1_000 };
const windowOf = (first: number, last: number, change: Partial<WindowState> = {}): WindowState => ({
  ...emptyWindow,
  lines: linesOf(first, last),
  ...change,
});
const ends = (state: WindowState): [number | undefined, number | undefined] => [
  state.lines[0]?.seq,
  state.lines.at(-1)?.seq,
];

describe('the window of lines', () => {
  it('takes each line once, whatever comes again', () => {
    const { state, fresh } = appendLines(windowOf(1, 3), linesOf(2, 5), limits);
    expect(fresh.map((line) => line.seq)).toEqual([4, 5]);
    expect(ends(state)).toEqual([1, 5]);
  });

  it('lets the first lines go beyond its limit and says so', () => {
    const { state } = appendLines(windowOf(1, 8), linesOf(9, 12), limits);
    expect(ends(state)).toEqual([3, 12]);
    expect(state.atStart).toBe(false);
  });

  it('keeps few very long lines', () => {
    const long = linesOf(1, 5).map((line) => ({ ...line, text: 'x'.repeat(400) }));
    const { state } = appendLines(emptyWindow, long, limits);
    expect(ends(state)).toEqual([4, 5]);
  });

  it('keeps a line that is longer than all it may hold', () => {
    const { state } = appendLines(emptyWindow, [lineOf(1, { text: 'x'.repeat(5_000) })], limits);
    expect(ends(state)).toEqual([1, 1]);
  });

  it('takes nothing at its end while the end is not loaded', () => {
    const { state, fresh } = appendLines(windowOf(1, 5, { atEnd: false }), linesOf(90, 91), limits);
    expect(fresh).toEqual([]);
    expect(ends(state)).toEqual([1, 5]);
  });

  it('puts earlier lines in front and stays live while there is room', () => {
    const state = prependLines(windowOf(6, 9), { lines: linesOf(3, 6), more: true }, limits);
    expect(ends(state)).toEqual([3, 9]);
    expect([state.atStart, state.atEnd]).toEqual([false, true]);
  });

  it('lets the end go when earlier lines need the room', () => {
    const state = prependLines(windowOf(6, 14), { lines: linesOf(1, 5), more: false }, limits);
    expect(ends(state)).toEqual([1, 10]);
    expect([state.atStart, state.atEnd]).toEqual([true, false]);
  });

  it('is live again when the last page of later lines is there', () => {
    const state = extendLines(windowOf(1, 8, { atEnd: false }), { lines: linesOf(9, 12), more: false }, limits);
    expect(ends(state)).toEqual([3, 12]);
    expect([state.atStart, state.atEnd]).toEqual([false, true]);
  });

  it('asks for smaller pages of longer lines', () => {
    expect(pageSize(linesOf(1, 5))).toBe(5_000);
    expect(pageSize([lineOf(1, { text: 'x'.repeat(20_000) })])).toBe(100);
    expect(pageSize([lineOf(1, { text: 'x'.repeat(65_000) })])).toBe(50);
  });
});
