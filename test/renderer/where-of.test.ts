import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TargetName } from '#contract/target';
import { parseSearch } from '#core/search/parse-search';
import { isNameList, quotedName, whereOf, withName } from '../../src-renderer/ui/where-of.ts';

const names = fc.stringMatching(/^[A-Za-z0-9_]([A-Za-z0-9._ -]{0,20}[A-Za-z0-9_])?$/);

describe('a selector that is written by choosing', () => {
  it('reads each name as the engine does: as that name and nothing else', () => {
    fc.assert(
      fc.property(names, (name) => {
        expect(TargetName.safeParse(name).success).toBe(true);
        expect(parseSearch(quotedName(name)).terms).toMatchObject([
          { not: false, field: null, any: [{ kind: 'word', text: name }] },
        ]);
      }),
    );
  });

  it('means every chosen name and no other', () => {
    fc.assert(
      fc.property(fc.uniqueArray(names, { minLength: 1 }), (chosen) => {
        const selector = chosen.reduce(withName, '');
        const [term, ...more] = parseSearch(selector).terms;
        const rest = chosen[0] === 'local' && chosen.length > 1 ? chosen.slice(1) : chosen;
        expect(more).toEqual([]);
        expect(term?.any.map((pattern) => (pattern.kind === 'word' ? pattern.text : pattern))).toEqual(rest);
      }),
    );
  });

  it.each([
    ['', 'web1', 'web1'],
    ['local', 'web1', 'web1'],
    ['web1', 'local', 'web1,local'],
    ['web1 , ', 'db server 1', 'web1,"db server 1"'],
    ['web1,"db server 1"', 'db server 1', 'web1,"db server 1"'],
    ['web1', '10.0.0.1-20', 'web1,"10.0.0.1-20"'],
    ['tag:web !tag:canary', 'web1', 'web1'],
    ['web1 web2', 'web3', 'web3'],
  ])('%j with %j is %j', (selector, name, result) => {
    expect(withName(selector, name)).toBe(result);
  });

  it('tells names from conditions, behind which a comma would widen the condition', () => {
    expect(['web1', '"a b",web*', 'web1，web2', 'web[1,2]'].every(isNameList)).toBe(true);
    expect(['', 'tag:a', '!web1', 'a b', '"open', '/re/'].some(isNameList)).toBe(false);
  });
});

describe('the places of an earlier run', () => {
  it('are named by their hosts when the selector was cut', () => {
    const hosts = [
      { name: 'web1', targetId: 'a' },
      { name: 'web 2', targetId: 'b' },
    ];
    expect(whereOf({ selector: 'web1,"web…' }, hosts)).toEqual({ targets: 'web1,"web 2"', addresses: '' });
  });
});
