import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DroverError } from '#contract/errors';
import { parseAddresses, readAddresses } from '#core/target/parse-addresses';
import { refusalOf } from '../../support/fakes/engine-rig.ts';

const addresses = (text: string): string[] => parseAddresses(text).map(({ address }) => address);
const refusal = (text: string): DroverError => refusalOf(() => parseAddresses(text));

describe('a list of addresses', () => {
  it('is parted in any habit and says the line of each', () => {
    const text = '# all of it\nweb1, web2;web3\tweb4  web5\r\nweb6，web7；web8、web9\u3000web10 # web11\n\n\rweb12#x';
    expect(parseAddresses(text).map(({ address, line }) => `${line} ${address}`)).toEqual([
      ...['web1', 'web2', 'web3', 'web4', 'web5'].map((address) => `2 ${address}`),
      ...['web6', 'web7', 'web8', 'web9', 'web10'].map((address) => `3 ${address}`),
      '6 web12',
    ]);
    expect(parseAddresses(' \n# nothing\n,;')).toEqual([]);
  });

  it.each([
    ['web1', null, 'web1', null],
    ['anna@web1.example.com:2222', 'anna', 'web1.example.com', 2222],
    ['ssh://anna@10.0.0.1:2222', 'anna', '10.0.0.1', 2222],
    ['SSH://web1/', null, 'web1', null],
    ['ssh://[::1]:22', null, '::1', 22],
    ['anna@example.com@web1', 'anna@example.com', 'web1', null],
    ['CORP\\anna@web1', 'CORP\\anna', 'web1', null],
    ['2001:db8::1', null, '2001:db8::1', null],
    ['anna@fe80::1%eth0', 'anna', 'fe80::1%eth0', null],
    ['[2001:db8::1]', null, '2001:db8::1', null],
    ['root@[2001:db8::1]:2222', 'root', '2001:db8::1', 2222],
    ['build_host-1', null, 'build_host-1', null],
  ])('reads %s', (text, ...parts) => {
    expect(parseAddresses(text).map(({ user, address, port }) => [user, address, port])).toEqual([parts]);
  });

  it.each<[string, string[]]>([
    ['web[08-11].example.com', ['08', '09', '10', '11'].map((number) => `web${number}.example.com`)],
    ['10.0.0.[1-3]', ['10.0.0.1', '10.0.0.2', '10.0.0.3']],
    ['10.0.0.[1,3, 5-6]', ['10.0.0.1', '10.0.0.3', '10.0.0.5', '10.0.0.6']],
    ['r[1-2]n[1，2]', ['r1n1', 'r1n2', 'r2n1', 'r2n2']],
    ['[1-2].example.com', ['1.example.com', '2.example.com']],
    ['10.0.0.9-11', ['10.0.0.9', '10.0.0.10', '10.0.0.11']],
    ['10.0.0.254-10.0.1.1', ['10.0.0.254', '10.0.0.255', '10.0.1.0', '10.0.1.1']],
    ['10.0.0.0/30', ['10.0.0.1', '10.0.0.2']],
    ['10.0.0.7/29', ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5', '10.0.0.6']],
    ['10.0.0.0/31', ['10.0.0.0', '10.0.0.1']],
    ['10.0.0.5/32', ['10.0.0.5']],
    ['2001:db8::/126', ['2001:db8::', '2001:db8::1', '2001:db8::2', '2001:db8::3']],
    ['2001:db8::1-2001:db8::3', ['2001:db8::1', '2001:db8::2', '2001:db8::3']],
    ['2001:db8::[1-2]', ['2001:db8::1', '2001:db8::2']],
  ])('takes %s as all it stands for', (text, expected) => {
    expect(addresses(text)).toEqual(expected);
  });

  it('gives account and port to each of a range', () => {
    expect(parseAddresses('\nanna@10.0.0.0/30:2222')).toEqual([
      { line: 2, user: 'anna', address: '10.0.0.1', port: 2222 },
      { line: 2, user: 'anna', address: '10.0.0.2', port: 2222 },
    ]);
    expect(parseAddresses('[2001:db8::/127]:22').map(({ port }) => port)).toEqual([22, 22]);
  });

  it('holds each machine once, where it came first; another account or port is another one', () => {
    const text = 'web1 Web1\nWEB1:22 anna@web1,web[1-2]\nanna@web1 ANNA@web1';
    expect(parseAddresses(text)).toEqual([
      { line: 1, user: null, address: 'web1', port: null },
      { line: 2, user: null, address: 'WEB1', port: 22 },
      { line: 2, user: 'anna', address: 'web1', port: null },
      { line: 2, user: null, address: 'web2', port: null },
      { line: 3, user: 'ANNA', address: 'web1', port: null },
    ]);
  });
});

describe('a word that is no address', () => {
  it.each([
    ['anna@', "no address stands after '@'"],
    ['@web1', "no account stands before '@'"],
    ['-oProxyCommand=x@web1', "what stands before '@' is no account name"],
    ['-oProxyCommand=x', 'letters, digits, dots and dashes only'],
    ['http://web1', 'no port'],
    ['web1:', 'no port from 1 to 65535'],
    ['web1:0', 'no port'],
    ['web1:65536', 'no port'],
    ['web1:ssh', 'no port'],
    [':22', 'it holds no address'],
    ['ssh://', 'it holds no address'],
    ['[2001:db8::1]x', "only ':' and a port may stand behind"],
    ['[2001:db8::1', 'no IPv6 address'],
    ['2001:db8::1::2', 'no IPv6 address'],
    ['2001:db8::g', 'no IPv6 address'],
    ['10.0.0.256', 'no IPv4 address'],
    ['10.0.0.[254-256]', '10.0.0.256 is no IPv4 address'],
    ['10.1', 'no IPv4 address'],
    ['web1/24', 'letters, digits'],
    ['wéb1', 'letters, digits'],
    ['a'.repeat(254), 'no name is longer than 253'],
    ['web[5-1]', 'is no list of numbers'],
    ['web[1,,2]', 'is no list of numbers'],
    ['10.0.0.9-10.0.0.1', 'ends before it begins'],
    ['10.0.0.1-::1', 'of its kind'],
    ['::1-10.0.0.1', 'of its kind'],
    ['10.0.0.0/33', '/33 is no prefix'],
    ['10.0.0.0/19', 'it stands for 8192 addresses, more than 4096'],
    ['10.0.0.0-10.0.16.0', '4097 addresses'],
    ['web[1-4097]', '4097 addresses'],
    ['web[1-65][1-64]', '4160 addresses'],
    ['web[0-999999999][0-999999999]', 'more than 4096'],
    ['2001:db8::/64', 'more than 4096'],
  ])('%s is refused with its line and what is wrong', (word, why) => {
    const error = refusal(`web1\nweb2, ${word} # here`);
    expect(error.code).toBe('bad-input');
    expect(error.message).toMatch(/^Line 2: '.+' cannot be taken: /);
    expect(error.message).toContain(why);
    expect(error.detail).toEqual({ line: 2, word: word.length > 100 ? `${word.slice(0, 99)}…` : word });
  });

  it('may hold a password, which is not repeated', () => {
    for (const word of ['anna:s3cret@web1', 'ssh://anna:s3cret@web1:22', 'anna:s3@cret@web1']) {
      const error = refusal(word);
      expect(error.message).toContain('a password does not belong in a list; save it as a credential');
      expect(error.message + JSON.stringify(error.detail)).not.toMatch(/s3|cret@/);
    }
  });
});

describe('the size of a list', () => {
  it('of a range is exactly what it says, up to 4096', () => {
    fc.assert(
      fc.property(fc.nat({ max: 9_000 }), fc.integer({ min: 1, max: 4_096 }), (first, count) => {
        const found = addresses(`n[${first}-${first + count - 1}]`);
        expect([found.length, found[0], found.at(-1)]).toEqual([count, `n${first}`, `n${first + count - 1}`]);
      }),
      { numRuns: 20 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 32 }), fc.nat({ max: 255 }), (prefix, octet) => {
        const size = 2 ** (32 - prefix);
        const found = addresses(`10.${octet}.77.130/${prefix}`);
        expect(found).toHaveLength(prefix <= 30 ? size - 2 : size);
        expect(new Set(found).size).toBe(found.length);
      }),
      { numRuns: 50 },
    );
  });

  it('is at most 20000, doubles not counted', () => {
    const lists = (count: number, name: string): string[] =>
      Array.from({ length: count }, (_, index) => `${name}${index}x[1-4000]`);
    expect(parseAddresses(lists(5, 'a').join('\n'))).toHaveLength(20_000);
    expect(parseAddresses(`${lists(5, 'a').join('\n')}\n`.repeat(9))).toHaveLength(20_000);
    expect(refusal([...lists(5, 'a'), 'web'].join('\n'))).toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(/^Line 6: the list holds more than 20000 addresses/),
    });
    const doubles = Array.from({ length: 26 }, (_, index) => `a[1-${index + 1},${index + 2}-4000]`);
    expect(parseAddresses(doubles.slice(1).join('\n'))).toHaveLength(4_000);
    expect(refusal(doubles.join('\n')).message).toMatch(/^Line 26: the ranges .* more than 100000 addresses/);
  });

  it('of many single words is read to the end', () => {
    expect(parseAddresses('web1 web2,'.repeat(100_000))).toHaveLength(2);
    expect(refusal(`[${':'.repeat(500_000)}`).message).toContain('no name is longer');
    expect(refusal(`${'['.repeat(500_000)}`).message.length).toBeLessThan(300);
  });
});

