import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteWords } from '../../src-main/cli/quote-words.ts';

/** Words without NUL, as an argument can be, with a liking for what a shell would act on. */
const word = fc.oneof(
  fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0') && text.isWellFormed()),
  fc.constantFrom(
    '',
    "'",
    "''",
    '-rf',
    '$(id)',
    '`id`',
    '%',
    '!x',
    '\n',
    'A=b',
    'if',
    '~',
    '*',
    '\\',
    '"',
    ' ',
    '\r',
    'é',
    '🐑',
  ),
);

describe('quoted words', () => {
  it.each(['sh', 'bash'])('come back from %s byte for byte', (shell) => {
    const words = fc.sample(fc.array(word, { minLength: 1, maxLength: 20 }), { numRuns: 300, seed: 7 }).flat();
    const script = words.map((each) => `printf '%s\\0' ${quoteWords([each])}`).join('\n');
    const back = execFileSync(shell, { input: script, maxBuffer: 1 << 26 }).toString('utf8');
    expect(back).toBe(words.map((each) => `${each}\0`).join(''));
  });

  it('are joined by one blank', () => {
    expect(quoteWords(['ls', '-l', 'my file'])).toBe("'ls' '-l' 'my file'");
  });
});
