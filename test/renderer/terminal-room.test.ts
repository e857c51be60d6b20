import { describe, expect, it } from 'vitest';
import { placeBelow } from '../../src-renderer/ui/place-below.ts';
import { cellsOf, mostLines, RowBudget, unwrappedColumns } from '../../src-renderer/ui/terminal-limits.ts';
import { indexFrom, linesFromRow, rowFromLines } from '../../src-renderer/ui/terminal-place.ts';

describe('room in the terminal', () => {
  it('counts the rows that wrapped lines take', () => {
    const budget = new RowBudget();
    budget.columns = 80;
    [10, 80, 81, 400, 0].forEach((cells) => budget.add(cells));
    expect(budget.rows).toBe(1 + 1 + 2 + 5 + 1);
    budget.columns = 40;
    expect(budget.rows).toBe(1 + 2 + 3 + 10 + 1);
  });

  it('counts only the lines that are kept', () => {
    const budget = new RowBudget();
    budget.add(8_000);
    for (let line = 0; line < mostLines; line += 1) {
      budget.add(1);
    }
    expect([budget.lines, budget.rows]).toEqual([mostLines, mostLines]);
    budget.clear();
    expect([budget.lines, budget.rows]).toEqual([0, 0]);
  });

  it('never counts too few cells', () => {
    expect(cellsOf('abc')).toBe(3);
    expect(cellsOf('a\tb\t')).toBeGreaterThanOrEqual(16);
    expect(cellsOf('日本')).toBeGreaterThanOrEqual(4);
  });

  it('is as wide as the longest line where memory allows', () => {
    expect(unwrappedColumns(100, 50, 10)).toBe(100);
    expect(unwrappedColumns(100, 500, 10)).toBe(501);
    expect(unwrappedColumns(100, 50_000, 10)).toBe(2_000);
    expect(unwrappedColumns(100, 50_000, 20_000)).toBe(600);
  });
});

describe('places in the terminal', () => {
  // Lines begin at rows 0, 1, 4 and 5; the second takes three rows.
  const wrapped = [false, false, true, true, false, false];
  const rows = { length: wrapped.length, getLine: (y: number) => ({ isWrapped: wrapped[y] ?? false }) };

  it('are found by the number of lines below them', () => {
    expect([0, 1, 3, 4, 5].map((row) => linesFromRow(rows, row))).toEqual([4, 3, 2, 2, 1]);
    expect([4, 3, 2, 1, 9].map((lines) => rowFromLines(rows, lines))).toEqual([0, 1, 4, 5, 0]);
  });

  it('are found by the number of a line', () => {
    expect([1, 5, 6, 9, 10].map((seq) => indexFrom([1, 5, 9], seq))).toEqual([0, 1, 2, 2, 3]);
  });
});

describe('a dropdown', () => {
  const screen = { width: 400, height: 300 };
  const box = { width: 200, height: 100 };

  it('opens below its trigger, inside the window', () => {
    const trigger = { left: 350, right: 390, top: 20, bottom: 40 };
    expect(placeBelow(trigger, box, { align: 'start', screen })).toMatchObject({ left: 192, top: 44 });
    expect(placeBelow(trigger, box, { align: 'end', screen })).toMatchObject({ left: 190, top: 44 });
  });

  it('opens above where there is more room', () => {
    const trigger = { left: 10, right: 50, top: 250, bottom: 270 };
    expect(placeBelow(trigger, box, { align: 'start', screen })).toMatchObject({ left: 10, top: 146 });
  });
});
