import { describe, expect, it } from 'vitest';
import { gutterWidth, type LineLayout, LineWriter, plainText } from '../../src-renderer/ui/terminal-lines.ts';
import { lineOf } from './sample-runs.ts';

const bare: LineLayout = { timestamps: false, lineNumbers: false, hostNames: null };
const ESC = '\u001B';

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const readable = (text: string): string => text.replaceAll(/\u001B\[([\d;]*)([mC])/g, (_all, a, b) => `{${a}${b}}`);

const write = (lines: ReturnType<typeof lineOf>[], layout = bare): string => {
  const writer = new LineWriter(layout);
  return readable(lines.map((line) => writer.write(line).text).join(''));
};

describe('the writer of terminal lines', () => {
  it('begins each line in a row of its own and leaves no empty row at the end', () => {
    expect(write([lineOf(1), lineOf(2)])).toBe('  line 1{0m}{0m}\r\n  line 2{0m}');
  });

  it('marks standard error by a sign and a colour', () => {
    expect(write([lineOf(1, { stream: 'err', text: 'oops' })])).toBe('{31m}▌{0m} oops{0m}');
  });

  it('lets colours end with their line and come back with the next line of the same stream', () => {
    const shown = write([
      lineOf(1, { text: `${ESC}[32mgreen` }),
      lineOf(2, { stream: 'err', text: 'plain' }),
      lineOf(3, { text: `still green${ESC}[0m` }),
      lineOf(4, { text: 'plain' }),
    ]);
    expect(shown).toBe(
      '  {0;32m}green{0m}{0m}\r\n{31m}▌{0m} plain{0m}{0m}\r\n  {0;32m}still green{0m}{0m}{0m}\r\n  plain{0m}',
    );
  });

  it('goes on with an open line in its row', () => {
    expect(write([lineOf(1, { text: 'one, ', open: true }), lineOf(2, { text: 'two' })])).toBe('  one, two{0m}');
  });

  it('takes an interrupted line up again behind an ellipsis', () => {
    const shown = write([
      lineOf(1, { text: 'asking', open: true }),
      lineOf(2, { stream: 'err', text: 'noise' }),
      lineOf(3, { text: ' answered' }),
    ]);
    expect(shown).toBe('  asking{0m}\r\n{31m}▌{0m} noise{0m}{0m}\r\n … answered{0m}');
  });

  it('brings a carriage return behind the gutter, so that no output can draw over it', () => {
    expect(write([lineOf(1, { text: '10%\r20%' })])).toBe('  10%\r{2C}20%{0m}');
    expect(write([lineOf(1, { text: '10%\r20%' })], { ...bare, lineNumbers: true })).toContain('\r{9C}20%');
  });

  it('drops backspaces that would reach the gutter', () => {
    expect(write([lineOf(1, { text: 'ab\b\b\b\bc' })])).toBe('  ab\b\bc{0m}');
    expect(write([lineOf(1, { text: 'e\u0301\b\b\bc' })])).toBe('  e\u0301\bc{0m}');
  });

  it('makes tabs as wide as they are without a gutter', () => {
    expect(write([lineOf(1, { text: 'a\tb' })])).toBe('  a       b{0m}');
    expect(write([lineOf(1, { text: '日本\tb' })])).toBe('  日本    b{0m}');
    expect(write([lineOf(1, { text: `${ESC}[31ma\tb` })])).toBe('  {0;31m}a       b{0m}');
  });

  it('counts on over the slices of one line', () => {
    expect(write([lineOf(1, { text: 'abc', open: true }), lineOf(2, { text: '\td' })])).toBe('  abc     d{0m}');
  });

  it('puts target, time and number in front of the line, as wide as the gutter is', () => {
    const layout = { timestamps: true, lineNumbers: true, hostNames: ['web-01', 'a-very-long-host-name'] };
    const shown = write([lineOf(7, { host: 1, text: 'x' })], layout).replaceAll(/\{[^}]*\}/g, '');
    expect(shown).toMatch(/^ {2}a-very-long-h… \d\d:\d\d:\d\d\.\d{3} {6}7 x$/);
    expect(shown.length - 1).toBe(gutterWidth(layout));
  });

  it('is not brought down by a line feed inside a line', () => {
    expect(write([lineOf(1, { text: 'a\nb' })])).toBe('  a\r\n{2C}b{0m}');
  });

  it('keeps streams of different targets apart', () => {
    const shown = write([
      lineOf(1, { host: 0, text: `${ESC}]0;half` }),
      lineOf(2, { host: 1, text: 'whole' }),
      lineOf(3, { host: 0, text: 'after' }),
    ]);
    expect(shown).toContain('whole');
    expect(shown).toContain('after');
  });
});

describe('plain text', () => {
  it('has no colours, keeps open lines together and gives half a sequence away', () => {
    const text = plainText([
      lineOf(1, { text: `${ESC}[31mred${ESC}[0m and`, open: true }),
      lineOf(2, { text: ' more\r' }),
      lineOf(3, { text: `${ESC}]52;c;?${ESC}\\safe` }),
    ]);
    expect(text).toBe('red and more\nsafe\n');
  });
});
