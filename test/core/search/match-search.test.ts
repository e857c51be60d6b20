import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileSearch, type SearchFields } from '#core/search/match-search';
import { parseSearch } from '#core/search/parse-search';
import { refusalOf } from '../../support/fakes/engine-rig.ts';

type Thing = {
  readonly no: number;
  readonly name: string;
  readonly tags: readonly string[];
  readonly address: string | null;
  readonly kind: string;
  readonly port: number | null;
  readonly open: boolean;
  readonly labels: Readonly<Record<string, string>>;
};

const fields: SearchFields<Thing> = {
  name: { kind: 'text', read: ({ name }) => name, plain: 'part' },
  address: { kind: 'address', aliases: ['ip'], read: ({ address }) => address, plain: 'part' },
  no: { kind: 'number', read: ({ no }) => no, plain: 'whole' },
  tag: { kind: 'texts', read: ({ tags }) => tags, plain: 'whole' },
  kind: { kind: 'text', read: ({ kind }) => kind, values: ['linux', 'windows'] },
  port: { kind: 'number', read: ({ port }) => port },
  open: { kind: 'boolean', read: ({ open }) => open },
  label: { kind: 'keyed', read: ({ labels }, key) => labels[key] ?? null },
};

const thing = (no: number, some: Partial<Thing>): Thing => ({
  no,
  name: `thing${no}`,
  tags: [],
  address: null,
  kind: 'linux',
  port: null,
  open: false,
  labels: {},
  ...some,
});

const things = [
  thing(1, { name: 'web1', tags: ['web', 'eu/fra'], address: '10.0.0.1', port: 22 }),
  thing(2, { name: 'Web2', tags: ['web'], address: '10.0.0.20', open: true }),
  thing(3, { name: 'db 3', tags: ['db', 'eu/ber'], address: '2001:db8::3', kind: 'windows', port: 2222 }),
  thing(4, { name: 'gate', address: 'gate.example.com', labels: { site: 'fra1', 'os.name': 'Debian' } }),
];

const found = (query: string, mode: 'exact' | 'contains' = 'exact'): number[] =>
  things.filter(compileSearch(parseSearch(query), fields, mode)).map(({ no }) => no);
const refusal = (query: string): string => refusalOf(() => found(query)).message;

describe('a search', () => {
  it.each<[string, number[]]>([
    ['', [1, 2, 3, 4]],
    ['web1', [1]],
    ['WEB2', [2]],
    ['web', [1, 2]],
    ['we', []],
    ['we*', [1, 2]],
    ['web?', [1, 2]],
    ['"web?"', []],
    ['"db 3"', [3]],
    ['web1,gate', [1, 4]],
    ['web 10.0.0.1', [1]],
    ['!web', [3, 4]],
    ['web !web1', [2]],
    ['!tag:web,db', [4]],
    ['tag:web,db', [1, 2, 3]],
    ['tag:eu/*', [1, 3]],
    ['tag:*', [1, 2, 3]],
    ['!tag:*', [4]],
    ['TAG:WEB', [1, 2]],
    ['name:/^w.*[12]$/', [1, 2]],
    ['/EB/', [1, 2]],
    ['/^$/', []],
    ['#3', [3]],
    ['3', []],
    ['no:3,#4', [3, 4]],
    ['port:22', [1]],
    ['port:22*', [1, 3]],
    ['port:022', [1]],
    ['!port:22', [2, 3, 4]],
    ['open:yes', [2]],
    ['open:No !tag:db', [1, 4]],
    ['open:true,false', [1, 2, 3, 4]],
    ['kind:Windows', [3]],
    ['10.0.0.0/28', [1]],
    ['10.0.0.[1-20]', [1, 2]],
    ['ip:10.0.0.2-10.0.0.20', [2]],
    ['!ip:10.0.0.0/24', [3, 4]],
    ['2001:0DB8:0::3', [3]],
    ['2001:db8::/120', [3]],
    ['ip:10.0.*', [1, 2]],
    ['label.site:fra1', [4]],
    ['label.site:*', [4]],
    ['label.os.name:deb*', [4]],
  ])('%j finds exactly its things', (query, expected) => {
    expect(found(query)).toEqual(expected);
  });

  it.each<[string, number[]]>([
    ['eb', [1, 2]],
    ['"B 3"', [3]],
    ['10.0.0', [1, 2]],
    ['gate.ex', [4]],
    ['eb,ate', [1, 2, 4]],
    ['eb !eb1', [2]],
    ['eu', []],
    ['eu/fra', [1]],
    ['tag:eu', []],
    ['#1', [1]],
    ['web*', [1, 2]],
    ['eb*', []],
    ['10.0.0.0/24', [1, 2]],
  ])('in a list %j finds parts of words as well', (query, expected) => {
    expect(found(query, 'contains')).toEqual(expected);
  });

  it('asks each field only once for a value, however many values it looks for', () => {
    let reads = 0;
    const counted: SearchFields<Thing> = {
      name: { kind: 'text', plain: 'part', read: ({ name }) => ((reads += 1), name) },
    };
    const query = Array.from({ length: 10_000 }, (_, index) => `host${index}`).join(',');
    const test = compileSearch(parseSearch(`${query},10.0.0.0/24,h*x`), counted, 'contains');
    expect(things.filter(test)).toEqual([]);
    expect(reads).toBe(things.length);
  });
});

