import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutputLine, Stream } from '#contract/run';
import type { OutputChunk, OutputRange } from '#core/ports';
import { eachChunk, eachSpan } from '#adapters/sqlite/log-chunks';
import type { SqliteArchive } from '#adapters/sqlite/sqlite-archive';
import type { Store } from '#adapters/sqlite/store';
import {
  behind,
  chunk,
  endAndPack,
  find,
  hostRow,
  newArchive,
  open,
  refusal,
  result,
  running,
  sha256,
  testFolder,
} from './archive-fixture.ts';

const linesOf = (archive: SqliteArchive, id: string, range: Partial<OutputRange> = {}): OutputLine[] =>
  archive.getLines(id, { limit: 10_000, ...range });

const textsOf = (archive: SqliteArchive, id: string, range: Partial<OutputRange> = {}): string[] =>
  linesOf(archive, id, range).map(({ text }) => text);

describe('output', () => {
  it('gets one number a line, in the order it was stored, over all targets and streams', () => {
    const archive = newArchive();
    const { id } = running(archive, 2);
    expect(archive.appendOutput(id, [chunk('a\nb\n'), chunk('c\n', { host: 1, stream: 'err', at: 9 })])).toBe(3);
    expect(archive.appendOutput(id, [chunk('d\n', { firstN: 3 })])).toBe(4);
    expect(archive.appendOutput(id, [])).toBe(4);
    const common = { host: 0, stream: 'out', at: 1_800_000_000_500, open: false };
    expect(linesOf(archive, id)).toEqual([
      { ...common, seq: 1, n: 1, text: 'a' },
      { ...common, seq: 2, n: 2, text: 'b' },
      { ...common, seq: 3, n: 1, text: 'c', host: 1, stream: 'err', at: 9 },
      { ...common, seq: 4, n: 3, text: 'd' },
    ]);
    expect(find(archive, id)).toMatchObject({ lastSeq: 4, outputBytes: 8, omittedBytes: 0 });
    expect(hostRow(archive, id, 0).out).toMatchObject({ lines: 3, bytes: 6 });
    expect(hostRow(archive, id, 1).err).toMatchObject({ lines: 1, bytes: 2 });
    expect(archive.hostsSince(id, 0, 10).at(-1)?.row.host).toBe(0);
    expect(find(archive, id).rev).toBe(archive.currentRev());
  });

  it('keeps runs apart', () => {
    const archive = newArchive();
    const [one, two] = [running(archive), running(archive)];
    archive.appendOutput(one.id, [chunk('one\n')]);
    expect(archive.appendOutput(two.id, [chunk('two\n')])).toBe(1);
    expect(textsOf(archive, one.id)).toEqual(['one']);
    expect(textsOf(archive, two.id)).toEqual(['two']);
  });

  it('shows a line without its LF: a CR stays, an unfinished one is open, its slices share its number', () => {
    const archive = newArchive();
    const { id } = running(archive);
    archive.appendOutput(id, [chunk('\n\r\nabc\r\nPassword: ')]);
    archive.appendOutput(id, [chunk('more', { firstN: 4 }), chunk(' end\nnext\n', { firstN: 4 })]);
    expect(linesOf(archive, id).map(({ seq, n, text, open: isOpen }) => [seq, n, text, isOpen])).toEqual([
      [1, 1, '', false],
      [2, 2, '\r', false],
      [3, 3, 'abc\r', false],
      [4, 4, 'Password: ', true],
      [5, 4, 'more', true],
      [6, 4, ' end', false],
      [7, 5, 'next', false],
    ]);
    expect(hostRow(archive, id).out.lines).toBe(5);
  });

  it('shows what is no text with replacement marks and keeps its bytes', () => {
    const archive = newArchive();
    const { id } = running(archive);
    const bytes = Uint8Array.from([
      0xef, 0xbb, 0xbf, 0x00, 0xff, 0xc3, 0x0a, 0x1b, 0x5b, 0x32, 0x4a, 0xf0, 0x9f, 0x98, 0x80,
    ]);
    archive.appendOutput(id, [chunk(bytes)]);
    expect(textsOf(archive, id)).toEqual(['\ufeff\0\ufffd\ufffd', '\u001b[2J😀']);
    expect(archive.getRaw(id, { after: 0 }).map((raw) => [...raw.bytes])).toEqual([[...bytes]]);
    expect(archive.streamDigest(id, 0, 'out')).toBe(sha256(bytes));
    expect(archive.streamDigest(id, 0, 'err')).toBe(sha256(''));
  });

  it('is refused when its slices are not what they are said to be, or nobody wrote it', () => {
    const archive = newArchive();
    const { id } = running(archive);
    expect(() => archive.appendOutput(id, [chunk('a\nb\n', { slices: 3 })])).toThrow('3 slices are told of 2');
    expect(() => archive.appendOutput(id, [chunk('')])).toThrow('slices');
    expect(() => archive.appendOutput(id, [chunk('a\n'), chunk('b\n', { host: 9 })])).toThrow('no target 9');
    expect(find(archive, id).lastSeq).toBe(0);
  });

  it('that comes after the result of its target is counted as not stored', () => {
    const archive = newArchive();
    const { id } = running(archive, 2);
    archive.appendOutput(id, [chunk('in time\n')]);
    archive.finishHost(id, 0, result());
    expect(archive.appendOutput(id, [chunk('late\n', { firstN: 2 }), chunk('in time too\n', { host: 1 })])).toBe(2);
    expect(textsOf(archive, id)).toEqual(['in time', 'in time too']);
    expect(find(archive, id)).toMatchObject({ lastSeq: 2, outputBytes: 20, omittedBytes: 5 });
  });
});

