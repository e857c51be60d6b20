import { describe, expect, it } from 'vitest';
import { compileRegex } from '#core/search/compile-regex';

function stepsOf(source: string): number {
  const regex = compileRegex(source);
  return 'problem' in regex ? Number.NaN : regex.programSize();
}

describe('an expression', () => {
  it('matches anywhere in a text, in upper and lower case', () => {
    const regex = compileRegex('b[0-9]$');
    expect('problem' in regex ? regex : [regex.test('WEB1'), regex.test('web1x')]).toEqual([true, false]);
  });

  it('has steps in proportion to its length, so that each text takes time in proportion to its own', () => {
    for (const hostile of ['(x+x+)+', '(a|a)*', '(.*)', 'x?', '[^a]+']) {
      expect(stepsOf(hostile.repeat(50))).toBeLessThanOrEqual(50 * stepsOf(hostile));
    }
  });

  it.each(['(a)\\1', '(?=a)', '(?<!a)', 'a{1001}', '((a{100}){100}){100}', '(', '('.repeat(999), 'a'.repeat(1001)])(
    'cannot be one that needs more than linear time or is none: %.30s',
    (source) => {
      expect(compileRegex(source)).toEqual({ problem: expect.stringMatching(/^.{5,}$/) });
    },
  );
});
