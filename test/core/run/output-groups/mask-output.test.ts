import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteText, maskOf } from '#core/run/output-groups/mask-output';

const none = { hosts: false, times: false, numbers: false };
const all = { hosts: true, times: true, numbers: true };
const web1 = { name: 'web1.example.com', address: '10.0.0.1' };
const web2 = { name: 'web2.example.com', address: '10.0.0.2' };

const bytes = (text: string): string => byteText(new TextEncoder().encode(text));
const masked = (text: string, masks: Partial<typeof none>, target = web1): string =>
  [...(maskOf({ ...none, ...masks }, target)?.(bytes(text)) ?? [bytes(text)])].join('');

describe('the masks of output groups', () => {
  it('replace nothing when none is asked for', () => {
    expect(maskOf(none, web1)).toBeUndefined();
  });

  it.each([
    ['web1.example.com is up', 'web2.example.com is up'],
    ['Linux WEB1 5.15', 'Linux web2 5.15'],
    ['inet 10.0.0.1/24', 'inet 10.0.0.2/24'],
    ['/var/log/web1-access.log', '/var/log/web2-access.log'],
  ])('take a target’s own name and address for the same: %s', (one, other) => {
    expect(masked(one, { hosts: true })).toBe(masked(other, { hosts: true }, web2));
    expect(masked(one, { times: true })).not.toBe(masked(other, { times: true }, web2));
  });

  it.each(['web2 answers', '10.0.0.12', 'myweb1', '110.0.0.1'])('leave other names alone: %s', (text) => {
    expect(masked(text, { hosts: true })).toBe(bytes(text));
  });

  it('know an address without its port, and a name in letters beyond Latin', () => {
    expect(masked('127.0.0.1 refuses', { hosts: true }, { name: '127.0.0.1:22', address: '127.0.0.1:22' })).toBe(
      masked('::1 refuses', { hosts: true }, { name: '[::1]:22', address: '[::1]:22' }),
    );
    expect(masked('héra ok', { hosts: true }, { name: 'héra', address: 'x' })).toMatch(/^.{1} ok$/u);
  });

  it.each([
    '2026-04-30T09:12:01Z',
    '2026-04-30 09:12:01,123 +02:00',
    '2026-04-30',
    '30.04.2026',
    '09:12',
    '09:12:01.250',
    '9:12 PM',
    'Thu Apr 30 09:12:01 UTC 2026',
    'Thu, 30 Apr 2026 09:12:01 GMT',
    'Apr  3 09:12:01',
    '3 days, 4:05',
    '1h2m3.5s',
    '250 ms',
    '12 seconds',
    '15µs',
  ])('take times for the same: %s', (time) => {
    expect(masked(`at ${time} done`, { times: true })).toMatch(/^at (\uE001|\uE001, \uE001) done$/);
  });

  it.each(['5.15.0-91', 'v1.2.3', '12 monkeys', 'x86_64', 'a1:23b', '10 MB', 'sd1h'])(
    'take for no time: %s',
    (text) => {
      expect(masked(text, { times: true })).toBe(bytes(text));
    },
  );

  it('take runs of digits for the same whatever their length', () => {
    expect(masked('pid 7, 12345 kB', { numbers: true })).toBe(masked('pid 99999, 1 kB', { numbers: true }));
    expect(masked('pid 7', { numbers: true })).not.toBe(masked('pid x', { numbers: true }));
  });

  it('join exactly outputs that are the same but for what is masked', () => {
    const plain = fc.stringMatching(/^[a-z(){}=\n\u00E9-]{1,8}$/).map((text) => `<${text}>`);
    const own = fc.constantFrom('host', 'time', 'number');
    const forms = {
      host: [web1.name, web2.name],
      time: ['10:01:02', '2026-01-02 23:59:59Z'],
      number: ['7', '1234'],
    } as const;
    const write = (parts: readonly (readonly [string, keyof typeof forms])[], which: 0 | 1): string =>
      parts.map(([text, kind]) => `${text}${forms[kind][which]}`).join('');
    const texts = fc.array(fc.tuple(plain, own as fc.Arbitrary<keyof typeof forms>), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        expect(masked(write(one, 0), all)).toBe(masked(write(one, 1), all, web2));
        const differ = JSON.stringify(one) !== JSON.stringify(other);
        expect(masked(write(one, 0), all) !== masked(write(other, 1), all, web2)).toBe(differ);
      }),
    );
  });

  it('keep bytes apart that are no text, and what looks like a mask', () => {
    const mask = maskOf(all, web1);
    const ofByte = (byte: number): string[] => [...(mask?.(byteText(Uint8Array.of(byte))) ?? [])];
    expect(ofByte(0xff)).not.toEqual(ofByte(0xfe));
    expect(masked('\uE002', all)).not.toBe(masked('1', all));
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (one, other) => {
        expect(byteText(one) === byteText(other)).toBe(Buffer.compare(one, other) === 0);
      }),
    );
  });

  it.each(
    ['1h', '1', '1 h, ', 'Jan 1 ', 'web', '1:'].map((word) => [word, word.repeat(Math.ceil(1_000_000 / word.length))]),
  )('take a megabyte of hostile output in short steps: %s', (_word, text = '') => {
    const steps = maskOf(all, web1)?.(text);
    let longest = 0;
    for (let more = true; more;) {
      const began = performance.now();
      more = steps?.next().done === false;
      longest = Math.max(longest, performance.now() - began);
    }
    // Generous: what is quadratic takes minutes.
    expect(longest).toBeLessThan(1_000);
  });
});
