import { describe, expect, it } from 'vitest';
import { plainLine, TerminalFilter } from '../../src-main/cli/terminal-safe.ts';

const esc = '\u001b';
const harmless = [
  'plain',
  `${esc}[31mred${esc}[0m`,
  `${esc}[38;5;196mx${esc}[m`,
  `${esc}[4:3mcurly`,
  'tab\there',
  'é 日本 🐑👩‍🌾',
];

const hostile = [
  ['a title', `${esc}]0;gone\u0007`],
  ['a title ended by ST', `${esc}]2;gone${esc}\\`],
  ['the clipboard', `${esc}]52;c;Z29uZQ==\u0007`],
  ['a link', `${esc}]8;;http://x${esc}\\`],
  ['C1 OSC', '\u009d0;gone\u009c'],
  ['DCS', `${esc}P+q544e${esc}\\`],
  ['C1 DCS', '\u0090$q"p\u009c'],
  ['APC', `${esc}_gone${esc}\\`],
  ['PM', `${esc}^gone${esc}\\`],
  ['SOS', `${esc}Xgone${esc}\\`],
  ['a screen title', `${esc}kgone${esc}\\`],
  ['clearing the screen', `${esc}[2J`],
  ['moving the cursor', `${esc}[1;1H`],
  ['moving up', `${esc}[5A`],
  ['C1 CSI', '\u009b2J'],
  ['a device report', `${esc}[6n`],
  ['device attributes', `${esc}[c`],
  ['a private mode', `${esc}[?1049h`],
  ['the title report', `${esc}[21t`],
  ['key modes', `${esc}[>4;2m`],
  ['a cursor shape', `${esc}[5 q`],
  ['a reset', `${esc}c`],
  ['a character set', `${esc}(0`],
  ['eight bit controls', `${esc} G`],
  ['a saved cursor', `${esc}7`],
  ['shift out', '\u000e'],
  ['a bell', '\u0007'],
  ['answerback', '\u0005'],
  ['vertical tab', '\u000b'],
  ['next line', '\u0085'],
] as const;

const filtered = (...pieces: string[]): string => {
  const filter = new TerminalFilter({ overwrite: true });
  return pieces.map((piece) => filter.push(piece)).join('');
};

describe('the terminal filter', () => {
  it.each(harmless)('leaves %j as it is', (text) => {
    expect(filtered(text)).toBe(text);
  });

  it.each(hostile)('drops %s', (_name, sequence) => {
    expect(filtered(`a${sequence}b`)).toBe('ab');
  });

  it.each(hostile)('drops %s however it is cut', (_name, sequence) => {
    const whole = `a${sequence}b`;
    for (let cut = 1; cut < whole.length; cut += 1) {
      expect(filtered(whole.slice(0, cut), whole.slice(cut))).toBe('ab');
    }
    expect(filtered(...Array.from(whole))).toBe('ab');
  });

  it.each([
    ['\u202e', '<U+202E>'],
    ['\u2066', '<U+2066>'],
    ['\u200b', '<U+200B>'],
    ['\u{e0041}', '<U+E0041>'],
  ])('shows %j as a mark', (char, mark) => {
    expect(filtered(`a${char}b`)).toBe(`a${mark}b`);
  });

  it('shows what stands behind a title that never ends', () => {
    const filter = new TerminalFilter({ overwrite: true });
    expect(filter.push(`${esc}]0;swallowed`)).toBe('');
    filter.endLine();
    expect(filter.push('next line')).toBe('next line');
    expect(filtered(`${esc}]0;${'x'.repeat(5_000)}seen`)).toMatch(/seen$/);
  });

  it('does not take a sequence out of another', () => {
    expect(filtered(`${esc}[${esc}[2Jx`)).toBe('x');
    expect(filtered(`${esc}${esc}]0;x\u0007y`)).toBe('y');
    expect(filtered(`${esc}]0;${esc}[31mred`)).toBe(`${esc}[31mred`);
  });

  it('knows whether a colour is still on', () => {
    const filter = new TerminalFilter({ overwrite: true });
    filter.push(`${esc}[1;31m`);
    expect(filter.styled).toBe(true);
    filter.push(`${esc}[0m`);
    expect(filter.styled).toBe(false);
  });

  it('lets carriage return and backspace through only where they may write over something', () => {
    expect(filtered('10%\r20%\b')).toBe('10%\r20%\b');
    expect(new TerminalFilter({ overwrite: false }).push('10%\r20%\b')).toBe('10% 20% ');
  });
});

describe('a foreign text inside a line of ours', () => {
  it('has no breaks, no colours and no sequences', () => {
    expect(plainLine(`two\r\nlines\t${esc}[31mred${esc}]0;x\u0007 \u202eturned`)).toBe('two lines red <U+202E>turned');
  });
});