describe('a search that does not fit the fields', () => {
  it('names the nearest field, and all of them', () => {
    const known = 'name, address, no, tag, kind, port, open, label.NAME';
    expect(refusal('x tga:web')).toContain(`No field 'tga', the nearest is 'tag'; the fields are ${known}`);
    expect(refusal('adress:x')).toContain("the nearest is 'address'");
    expect(refusal('pi:x')).toContain("the nearest is 'ip'");
    expect(refusal('tag.x:y')).toContain("No field 'tag.x', the nearest is 'tag'");
    expect(refusal('constructor:x')).toContain("No field 'constructor'");
    expect(refusalOf(() => found('x tga:web'))).toMatchObject({ code: 'bad-selector', detail: { position: 3 } });
  });

  it.each([
    ['label:fra1', 'write label.NAME:value'],
    ['open:maybe', 'takes yes or no'],
    ['open:y*', 'takes yes or no'],
    ['port:ssh', 'takes numbers, such as port:22'],
    ['port:10.0.0.0/28', 'takes numbers'],
    ['!kind:widnows', "is one of linux, windows; the nearest is 'windows'"],
    ['tag:web,kind:linux', "'kind:linux' stands behind a comma: a comma parts values of one field"],
    ['web1,LABEL.site:x*', 'part terms by a blank'],
  ])('%j is refused with the remedy', (query, remedy) => {
    expect(refusalOf(() => found(query)).code).toBe('bad-selector');
    expect(refusal(query)).toContain(remedy);
  });

  it('may have a value that looks like another field in quotes', () => {
    expect(found('tag:web,"kind:linux"')).toEqual([1, 2]);
  });
});

/** What a glob means, by definition: the first character of each, then the rest. */
function globs(glob: string, value: string): boolean {
  if (glob === '') {
    return value === '';
  }
  return glob.startsWith('*')
    ? globs(glob.slice(1), value) || (value !== '' && globs(glob, value.slice(1)))
    : value !== '' && (glob.startsWith('?') || glob[0] === value[0]) && globs(glob.slice(1), value.slice(1));
}

describe('values', () => {
  const finds = (pattern: string, value: string): boolean =>
    compileSearch(parseSearch(`name:${pattern}`), fields, 'exact')(thing(9, { name: value }));

  it('match a glob by its definition', () => {
    const short = (...letters: string[]) => fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(short('a', 'b', '*', '?'), short('a', 'b'), (glob, value) => {
        expect(finds(glob.join(''), value.join(''))).toBe(globs(glob.join(''), value.join('')));
      }),
      { numRuns: 1_000 },
    );
    expect(finds('a?c', 'a😀c')).toBe(true);
  });

  it('lie in a range of addresses when their number does', () => {
    const octet = fc.nat({ max: 255 });
    fc.assert(
      fc.property(octet, octet, octet, (first, last, value) => {
        fc.pre(first <= last);
        for (const range of [
          `10.0.0.${first}-10.0.0.${last}`,
          `10.0.0.${first}-${last}`,
          `10.0.0.[${first}-${last}]`,
        ]) {
          expect(finds(range, `10.0.0.${value}`)).toBe(first <= value && value <= last);
          expect(finds(range, `10.0.1.${value}`)).toBe(false);
        }
      }),
    );
  });

  it('are matched by a hostile expression or glob all the same', () => {
    const long = `${'x'.repeat(20_000)}y!`;
    expect(finds('/^(x+x+)+y$/', long)).toBe(false);
    expect(finds('/^(x+x+)+y!$/', long)).toBe(true);
    expect(finds(`${'*x'.repeat(500)}*z`, long)).toBe(false);
  });
});
