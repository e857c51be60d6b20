import { describe, expect, it } from 'vitest';
import { figureOf, isMissed, median } from './figure.ts';
import { floodLine, floodLines } from './flood-line.ts';
import { tableOf } from './table.ts';

describe('a figure', () => {
  it('is the middle of its rounds, whatever their order', () => {
    expect(median([30, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(() => median([])).toThrow('no values');
  });

  it('misses its bar when the median is above it, not when one round is', () => {
    const missed = (values: number[], bar?: number): boolean =>
      isMissed(figureOf({ name: 'start', unit: 'ms', values, ...(bar !== undefined && { bar }) }));
    expect(missed([9, 10, 99], 10)).toBe(false);
    expect(missed([9, 10.1, 99], 10)).toBe(true);
    expect(missed([99])).toBe(false);
  });

  it('has a longer bar on a slower machine, where its bar is a time of that machine', () => {
    const figure = figureOf({ name: 'start', unit: 'ms', values: [30], bar: 10, pace: 3.1 });
    expect(isMissed(figure)).toBe(false);
    expect(isMissed({ ...figure, pace: 2.9 })).toBe(true);
    expect(tableOf([figure])).toContain('ok ≤ 10 × 3.1');
  });

  it('is told as a multiple of its peer', () => {
    const peer = { name: 'spawn', values: [2, 4, 6] };
    expect(figureOf({ name: 'start', unit: 'ms', values: [10], peer }).peer).toMatchObject({ median: 4, ratio: 2.5 });
  });

  it('stands in a line of the table with its verdict', () => {
    const peer = { name: 'spawn', values: [4] };
    const figures = [
      figureOf({ name: 'start', unit: 'ms', values: [10, 12, 11], bar: 10, cpuMs: 7, peer }),
      figureOf({ name: 'memory', unit: 'MB', values: [120], bar: 160 }),
    ];
    expect(tableOf(figures).split('\n').slice(1)).toEqual([
      'start   11.0 ms  MISSED ≤ 10  10.0–12.0 (3)  7.0 ms  2.75 × spawn (4.0)',
      'memory   120 MB     ok ≤ 160    120–120 (1)',
      '',
    ]);
  });
});

describe('the flood', () => {
  it('has a line of its own for each number, as wide as the last one', () => {
    expect(floodLine(1)).toMatch(/^00000001 .*\n$/);
    expect(floodLine(floodLines)).toMatch(/^01000000 .*\n$/);
  });
});
