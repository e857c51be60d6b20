import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FindHit } from '#contract/run-find';
import type { RawChunk } from '#core/ports';
import { lineSearch } from '#core/run/find/line-search';
import { OutputFinder } from '#core/run/find/output-finder';
import { refusalOf } from '../../../support/fakes/engine-rig.ts';

const encoder = new TextEncoder();

/** Chunks of streams in the order they are written; a text without LF at its end goes on in the next one of its stream. */
class Writing {
  readonly chunks: RawChunk[] = [];
  #seq = 0;
  readonly #n = new Map<string, number>();

  write(text: string, host = 0, stream: 'out' | 'err' = 'out'): this {
    const slices = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
    const firstN = this.#n.get(`${host} ${stream}`) ?? 1;
    this.#n.set(`${host} ${stream}`, firstN + slices - (text.endsWith('\n') ? 0 : 1));
    this.#seq += slices;
    this.chunks.push({ host, stream, firstN, lastSeq: this.#seq, at: 1, bytes: encoder.encode(text) });
    return this;
  }
}

type Query = { text: string; caseSensitive?: boolean; regex?: boolean };

function found({ chunks }: Writing, query: Query | string, limit = 100) {
  const wanted = typeof query === 'string' ? { text: query } : query;
  const finder = new OutputFinder(lineSearch({ caseSensitive: false, regex: false, ...wanted }), limit);
  for (const chunk of chunks) {
    expect([...finder.take(chunk)].length).toBeGreaterThan(0);
  }
  finder.finish();
  return finder.report();
}

const seqs = (hits: readonly FindHit[]): number[] => hits.map(({ seq }) => seq);

describe('the search through stored output', () => {
  it('tells each line that matches, with its place, and counts them by target', () => {
    const writing = new Writing().write('one\nERROR two\n').write('error\n', 1, 'err').write('x\nyerrory\n', 0);
    expect(found(writing, 'error')).toEqual({
      lines: 5,
      bytes: 30,
      hits: [
        { seq: 2, n: 2, host: 0, stream: 'out' },
        { seq: 3, n: 1, host: 1, stream: 'err' },
        { seq: 5, n: 4, host: 0, stream: 'out' },
      ],
      hosts: [
        { host: 0, count: 2, first: 2 },
        { host: 1, count: 1, first: 3 },
      ],
    });
    expect(seqs(found(writing, { text: 'ERROR', caseSensitive: true }).hits)).toEqual([2]);
  });

  it('tells only so many hits one by one and counts the others', () => {
    const { hits, hosts } = found(new Writing().write('a\n'.repeat(50)), 'a', 3);
    expect([seqs(hits), hosts]).toEqual([[1, 2, 3], [{ host: 0, count: 50, first: 1 }]]);
  });

  it('finds what stands over the border of two slices, whatever other streams write between', () => {
    const writing = new Writing().write('xx nee').write('needle\n', 1).write('err', 0, 'err').write('dle yy\n');
    expect(found(writing, 'needle').hits.map(({ seq, n, host }) => [seq, n, host])).toEqual([
      [2, 1, 1],
      [4, 1, 0],
    ]);
    expect(seqs(found(writing, { text: 'n.*dle y', regex: true }).hits)).toEqual([4]);
  });

  it('finds with an expression what a line holds, and its ends where they are', () => {
    const writing = new Writing().write('foo\nfoo bar\nbar foo\n');
    expect(seqs(found(writing, { text: 'foo$', regex: true }).hits)).toEqual([1, 3]);
    expect(seqs(found(writing, { text: '^foo', regex: true }).hits)).toEqual([1, 2]);
    expect(found(writing, { text: 'o b.', regex: true }).hits[0]?.matched).toBe('o ba');
  });

  it('takes the border of two slices for no end and no beginning of the line', () => {
    const open = new Writing().write('foo').write('bar\n');
    expect(found(open, { text: 'foo$', regex: true }).hits).toEqual([]);
    expect(found(open, { text: '^bar', regex: true }).hits).toEqual([]);
    expect(found(open, { text: 'foo\\b', regex: true }).hits).toEqual([]);
    expect(seqs(found(open, { text: 'foobar$', regex: true }).hits)).toEqual([2]);
    expect(seqs(found(new Writing().write('a\nfoo'), { text: 'foo$', regex: true }).hits)).toEqual([2]);
  });

  it('reads through the colours between letters', () => {
    const writing = new Writing().write('\u001B[31mer\u001B[1mror\u001B[0m\n\u001B]0;title\u0007plain\n');
    expect(seqs(found(writing, 'error').hits)).toEqual([1]);
    expect(found(writing, 'title').hits).toEqual([]);
    expect(found(writing, '[31m').hits).toEqual([]);
  });

  it('says what is wrong with an expression', () => {
    const refusal = refusalOf(() => lineSearch({ text: '(', caseSensitive: false, regex: true }));
    expect([refusal.code, refusal.message]).toEqual(['bad-input', expect.stringMatching(/^The expression cannot/)]);
  });

  it('counts the same lines wherever a stream was cut into chunks and slices', () => {
    const text = fc.stringMatching(/^[ab\n]{0,30}$/);
    fc.assert(
      fc.property(
        text,
        fc.array(fc.nat({ max: 30 }), { maxLength: 4 }),
        fc.constantFrom('ab', 'aba', 'b'),
        (all, cuts, word) => {
          const whole = `${all}\n`;
          const places = [0, ...cuts.filter((cut) => cut < whole.length).toSorted((a, b) => a - b), whole.length];
          const writing = new Writing();
          places.slice(1).forEach((end, index) => {
            const piece = whole.slice(places[index], end);
            return piece !== '' && writing.write(piece);
          });
          const expected = whole.split('\n').flatMap((line, index) => (line.includes(word) ? [index + 1] : []));
          for (const regex of [false, true]) {
            const lines = new Set(found(writing, { text: word, regex }).hits.map(({ n }) => n));
            expect([...lines]).toEqual(expected);
          }
        },
      ),
    );
  });
});
