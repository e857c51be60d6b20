import { describe, expect, it } from 'vitest';
import { contract } from '#contract';

describe('a change of some fields', () => {
  it('holds exactly what was said, so that everything else stays', () => {
    expect(contract['target.update'].input.parse({ id: 'a', rev: 1, change: { address: 'x' } }).change).toEqual({
      address: 'x',
    });
    expect(contract['credential.update'].input.parse({ id: 'a', rev: 1, change: { name: 'x' } }).change).toEqual({
      name: 'x',
    });
    expect(contract['target.import'].input.parse({ text: '', defaults: { user: 'anna' } }).defaults).toEqual({
      user: 'anna',
    });
  });
});