/** Runs of random chunks of several targets, as a recorder writes them, and the lines they make. */
const writing = fc.array(
  fc.record({
    host: fc.nat({ max: 3 }),
    stream: fc.constantFrom<Stream>('out', 'err'),
    lines: fc.array(fc.stringMatching(/^[a-z€😀\r ]{0,12}$/u), { minLength: 1, maxLength: 6 }),
    isOpen: fc.boolean(),
  }),
  { minLength: 1, maxLength: 14 },
);

function chunksOf(written: typeof writing extends fc.Arbitrary<infer T> ? T : never): OutputChunk[] {
  const next = new Map<string, number>();
  return written.flatMap(({ host, stream, lines, isOpen }) => {
    const text = `${lines.join('\n')}${isOpen ? '' : '\n'}`;
    if (text === '') {
      return [];
    }
    const key = `${host} ${stream}`;
    const firstN = next.get(key) ?? 1;
    next.set(key, firstN + text.split('\n').length - 1);
    return [chunk(text, { host, stream, firstN })];
  });
}

describe('a page of output', () => {
  const selections = [{}, { host: 1 }, { host: 1, stream: 'err' }, { stream: 'err' }, { stream: 'out' }] as const;

  it.each([false, true])(
    'is a part of the whole, wherever it begins and however it is chosen (packed: %s)',
    (packed) => {
      const archive = newArchive();
      fc.assert(
        fc.property(writing, fc.integer({ min: 1, max: 9 }), (written, limit) => {
          const { id } = running(archive, 4);
          const chunks = chunksOf(written);
          for (let at = 0; at < chunks.length; at += 3) {
            archive.appendOutput(id, chunks.slice(at, at + 3));
          }
          if (packed) {
            endAndPack(archive, id);
          }
          const all = linesOf(archive, id);
          expect(all.map(({ seq }) => seq)).toEqual(all.map((_, at) => at + 1));
          expect(all.length).toBe(find(archive, id).lastSeq);
          for (const selection of selections) {
            const whole = all.filter(
              (line) =>
                (!('host' in selection) || line.host === selection.host) &&
                (!('stream' in selection) || line.stream === selection.stream),
            );
            const forwards: OutputLine[] = [];
            for (let after = 0; ; after = forwards.at(-1)?.seq ?? 0) {
              const page = archive.getLines(id, { ...selection, after, limit });
              if (page.length === 0) {
                break;
              }
              expect(page.length).toBeLessThanOrEqual(limit);
              forwards.push(...page);
            }
            expect(forwards).toEqual(whole);
            for (let before = 1; before <= all.length + 2; before += 3) {
              const earlier = whole.filter(({ seq }) => seq < before);
              expect(archive.getLines(id, { ...selection, before, limit })).toEqual(earlier.slice(-limit));
              const later = earlier.filter(({ seq }) => seq > 2);
              expect(archive.getLines(id, { ...selection, before, after: 2, limit })).toEqual(later.slice(-limit));
            }
            for (const tail of [0, 1, limit, 1000]) {
              const seq = archive.seqBeforeTail(id, { ...selection, tail });
              expect(whole.filter((line) => line.seq > seq)).toEqual(tail === 0 ? [] : whole.slice(-tail));
            }
          }
        }),
        { numRuns: 25 },
      );
    },
  );

  it('reads a line of 10 MB in slices of 64 KB', () => {
    const archive = newArchive();
    const { id } = running(archive);
    const slice = 'é'.repeat(32 * 1024);
    for (let n = 0; n < 160; n += 1) {
      archive.appendOutput(id, [chunk(slice)]);
    }
    archive.appendOutput(id, [chunk('\nnext\n')]);
    expect(find(archive, id)).toMatchObject({ lastSeq: 162, outputBytes: 160 * 65_536 + 6 });
    expect(hostRow(archive, id).out.lines).toBe(2);
    const page = linesOf(archive, id, { after: 158, limit: 10 });
    expect(page.map(({ n, open: isOpen, text }) => [n, isOpen, text.length])).toEqual([
      [1, true, 32_768],
      [1, true, 32_768],
      [1, false, 0],
      [2, false, 4],
    ]);
    const inPages = (): string[] => {
      const texts: string[] = [];
      for (let more = true; more;) {
        const page = textsOf(archive, id, { after: texts.length, limit: 160 - texts.length });
        expect(page.length * 65_536).toBeLessThanOrEqual(1024 * 1024);
        texts.push(...page);
        more = page.length > 0 && texts.length < 160;
      }
      return texts;
    };
    expect(inPages().join('')).toBe(slice.repeat(160));
    const last = linesOf(archive, id, { before: 161, limit: 160 });
    expect([last.length, last[0]?.seq, last.at(-1)?.seq]).toEqual([16, 145, 160]);
    expect(endAndPack(archive, id)).toBeGreaterThan(1);
    expect(inPages().join('')).toBe(slice.repeat(160));
  });

  it('is read along an index of its own, whatever is chosen', () => {
    const folder = testFolder();
    open(folder);
    const db = behind(folder, { readonly: true });
    const plans: string[] = [];
    const explaining = {
      statement: (sql: string) => ({
        iterate(bounds: object) {
          const plan = db.prepare<[object], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(bounds);
          plans.push(plan.map(({ detail }) => detail).join(' '));
          return [].values();
        },
      }),
    } as unknown as Store;
    for (const order of ['rising', 'falling'] as const) {
      for (const selection of selections) {
        eachChunk(explaining, { runNo: 1, selection, after: 0, upTo: 9, order });
        eachSpan(explaining, { runNo: 1, selection, after: 0, upTo: 9, order });
      }
    }
    const range = 'last_seq>? AND last_seq<?';
    expect(plans.filter((plan) => !plan.includes(range) || /SCAN|TEMP/.test(plan))).toEqual([]);
    const expected = [
      'run_no=?',
      'run_no=? AND host=? AND stream=?',
      'run_no=? AND host=? AND stream=?',
      'run_no=? AND stream=?',
      'run_no=? AND stream=?',
    ];
    for (const [at, plan] of plans.entries()) {
      expect(plan).toContain(`(${expected[Math.floor(at / 2) % expected.length]} AND ${range})`);
    }
  });

  it('is read without unpacking what stands before and behind it', () => {
    const folder = testFolder();
    const archive = open(folder);
    const { id } = running(archive, 3);
    for (let round = 0; round < 20; round += 1) {
      archive.appendOutput(
        id,
        [0, 1, 2].map((host) => chunk(`line ${round} of ${host}\n`, { host, firstN: round + 1 })),
      );
    }
    behind(folder).exec(
      `DROP TRIGGER log_chunks_packing; UPDATE log_chunks SET bytes = x'' WHERE last_seq NOT BETWEEN 31 AND 36`,
    );
    const middle = [10, 11].flatMap((round) => [0, 1, 2].map((host) => `line ${round} of ${host}`));
    expect(textsOf(archive, id, { after: 30, limit: 6 })).toEqual(middle);
    expect(textsOf(archive, id, { before: 37, limit: 6 })).toEqual(middle);
    expect(textsOf(archive, id, { before: 37, after: 30 })).toEqual(middle);
    expect(textsOf(archive, id, { host: 1, before: 37, limit: 2 })).toEqual(['line 10 of 1', 'line 11 of 1']);
    expect(textsOf(archive, id, { host: 1, stream: 'out', after: 30, limit: 2 })).toEqual([
      'line 10 of 1',
      'line 11 of 1',
    ]);
    expect(archive.seqBeforeTail(id, { host: 1, tail: 3 })).toBe(52);
    expect(refusal(() => textsOf(archive, id, { after: 29, limit: 6 })).code).toBe('archive-corrupt');
  });
});

