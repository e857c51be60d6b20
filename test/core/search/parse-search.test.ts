import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { DroverError } from '#contract/errors';
import { parseSearch } from '#core/search/parse-search';
import { refusalOf } from '../../support/fakes/engine-rig.ts';

const word = (text: string, quoted = false) => ({ kind: 'word', text, quoted });
const glob = (text: string) => ({ kind: 'glob', text });

/** Each term as `[not, field, any]`. */
const terms = (text: string) => parseSearch(text).terms.map(({ not, field, any }) => [not, field, any]);
const refusal = (text: string): DroverError => refusalOf(() => parseSearch(text));

describe('the grammar of searches', () => {
  it.each([
    ['', []],
    [' \n , ，', []],
    ['web1', [[false, null, [word('web1')]]]],
    [
      'web1 db1',
      [
        [false, null, [word('web1')]],
        [false, null, [word('db1')]],
      ],
    ],
    ['web1,db1', [[false, null, [word('web1'), word('db1')]]]],
    ['web1 , db1,\n\tdb2,', [[false, null, [word('web1'), word('db1'), word('db2')]]]],
    ['web1，db1、db2', [[false, null, [word('web1'), word('db1'), word('db2')]]]],
    [
      'tag：web\u3000os:linux',
      [
        [false, 'tag', [word('web')]],
        [false, 'os', [word('linux')]],
      ],
    ],
    ['!tag:a,b', [[true, 'tag', [word('a'), word('b')]]]],
    ['attr.site:fra1', [[false, 'attr.site', [word('fra1')]]]],
    ['url:a:b', [[false, 'url', [word('a:b')]]]],
    [
      'web* db?',
      [
        [false, null, [glob('web*')]],
        [false, null, [glob('db?')]],
      ],
    ],
    [
      '"a, b" name:"say \\"x\\" \\\\"',
      [
        [false, null, [word('a, b', true)]],
        [false, 'name', [word('say "x" \\', true)]],
      ],
    ],
    ['"web*"', [[false, null, [word('web*', true)]]]],
    ['tag:""', [[false, 'tag', [word('', true)]]]],
    ['/^web [0-9],\\/x$/,db', [[false, null, [{ kind: 'regex', source: '^web [0-9],\\/x$' }, word('db')]]]],
    ['#123', [[false, null, [{ kind: 'number', value: 123 }]]]],
    [
      '"#123" #x',
      [
        [false, null, [word('#123', true)]],
        [false, null, [word('#x')]],
      ],
    ],
    ['#99999999999999999', [[false, null, [word('#99999999999999999')]]]],
    ['12:30', [[false, null, [word('12:30')]]]],
    ['fe80::1,2001:db8::1', [[false, null, [word('fe80::1'), word('2001:db8::1')]]]],
  ])('reads %j', (text, expected) => {
    expect(terms(text)).toEqual(expected);
  });

  it.each([
    ['10.0.0.0/28', [['0a000000', '0a00000f']]],
    ['10.0.0.7/28', [['0a000000', '0a00000f']]],
    ['10.0.0.1-10.0.1.0', [['0a000001', '0a000100']]],
    ['10.0.0.1-20', [['0a000001', '0a000014']]],
    ['10.0.0.[1-20]', [['0a000001', '0a000014']]],
    [
      '10.0.0.[1,3,5-7]',
      [
        ['0a000001', '0a000001'],
        ['0a000003', '0a000003'],
        ['0a000005', '0a000007'],
      ],
    ],
    ['10.0.[1-2].[0-255]', [['0a000100', '0a0002ff']]],
    ['10.16.0.0/20', [['0a100000', '0a100fff']]],
    ['fd00::/120', [[`fd${'0'.repeat(30)}`, `fd${'0'.repeat(28)}ff`]]],
    ['::1-::9', [[`${'0'.repeat(31)}1`, `${'0'.repeat(31)}9`]]],
  ])('takes %s as addresses, with or without a field', (text, spans) => {
    const pattern = { kind: 'addresses', text, spans: spans.map(([first, last]) => ({ first, last })) };
    expect(terms(text)).toEqual([[false, null, [pattern]]]);
    expect(terms(`!ip:${text},web`)).toEqual([[true, 'ip', [pattern, word('web')]]]);
  });

  it('takes a list of numbers in a name as that many names', () => {
    const ranged = (text: string) => ({ ...word(text), ranged: true });
    expect(terms('web[08-10],db[1,3]')).toEqual([[false, null, ['web08', 'web09', 'web10', 'db1', 'db3'].map(ranged)]]);
    expect(terms('web[1,2]*')).toEqual([[false, null, [glob('web1*'), glob('web2*')]]]);
    expect(terms('web[a-c]')).toEqual([[false, null, [word('web[a-c]')]]]);
  });

  it('knows where each term begins', () => {
    expect(parseSearch(' web1  !tag:a, b "c"').terms.map(({ position }) => position)).toEqual([2, 8, 18]);
  });
});

