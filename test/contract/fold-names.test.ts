import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldNames } from '#contract/fold-names';

/** What a node set stands for, read independently of how it is written. */
function unfold(folded: string): string[] {
  return (folded.match(/(?:\[[^\]]*\]|[^,[])+/g) ?? []).flatMap((item) => {
    const [, before = '', ranges, after = ''] = /^([^[]*)\[([^\]]*)\](.*)$/.exec(item) ?? [];
    return ranges === undefined
      ? [item]
      : ranges.split(',').flatMap((range) => {
          const [from = '', to = from] = range.split('-');
          const width = from.startsWith('0') && from.length > 1 ? from.length : 0;
          return Array.from(
            { length: Number(to) - Number(from) + 1 },
            (_, index) => `${before}${String(Number(from) + index).padStart(width, '0')}${after}`,
          );
        });
  });
}

const twenty = Array.from({ length: 20 }, (_, index) => `web${String(index + 1).padStart(2, '0')}`);

describe('a node set', () => {
  it.each([
    [[...twenty, 'db1'], 'web[01-20],db1'],
    [['web1', 'web2', 'web3', 'web5'], 'web[1-3,5]'],
    [['db1', 'web9', 'web10', 'web11'], 'db1,web[9-11]'],
    [['n08', 'n09', 'n10', 'n100'], 'n[08-10],n100'],
    [['n1', 'n01'], 'n1,n01'],
    [['web1.dc2.example.org', 'web2.dc2.example.org'], 'web[1-2].dc2.example.org'],
    [['10.0.0.1', '10.0.0.2', '10.0.1.1'], '10.0.0.[1-2],10.0.1.1'],
    [['b', 'a'], 'b,a'],
    [['web1', 'web1'], 'web1'],
    [[], ''],
    [['n99999999999999998', 'n99999999999999999'], 'n99999999999999998,n99999999999999999'],
  ])('of %j is %s', (names, folded) => {
    expect(foldNames(names)).toBe(folded);
  });

  it('stands for exactly its names', () => {
    const part = fc.constantFrom('web', 'db', '-', '.', '0', '00', '1', '7', '08', '9', '10', '99', '100');
    const name = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 40 }), (names) => {
        expect(unfold(foldNames(names)).toSorted()).toEqual(names.toSorted());
      }),
    );
  });
});
