import { describe, expect, it } from 'vitest';
import { plainText } from '#adapters/electron/plain-text';
import { endInWords, progressOf, runsInWords, titleOf } from '#adapters/electron/run-words';
import { countsOf, runOf } from '../../renderer/sample-runs.ts';

describe('foreign text on the desktop', () => {
  it('is one line without sequences, markup or a turned reading direction, and not longer than asked', () => {
    expect(plainText('a\r\nb\tc', 20)).toBe('a b c');
    expect(plainText('\u001b[31mred\u001b[0m \u001b]0;title\u0007x', 40)).toBe('red x');
    expect(plainText('<b>bold</b><img src=x>', 40)).toBe('‹b›bold‹/b›‹img src=x›');
    expect(plainText('abc\u202edef', 40)).not.toContain('\u202e');
    expect(plainText('x'.repeat(10_000), 80)).toHaveLength(80);
    expect(plainText('😀'.repeat(100), 10).isWellFormed()).toBe(true);
  });
});

describe('the runs of the question of Quit', () => {
  it('are named by number, name, targets and how far they are', () => {
    const run = runOf({
      no: 12,
      name: 'deploy',
      firstTarget: 'web1',
      counts: countsOf({ total: 5, success: 2, failed: 1 }),
    });
    expect(runsInWords([run], 1)).toBe('#12 deploy\n    on web1 and 4 more targets, 3 of 5 done');
    expect(runsInWords([runOf({ no: 3, name: '' })], 1)).toBe('#3 uptime\n    on local, 0 of 1 done');
  });

  it('are five at the most, and the rest is a number', () => {
    const many = Array.from({ length: 9 }, (_, index) => runOf({ no: index + 1 }));
    expect(runsInWords(many, 30).split('\n')).toHaveLength(11);
    expect(runsInWords(many, 30)).toContain('and 25 more');
    expect(runsInWords(many.slice(0, 5), 5)).not.toContain('more');
    expect(runsInWords([], 2)).toBe('and 2 more');
  });

  it('cannot write lines of their own', () => {
    const text = runsInWords([runOf({ name: 'a\n\nQuit now\u001b[2J', firstTarget: '<b>x</b>' })], 1);
    expect(text.split('\n')).toHaveLength(2);
    for (const sign of ['<', '>', '\u001b']) {
      expect(text).not.toContain(sign);
    }
  });
});

describe('the notification of an ended run', () => {
  const failing = runOf({
    no: 7,
    name: 'deploy',
    status: 'failed',
    counts: countsOf({ total: 5, failed: 1, timeout: 1, success: 3 }),
  });

  it('says which run, how it ended, how many failed and the first line of the first error', () => {
    expect(endInWords(failing, { host: { name: 'web1', message: 'Exit code 3' }, line: 'disk full' })).toEqual({
      title: '#7 deploy failed',
      body: '2 of 5 targets failed\nweb1: disk full',
    });
    expect(endInWords(failing, { host: { name: 'web1', message: 'Exit code 3' }, line: undefined }).body).toContain(
      'web1: Exit code 3',
    );
  });

  it('tells a success, a tolerated failure and a cancelled run apart', () => {
    const none = { host: undefined, line: undefined };
    const well = runOf({ no: 1, status: 'success', counts: countsOf({ total: 3, success: 3 }) });
    expect(endInWords(well, none)).toEqual({ title: '#1 uptime succeeded', body: 'All 3 targets succeeded' });
    const tolerated = runOf({ status: 'success', counts: countsOf({ total: 3, success: 2, failed: 1 }) });
    expect(endInWords(tolerated, none).body).toBe('1 of 3 targets failed, which the run tolerates');
    const cancelled = runOf({ status: 'cancelled', counts: countsOf({ total: 3, success: 1, cancelled: 2 }) });
    expect(endInWords(cancelled, none)).toEqual({
      title: '#1 uptime was cancelled',
      body: '1 of 3 targets had succeeded',
    });
  });
});

describe('the progress of all live runs', () => {
  it('is the share of their targets that have a result, and none when nothing runs', () => {
    const half = runOf({ counts: countsOf({ total: 4, success: 1, skipped: 1 }) });
    expect(progressOf([half, runOf({ counts: countsOf({ total: 4 }) })])).toBe(0.25);
    expect(progressOf([])).toBeNull();
  });

  it('stands beside a title that is safe in a menu', () => {
    expect(titleOf(runOf({ no: 2, name: ' <i>x</i>\n' }))).toBe('#2 ‹i›x‹/i›');
  });
});
