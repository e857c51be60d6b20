import { describe, expect, it } from 'vitest';
import { assertPlainJson, maxMessageBytes, parsePlainJson } from '#contract/plain-json';

describe('plain JSON', () => {
  it('passes as it is', () => {
    expect(parsePlainJson('{"a":[1,null,true,"x",{"constructor":"a name","prototype":{}}]}')).toEqual({
      a: [1, null, true, 'x', { constructor: 'a name', prototype: {} }],
    });
    expect(parsePlainJson('')).toEqual({});
    expect(() => assertPlainJson({ left: undefined })).not.toThrow();
  });

  it.each([
    ['{"__proto__":null}'],
    ['[{"a":{"__proto__":{"x":1}}}]'],
    ['{"constructor":{"prototype":{"x":1}}}'],
    ['{"\\u005f_proto__":1}'],
    ['{oops'],
    ['['.repeat(100) + ']'.repeat(100)],
  ])('is not %s', (text) => {
    expect(() => parsePlainJson(text)).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });

  it('is no date, map, bytes, function or big integer', () => {
    for (const value of [new Date(), new Map(), new Uint8Array(1), () => 1, 1n, Symbol('x'), /x/]) {
      expect(() => assertPlainJson({ value })).toThrow(expect.objectContaining({ code: 'bad-input' }));
    }
  });

  it('ends, whatever comes', () => {
    const ring: Record<string, unknown> = {};
    ring['again'] = ring;
    expect(() => assertPlainJson(ring)).toThrow(expect.objectContaining({ code: 'bad-input' }));
    const wide: unknown[] = [];
    wide.push(wide, wide);
    expect(() => assertPlainJson(wide)).toThrow(expect.objectContaining({ code: 'bad-input' }));
    expect(() => assertPlainJson({ text: 'x'.repeat(maxMessageBytes) })).toThrow(
      expect.objectContaining({ code: 'too-large' }),
    );
    expect(() => assertPlainJson({ ['x'.repeat(maxMessageBytes)]: 1 })).toThrow(
      expect.objectContaining({ code: 'too-large' }),
    );
  });

  it('never quotes what it refuses', () => {
    expect(() => parsePlainJson('hunter2')).toThrow(/^The input is not JSON$/);
  });
});