describe('a search that cannot be read', () => {
  it.each([
    ['web1 "db', 6, 'add a "'],
    ['"a"b', 4, 'part it by a blank or a comma'],
    ['a"b c"', 2, 'put the whole value in quotes'],
    ['""', 1, 'The quotes are empty'],
    ['tag:/web', 5, 'add a /'],
    ['/usr/bin', 6, 'put the value in quotes'],
    ['//', 1, 'The expression is empty'],
    ['/(/', 1, "'(' cannot be read: missing closing )"],
    ['/(a)\\1/', 1, 'invalid escape sequence'],
    ['x !', 3, "Nothing stands after '!'"],
    ['! web', 1, "Nothing stands after '!'"],
    ['x tag: web', 3, "Nothing stands after 'tag:'"],
    ['tag:,web', 1, "Nothing stands after 'tag:'"],
    ['!!web', 2, 'stands before a whole term'],
    ['tag:!web', 5, 'stands before a whole term'],
    ['web*,!web1', 6, 'stands before a whole term'],
    ['10.0.0.0/8', 1, 'it stands for 16777216 addresses, more than 4096'],
    ['10.0.0.0/19', 1, 'more than 4096'],
    ['10.0.0.0/33', 1, '/33 is no prefix'],
    ['fd00::/64', 1, 'more than 4096'],
    ['10.0.0.0-10.0.16.0', 1, 'stands for 4097 addresses'],
    ['10.0.0.9-10.0.0.1', 1, 'ends before it begins'],
    ['10.0.0.9-::1', 1, 'to a later one of its kind'],
    ['10.0.0.1-300', 1, 'to a later one of its kind'],
    ['10.0.[0-16].[0-255]', 1, 'stands for 4352 addresses'],
    ['web[9-1]', 1, '[9-1] is no list of numbers'],
    ['web[1-]', 1, '[1-] is no list of numbers'],
    ['a[1]'.repeat(9), 1, 'no more than 8 brackets'],
    [`${'a'.repeat(300)}[1-9]`, 1, 'no name is longer than 253'],
    [Array.from({ length: 5 }, (_, index) => `${index}x[1-4096]`).join(' '), 45, 'more than 20000 names'],
    [Array.from({ length: 2 }, () => '/x{1000}/').join(' '), 11, 'too large together'],
    ['web[1-999]*', 1, 'globs are too large together'],
    [`/${'x'.repeat(1001)}/`, 1, 'longer than 1000 characters'],
  ])('%j is refused at character %i', (text, position, remedy) => {
    const error = refusal(text);
    expect(error.code).toBe('bad-selector');
    expect(error.message).toContain(remedy);
    expect(error.message).toContain(`(at character ${position})`);
    expect(error.detail).toEqual({ position });
    expect(error.message.length).toBeLessThan(400);
  });

  it('is refused at once when it is longer than any selector', () => {
    expect(refusal('a'.repeat(100_001)).message).toContain('longer than 100000 characters');
    expect(parseSearch('a '.repeat(50_000)).terms).toHaveLength(50_000);
  });
});

const pieces = fc.constantFrom(
  'web', 'tag', ':', '：', ',', '，', ' ', '\u3000', '!', '"', '\\', '/', '[', ']', '(', '*', '?', '#', '-', '.', '1', '10.0.0.1', '::',
  'fe80', '[1-9]', '{9}', '\n',
); // prettier-ignore

/** How many characters are looked at while `text` is read or refused. */
function looks(text: string): number {
  const charAt = vi.spyOn(String.prototype, 'charAt');
  try {
    parseSearch(text);
  } catch (error) {
    expect(error).toBeInstanceOf(DroverError);
  }
  const { length } = charAt.mock.calls;
  charAt.mockRestore();
  return length;
}

describe('a long text', () => {
  it.each([
    'a',
    'a ',
    'a,',
    ' ',
    ',',
    '[',
    '[1',
    '[1,',
    'a:',
    'fe80:',
    '"',
    '"a" ',
    '/',
    '/a/,',
    '\\',
    'x!',
    '!a ',
    '#1 ',
    '1.',
    '::',
  ])('of %j takes time in proportion to its length', (piece) => {
    const [short, long] = [looks(piece.repeat(2_000)), looks(piece.repeat(20_000))];
    expect(long).toBeLessThanOrEqual(10 * short + 100);
    expect(long).toBeLessThanOrEqual(10 * 20_000 * piece.length);
  });
});

describe('any text at all', () => {
  it('is read or refused, never anything else', () => {
    const anyText = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.array(pieces).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        try {
          expect(parseSearch(text).terms.every(({ any }) => any.length > 0)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(DroverError);
          expect(error).toHaveProperty('code', 'bad-selector');
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('stands for itself in quotes', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), (text) => {
        const quoted = `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
        expect(terms(`${quoted},x !f:${quoted}`)).toEqual([
          [false, null, [word(text, true), word('x')]],
          [true, 'f', [word(text, true)]],
        ]);
      }),
    );
  });

  it('is the same search whichever commas and blanks part its words', () => {
    const parted = (comma: string, blank: string) => terms(`a${comma}b${blank}!t:c${comma}d`);
    fc.assert(
      fc.property(
        fc.constantFrom(',', '，', '、', ' ,\n', '\u3000，'),
        fc.constantFrom(' ', '\n', '\u3000', '\t '),
        (comma, blank) => {
          expect(parted(comma, blank)).toEqual(parted(',', ' '));
        },
      ),
    );
  });
});
