import { describe, expect, it } from 'vitest';
import { scriptTypes } from '#contract/run';
import { checkScriptText, normaliseNewlines } from '../../../src-main/task-types/script/script-text.ts';

describe('normaliseNewlines', () => {
  it.each(scriptTypes)('leaves no CR in a %s script, unless its interpreter wants CRLF', (type) => {
    const text = 'a\r\nb\rc\n\r\n\r\r\nd\n\r';
    const expected = type === 'bat' || type === 'powershell' ? text : 'a\nb\nc\n\n\n\nd\n\n';
    expect(normaliseNewlines(type, text)).toBe(expected);
    expect(normaliseNewlines(type, expected)).toBe(expected);
  });
});

describe('checkScriptText', () => {
  it.each(['', ' ', '\n', '\r\n\t \n', '\ufeff'])('refuses the blank text %j', (text) => {
    expect(() => checkScriptText(text)).toThrow(expect.objectContaining({ code: 'script-empty' }));
  });

  it('refuses NUL and says where', () => {
    expect(() => checkScriptText('a\r\nb\n\0')).toThrow(
      expect.objectContaining({ code: 'script-nul', detail: { line: 3 } }),
    );
  });

  it('allows 5 MiB of UTF-8 and not a byte more', () => {
    const limit = 5 * 1024 * 1024;
    for (const [full, over] of [
      ['x'.repeat(limit), 'x'.repeat(limit + 1)],
      ['é'.repeat(limit / 2), `${'é'.repeat(limit / 2)}x`],
    ] as const) {
      expect(() => checkScriptText(full)).not.toThrow();
      expect(() => checkScriptText(over)).toThrow(
        expect.objectContaining({ code: 'script-too-large', detail: { bytes: limit + 1, limit } }),
      );
    }
  });

  it.each(['#', 'echo\n', '\ufeffecho'])('allows %j', (text) => {
    expect(() => checkScriptText(text)).not.toThrow();
  });
});