describe('a list with slips in it', () => {
  it('gives what can be read and a refusal for each word that cannot', () => {
    const { addresses, problems } = readAddresses('web1, 10.0.0.999\nweb2:0 web3', 10);
    expect(addresses.map(({ address }) => address)).toEqual(['web1', 'web3']);
    expect(problems.map(({ detail }) => detail?.['line'])).toEqual([1, 2]);
  });

  it('is read no further than the last slip that is asked for', () => {
    expect(readAddresses('a:0 b:0 c:0 web1', 2)).toMatchObject({ addresses: [], problems: [{}, {}] });
  });
});

describe('any text at all', () => {
  it('is a list or refused with a line of it, never anything else', () => {
    const pieces = fc.constantFrom('web', '1', '10.0.0.1', '::1', '[', ']', '[1-3]', '-', '/', '30', ':', '22', '@', 'anna', ',', '\n', '#', 'ssh://', '%', '，'); // prettier-ignore
    const anyText = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.array(pieces).map((some) => some.join('')),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        try {
          const found = parseAddresses(text);
          expect(found.every(({ address }) => /^(?!-)[A-Za-z0-9._:%-]{1,253}$/.test(address))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(DroverError);
          expect(error).toHaveProperty('code', 'bad-input');
          expect(error).toHaveProperty(
            'detail.line',
            expect.toSatisfy((line: number) => line <= text.split(/[\r\n]/).length),
          );
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
