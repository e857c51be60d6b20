import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { LineSlicer, maxSliceBytes, type Slices } from '#core/run/line-slicer';

vi.setConfig({ testTimeout: 60_000 });

const lf = 0x0a;
const encoder = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true });

/** Any bytes, among them long stretches without an end of line. */
const anyBytes = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.uint8Array({ maxLength: 40 }) },
      { weight: 3, arbitrary: fc.constant(Uint8Array.of(lf)) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 1, max: 150_000 }))
          .map(([byte, length]) => new Uint8Array(length).fill(byte === lf ? 0 : byte)),
      },
    ),
    { maxLength: 12 },
  )
  .map((parts) => new Uint8Array(Buffer.concat(parts)));

/** Text of characters of 1 to 4 bytes, among it lines longer than a slice. */
const anyText = fc
  .array(
    fc.tuple(
      fc.constantFrom('a', 'ß', '€', '中', '🐂', 'x€🐂', '\n', '\r\n'),
      fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 30_000 })),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.map(([part, count]) => part.repeat(part.endsWith('\n') ? 1 : count)).join(''));

const cuts = fc.array(fc.nat({ max: 300_000 }), { maxLength: 8 });

function pieces(bytes: Uint8Array, at: readonly number[]): Uint8Array[] {
  const borders = [0, ...at.map((cut) => cut % (bytes.length + 1)).toSorted((one, other) => one - other), bytes.length];
  return borders.slice(1).map((end, index) => bytes.subarray(borders[index], end));
}

/** Feeds the pieces; with `flushAfter`, flushes after those of them. */
function sliced(parts: readonly Uint8Array[], flushAfter: (index: number) => boolean = () => false): Slices[] {
  const slicer = new LineSlicer();
  const found: Slices[] = [];
  for (const [index, part] of parts.entries()) {
    found.push(...slicer.push(part));
    const flushed = flushAfter(index) ? slicer.flush() : undefined;
    if (flushed) {
      found.push(flushed);
    }
  }
  const last = slicer.end();
  expect(slicer.waiting).toBe(0);
  return last ? [...found, last] : found;
}

type Slice = { readonly n: number; readonly bytes: Uint8Array };

/** What a reader of the archive makes of it: cut after every LF. */
function asRead(found: readonly Slices[]): Slice[] {
  return found.flatMap(({ bytes, firstN }) => {
    const slices: Slice[] = [];
    for (let from = 0; from < bytes.length;) {
      const at = bytes.indexOf(lf, from);
      const end = at < 0 ? bytes.length : at + 1;
      slices.push({ n: firstN + slices.length, bytes: bytes.subarray(from, end) });
      from = end;
    }
    return slices;
  });
}

const joined = (found: readonly Slices[]): Buffer => Buffer.concat(found.map(({ bytes }) => bytes));

function expectWellFormed(found: readonly Slices[]): void {
  let line = 1;
  for (const { bytes, slices, firstN } of found) {
    expect(firstN).toBe(line);
    const ends = bytes.filter((byte) => byte === lf).length;
    expect(slices).toBe(ends + (bytes[bytes.length - 1] === lf ? 0 : 1));
    line += ends;
  }
  for (const { bytes } of asRead(found)) {
    expect(bytes.length - (bytes[bytes.length - 1] === lf ? 1 : 0)).toBeLessThanOrEqual(maxSliceBytes);
  }
}

describe('the line slicer', () => {
  it('loses, adds and moves no byte, numbers lines and counts slices right, for any bytes cut and flushed anywhere', () => {
    fc.assert(
      fc.property(anyBytes, cuts, fc.array(fc.boolean()), (bytes, at, flushes) => {
        const found = sliced(pieces(bytes, at), (index) => flushes[index] ?? false);
        expect(joined(found).equals(bytes)).toBe(true);
        expectWellFormed(found);
      }),
      { numRuns: 200 },
    );
  });

  it('gives the same slices wherever the pieces were cut', () => {
    fc.assert(
      fc.property(anyBytes, cuts, (bytes, at) => {
        const plain = (slices: Slice[]) =>
          slices.map((slice) => [slice.n, Buffer.from(slice.bytes).toString('latin1')]);
        expect(plain(asRead(sliced(pieces(bytes, at))))).toEqual(plain(asRead(sliced([bytes]))));
      }),
      { numRuns: 100 },
    );
  });

  it('never splits a character, neither at 64 KB nor when it is flushed', () => {
    fc.assert(
      fc.property(anyText, cuts, (text, at) => {
        const found = sliced(pieces(encoder.encode(text), at), () => true);
        const read = asRead(found).map(({ bytes }) => strict.decode(bytes));
        expect(read.join('')).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps an unfinished character back at a flush, cut after each of its bytes', () => {
    for (const character of ['ß', '€', '🐂']) {
      const bytes = encoder.encode(`a${character}`);
      for (let cut = 2; cut < bytes.length; cut += 1) {
        const slicer = new LineSlicer();
        slicer.push(bytes.subarray(0, cut));
        expect(strict.decode(slicer.flush()?.bytes)).toBe('a');
        expect(slicer.waiting).toBe(cut - 1);
        expect(slicer.flush()).toBeUndefined();
        slicer.push(bytes.subarray(cut));
        expect(strict.decode(slicer.flush()?.bytes)).toBe(character);
      }
    }
  });

  it('cuts a line of 1 MB into slices of 64 KB that share its number', () => {
    const line = new Uint8Array(1024 * 1024 + 1).fill(0x61);
    line[line.length - 1] = lf;
    const read = asRead(sliced(pieces(line, [100_000, 100_001, 700_000])));
    expect(read.map(({ n }) => n)).toEqual(Array.from({ length: 16 }, () => 1));
    expect(read.every(({ bytes }) => bytes.length <= maxSliceBytes + 1)).toBe(true);
    expect(joined(sliced([line])).equals(line)).toBe(true);
  });

  it('keeps a line of exactly 64 KB whole and cuts one that is a byte longer', () => {
    const whole = new Uint8Array(maxSliceBytes + 1).fill(0x61);
    whole[maxSliceBytes] = lf;
    expect(asRead(sliced([whole])).map(({ bytes }) => bytes.length)).toEqual([maxSliceBytes + 1]);
    const longer = Buffer.concat([Uint8Array.of(0x61), whole]);
    expect(asRead(sliced([longer])).map(({ bytes }) => bytes.length)).toEqual([maxSliceBytes, 2]);
  });

  it('gives the lines of one piece as one group, the unfinished one when the stream ends', () => {
    const found = sliced([encoder.encode('one\ntwo\nthr'), encoder.encode('ee\nfour')]);
    expect(found.map(({ slices, firstN }) => [slices, firstN])).toEqual([
      [2, 1],
      [1, 3],
      [1, 4],
    ]);
  });

  it('counts the lines that are skipped and lets what waited before them stand alone', () => {
    const slicer = new LineSlicer();
    slicer.push(encoder.encode('one\ntw'));
    expect(slicer.skip(encoder.encode('o\nthree\nfo'))).toMatchObject({ firstN: 2, slices: 1 });
    expect(slicer.push(encoder.encode('ur\nfive\n'))).toMatchObject([{ firstN: 4, slices: 2 }]);
    expect(slicer.skip(encoder.encode('six\n'))).toBeUndefined();
  });

  it('keeps no byte of what it was given, not even of a Buffer whose slice is a view', () => {
    const slicer = new LineSlicer();
    const buffer = Buffer.from('prompt> ');
    slicer.push(buffer);
    buffer.fill('X');
    expect(strict.decode(slicer.end()?.bytes)).toBe('prompt> ');
  });
});
