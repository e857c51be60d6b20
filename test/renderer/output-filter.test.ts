import { describe, expect, it } from 'vitest';
import { OutputFilter } from '#contract/output-filter';
import { hostileOutput } from './hostile-output.ts';

const ESC = '\u001B';

// oxlint-disable no-control-regex -- control characters are what is looked for

/** Colours are written as {31}, and {0} before the first colour says nothing. */
const visible = (text: string): string => text.replaceAll(/\u001B\[([\d;]*)m/g, (_all, codes) => `{${codes}}`);

const withoutIdleResets = (text: string): string =>
  text.replaceAll('{0}', '').includes('{') ? text : text.replaceAll('{0}', '');

const show = (...pieces: string[]): string => {
  const filter = new OutputFilter();
  return pieces.map((piece) => filter.push(piece)).join('');
};

const acts = (text: string): boolean =>
  /[\u0000-\u0007\u000B\u000C\u000E-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/.test(
    text.replaceAll(/\u001B\[(0|[1-4790-9;]*)m/g, ''),
  ) || /\u001B\[[\d;]*\b(5|6|8)m/.test(text.replaceAll(/[34]8;(5;\d+|2;\d+;\d+;\d+)/g, ''));

describe('the output filter', () => {
  it('knows at least 80 hostile sequences', () => {
    expect(hostileOutput.length).toBeGreaterThanOrEqual(80);
  });

  it.each(hostileOutput)('is not led when output %s', (_name, sent, seen) => {
    const shown = show(sent);
    expect(withoutIdleResets(visible(shown))).toBe(seen);
    expect(acts(shown)).toBe(false);
  });

  it.each(hostileOutput)('shows the same when it is cut anywhere while output %s', (_name, sent) => {
    const whole = show(sent);
    for (let cut = 1; cut < sent.length; cut += 1) {
      expect(show(sent.slice(0, cut), sent.slice(cut))).toBe(whole);
    }
    expect(show(...sent.split(''))).toBe(whole);
  });

  it('has a check that sees a sequence that would act', () => {
    expect([`${ESC}[2J`, `${ESC}]0;x`, '\u009B6n', '\u202E', `${ESC}[8m`, '\u0007'].map(acts)).toEqual(
      Array(6).fill(true),
    );
  });

  it('keeps text, tabs, line ends, carriage returns and backspaces as they are', () => {
    const text = 'größe\t日本 👍 e\u0301\r\n50%\r51%\b\b';
    expect(show(text)).toBe(text);
  });

  it.each([
    [`${ESC}[31mred${ESC}[0m`, '{0;31}red{0}'],
    [`${ESC}[1;4;7;9mx`, '{0;1;4;7;9}x'],
    [`${ESC}[1m${ESC}[31mx${ESC}[22my`, '{0;1}{0;1;31}x{0;31}y'],
    [`${ESC}[m`, '{0}'],
    [`${ESC}[38;5;200mx`, '{0;38;5;200}x'],
    [`${ESC}[48;2;1;2;3mx`, '{0;48;2;1;2;3}x'],
    [`${ESC}[38:2::1:2:3mx`, '{0;38;2;1;2;3}x'],
    [`${ESC}[38:2:1:2:3mx`, '{0;38;2;1;2;3}x'],
    [`${ESC}[38:5:9;1mx`, '{0;1;38;5;9}x'],
    [`${ESC}[58;5;9;1mx`, '{0;1}x'],
    [`${ESC}[38;5;999mx`, '{0}x'],
    [`${ESC}[4:3mx${ESC}[4:0my`, '{0;4}x{0}y'],
    [`${ESC}[91;102mx${ESC}[39;49my`, '{0;91;102}x{0}y'],
    ['\u009B32mx', '{0;32}x'],
  ])('keeps colours: %j', (sent, seen) => {
    expect(visible(show(sent))).toBe(seen);
  });

  it('shows what follows an unfinished string after the end of its line', () => {
    const filter = new OutputFilter();
    filter.push(`before ${ESC}]0;open`);
    filter.endLine();
    expect(filter.push('after')).toBe('after');
  });

  it('swallows at most 4096 characters of a string without an end', () => {
    const shown = show(`${ESC}]0;${'x'.repeat(5_000)}`);
    expect(shown.length).toBeGreaterThan(900);
    expect(shown.length).toBeLessThan(1_000);
  });

  it('remembers the colours of its stream for the next line and knows when there are none', () => {
    const filter = new OutputFilter();
    filter.push(`${ESC}[31mred`);
    filter.endLine();
    expect(visible(filter.colours)).toBe('{0;31}');
    filter.push(`${ESC}[0m`);
    expect(filter.colours).toBe('');
  });

  it('keeps all colours in a state of its own: a second colour does not lose the first style', () => {
    expect(visible(show(`${ESC}[1;31m`, `${ESC}[32mx`))).toBe('{0;1;31}{0;1;32}x');
  });

  it('lets nothing write over what stands in the line where that is not allowed', () => {
    const filter = new OutputFilter({ overwrite: false });
    expect(filter.push('10%\r20%\b\tx\r')).toBe('10% 20% \tx ');
    expect(filter.push('\nnext')).toBe('\nnext');
  });

  it.each([`${ESC}[${ESC}[2Jx`, `${ESC}${ESC}]0;a\u0007x`, `${ESC}]0;${ESC}[31m${ESC}[0mx`])(
    'does not take a sequence out of another: %j',
    (sent) => {
      expect(show(sent).replaceAll(/\u001B\[[\d;]*m/g, '')).toBe('x');
    },
  );

  it('reads a megabyte of plain text in a moment', () => {
    const began = performance.now();
    show('x'.repeat(99).concat('\n').repeat(10_000));
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});
