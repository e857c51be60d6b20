import { describe, expect, it } from 'vitest';
import { sinceTime } from '../../src-main/cli/option-values.ts';
import { tableLines } from '../../src-main/cli/table.ts';
import { cutText, padText, textWidth } from '../../src-main/cli/text-width.ts';
import { agoText, durationText, runSummary } from '../../src-main/cli/wording.ts';
import { noCounts, sampleRun } from './sample-runs.ts';

describe('durations and ages', () => {
  it.each([
    [0, '0 ms'],
    [21.4, '21 ms'],
    [100, '0.1 s'],
    [349, '0.3 s'],
    [59_940, '59.9 s'],
    [59_990, '1 min 00 s'],
    [65_000, '1 min 05 s'],
    [7_500_000, '2 h 05 min'],
  ])('%i ms is %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });

  it.each([
    [-5, 'now'],
    [4, 'now'],
    [5, '5 s ago'],
    [60, '1 min ago'],
    [7_200, '2 h ago'],
    [90_000, '1 d ago'],
  ])('%i s ago is %s', (seconds, text) => {
    expect(agoText(0, seconds * 1_000)).toBe(text);
  });

  it.each([
    ['30m', 1_000_000_000 - 1_800_000],
    ['7d', 1_000_000_000 - 604_800_000],
    ['99w', 0],
    ['1970-01-05T00:00:00Z', 345_600_000],
  ])('since %s is %i', (text, at) => {
    expect(sinceTime(text, 1_000_000_000)).toBe(at);
  });

  it('takes a day alone for the midnight of this machine', () => {
    expect(sinceTime('2026-11-20', 0)).toBe(new Date(2026, 10, 20).getTime());
  });
});

describe('the summary of a run', () => {
  it('counts only where there is more than one target', () => {
    expect(runSummary(sampleRun())).toBe('#12 success, 1 target, 0.3 s');
    const counts = { ...noCounts, total: 10, success: 7, failed: 2, timeout: 1 };
    expect(runSummary(sampleRun({ counts, status: 'failed', reason: 'Stopped' }))).toBe(
      '#12 failed, 10 targets (7 success, 2 failed, 1 timed out), 0.3 s – Stopped',
    );
  });
});

describe('columns', () => {
  it('counts what a terminal shows, not characters', () => {
    expect(textWidth('日本')).toBe(4);
    expect(textWidth('e\u0301')).toBe(1);
    expect(textWidth('🐑')).toBe(2);
    expect(padText('日', 4)).toBe('日  ');
  });

  it.each([
    ['short', 5, 'short'],
    ['longer', 5, 'long…'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
    ['x', 0, ''],
  ])('cuts %s to %i columns', (text, columns, cut) => {
    expect(cutText(text, columns)).toBe(cut);
  });

  it('are as wide as their widest cell, and only the last one is cut', () => {
    const rows = [
      [{ text: '1' }, { text: 'a long text in the last column' }],
      [{ text: '1000' }, { text: 'x' }],
    ];
    expect(tableLines(rows, { head: ['NO', 'WHAT'], columns: 20 })).toEqual([
      'NO    WHAT',
      '1     a long text i…',
      '1000  x',
    ]);
  });
});