describe('a copy of output', () => {
  it('is byte for byte what was stored, in pieces of about 1 MB', () => {
    const archive = newArchive();
    const { id } = running(archive, 2);
    const block = Buffer.alloc(300_000, 'x');
    block[299_999] = 0x0a;
    for (let n = 0; n < 9; n += 1) {
      archive.appendOutput(id, [
        chunk(block, { host: n % 2, firstN: n + 1 }),
        chunk('e\n', { stream: 'err', firstN: n + 1 }),
      ]);
    }
    const read = (selection: { host?: number; stream?: Stream }): Buffer => {
      const parts: Uint8Array[] = [];
      for (let after = 0; ;) {
        const page = archive.getRaw(id, { ...selection, after });
        const last = page.at(-1);
        if (!last) {
          return Buffer.concat(parts);
        }
        expect(page.slice(0, -1).reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThan(1024 * 1024);
        parts.push(...page.map(({ bytes }) => bytes));
        after = last.lastSeq;
      }
    };
    const expected = { out0: sha256(Buffer.concat(Array.from({ length: 5 }, () => block))), all: 2_700_018 };
    for (const packed of [false, true]) {
      if (packed) {
        endAndPack(archive, id);
      }
      expect(sha256(read({ host: 0, stream: 'out' }))).toBe(expected.out0);
      expect(archive.streamDigest(id, 0, 'out')).toBe(expected.out0);
      expect(read({}).length).toBe(expected.all);
      expect(read({ stream: 'err' }).toString()).toBe('e\n'.repeat(9));
    }
  });

  it('can begin inside of what was stored together', () => {
    const archive = newArchive();
    const { id } = running(archive);
    archive.appendOutput(id, [chunk('one\ntwo\nthree')]);
    const [rest] = archive.getRaw(id, { after: 1 });
    expect(Buffer.from(rest?.bytes ?? []).toString()).toBe('two\nthree');
    expect(archive.getRaw(id, { after: 3 })).toEqual([]);
  });
});
