import { describe, expect, it } from 'vitest';
import { plainLine, safeText } from '../../src-main/cli/terminal-safe.ts';
import { hostileOutput } from '../renderer/hostile-output.ts';

const esc = '\u001b';
const colours = new RegExp(`${esc}\\[[\\d;]*m`, 'g');
const unsafe = /[\p{Cc}\p{Cf}\p{Surrogate}\u2028\u2029]/u;

describe('a foreign text inside a line of ours', () => {
  it('has no breaks, no colours and no sequences', () => {
    expect(plainLine(`two\r\nlines\t${esc}[31mred${esc}]0;x\u0007 \u202eturned`)).toBe('two lines red <U+202E>turned');
  });

  it.each(hostileOutput)('is harmless when it %s', (_name, sent, seen) => {
    const line = plainLine(sent);
    expect(line).toBe(seen.replaceAll(/\{[\d;]*\}/g, ''));
    expect(line).not.toMatch(unsafe);
  });

  it.each(['plain', 'é 日本 🐑👩‍🌾', '10% <b>'])('stays as it is when it is harmless: %j', (text) => {
    expect(plainLine(text)).toBe(text);
  });

  it('cannot write over what stands before it', () => {
    expect(plainLine('10%\b20%')).toBe('10% 20%');
  });

  it('shows half a character at its end as a mark', () => {
    expect(plainLine('a\ud83d')).toBe('a<U+D83D>');
  });
});

describe('a foreign text of several lines', () => {
  it.each(hostileOutput)('is harmless when it %s', (_name, sent, seen) => {
    const text = safeText(sent).replace(colours, '');
    expect(text).toBe(seen.replaceAll(/\{[\d;]*\}/g, ''));
    expect(text).not.toMatch(unsafe);
  });

  it('keeps its lines, tabs and colours', () => {
    const text = `a\tb\n${esc}[0;31mred${esc}[0m\n`;
    expect(safeText(text)).toBe(text);
  });

  it('ends its colours', () => {
    expect(safeText(`${esc}[31mred`)).toBe(`${esc}[0;31mred${esc}[0m`);
  });

  it('shows the lines behind a title that never ends, and lets no line be written over', () => {
    expect(safeText(`a${esc}]0;gone\nb\rc`)).toBe('a\nb c');
  });
});
