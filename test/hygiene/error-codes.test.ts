import { describe, expect, it } from 'vitest';
import { errorCodes } from '#contract/errors';
import { textOf } from './source-tree.ts';

/** First column of the table under "## Error codes". */
function codesInReadme(): string[] {
  const section = textOf('README.md').split(/^## Error codes$/m)[1] ?? '';
  const body = section.split(/^## /m)[0] ?? '';
  return [...body.matchAll(/^\|\s*`([^`]+)`/gm)].map((match) => match[1] ?? '');
}

describe('error codes', () => {
  it('are the same in the program and in the table of README.md', () => {
    expect(codesInReadme().toSorted()).toEqual([...errorCodes].toSorted());
  });

  it('are kebab-case', () => {
    expect(errorCodes.filter((code) => !/^[a-z]+(-[a-z0-9]+)*$/.test(code))).toEqual([]);
  });
});
