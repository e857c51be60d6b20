import { describe, expect, it } from 'vitest';
import type { Stream } from '#contract/run';
import { sha256 } from '../../support/fakes/node-digest.ts';
import { bytes, RecorderBench } from '../../support/fakes/recorder-bench.ts';

describe('the batches of the recorder', () => {
  it('store the first output after a pause at once', async () => {
    const bench = new RecorderBench();
    bench.write('one\n');
    await bench.clock.advance(0);
    expect(bench.lines()).toEqual(['one']);
    await bench.clock.advance(60);
    bench.write('two\n');
    await bench.clock.advance(0);
    expect(bench.lines()).toEqual(['one', 'two']);
  });

  it('store a burst in one go after 50 ms', async () => {
    const bench = new RecorderBench();
    bench.write('one\n');
    await bench.clock.advance(0);
    for (const line of ['two\n', 'three\n', 'four\n']) {
      bench.write(line);
      await bench.clock.advance(10);
    }
    expect(bench.lines()).toEqual(['one']);
    await bench.clock.advance(20);
    expect(bench.lines()).toEqual(['one', 'two', 'three', 'four']);
    expect(bench.archive.chunksOf(bench.id)).toHaveLength(2);
  });

  it('store 200 lines without waiting', async () => {
    const bench = new RecorderBench();
    bench.write('first\n');
    await bench.clock.advance(0);
    bench.write('line\n'.repeat(199));
    expect(bench.lines()).toHaveLength(1);
    bench.write('line\n');
    expect(bench.lines()).toHaveLength(201);
  });

  it('tell nobody before they are stored', async () => {
    const bench = new RecorderBench();
    bench.write('one\ntwo\n');
    await bench.clock.advance(0);
    expect(bench.seen).toEqual(['one', 'two']);
  });

  it('keep the order of standard output and standard error of a target', async () => {
    const bench = new RecorderBench();
    const written: [string, Stream][] = [
      ['one\n', 'out'],
      ['two\n', 'err'],
      ['three\n', 'err'],
      ['four\nfive\n', 'out'],
      ['six\n', 'err'],
    ];
    for (const [text, stream] of written) {
      bench.write(text, stream);
    }
    await bench.clock.advance(100);
    expect(bench.lines()).toEqual(['one', 'two', 'three', 'four', 'five', 'six']);
  });

  it('store a whole line within 50 ms although an unfinished one of another target waits', async () => {
    const bench = new RecorderBench();
    bench.write('prompt> ', 'out', 0);
    await bench.clock.advance(10);
    bench.write('line\n', 'out', 1);
    await bench.clock.advance(50);
    expect(bench.lines()).toEqual(['line']);
  });

  it('leave no timer behind when nothing waits', async () => {
    const bench = new RecorderBench();
    bench.write('one\ntwo');
    await bench.clock.advance(1_000);
    expect(bench.lines()).toEqual(['one', 'two']);
    expect(bench.clock.waiting).toBe(0);
  });
});

describe('an unfinished line', () => {
  it('is shown after 200 ms of quiet', async () => {
    const bench = new RecorderBench();
    bench.write('Password: ');
    await bench.clock.advance(199);
    expect(bench.lines()).toEqual([]);
    await bench.clock.advance(2);
    expect(bench.lines()).toEqual(['Password: ']);
    bench.write('ok\n');
    await bench.clock.advance(50);
    const lines = bench.archive.getLines(bench.id, { limit: 10 });
    expect(lines.map(({ n, text, open }) => [n, text, open])).toEqual([
      [1, 'Password: ', true],
      [1, 'ok', false],
    ]);
  });

  it('is shown after a second when it never becomes quiet', async () => {
    const bench = new RecorderBench();
    for (let step = 0; step < 10; step += 1) {
      bench.write(`\r${step * 10} %`);
      await bench.clock.advance(100);
    }
    expect(bench.lines()).toHaveLength(1);
  });

  it('is shown when it stands behind 200 whole lines in one piece', async () => {
    const bench = new RecorderBench();
    bench.write(`${'line\n'.repeat(250)}Password: `);
    await bench.clock.advance(250);
    expect(bench.lines().at(-1)).toBe('Password: ');
  });

  it('is stored without delay when its target ends, an unfinished character too', () => {
    const bench = new RecorderBench();
    bench.write(Uint8Array.of(0x61, 0xf0, 0x9f));
    const { out } = bench.recorder.endHost(0);
    expect([...bench.archive.bytesOf(bench.id)]).toEqual([0x61, 0xf0, 0x9f]);
    expect(out).toEqual({ omitted: 0, sha256: sha256(Uint8Array.of(0x61, 0xf0, 0x9f)) });
  });

  it('keeps an unfinished character back until it is whole', async () => {
    const bench = new RecorderBench();
    const cow = bytes('🐂');
    bench.write(Buffer.concat([bytes('a'), cow.subarray(0, 3)]));
    await bench.clock.advance(5_000);
    expect(bench.lines()).toEqual(['a']);
    bench.write(cow.subarray(3));
    await bench.clock.advance(5_000);
    expect(bench.lines()).toEqual(['a', '🐂']);
  });
});

describe('the bytes of the recorder', () => {
  it('are its own: the memory of the caller may be used again at once', async () => {
    const bench = new RecorderBench();
    const buffer = Buffer.from('line\npart');
    bench.recorder.write(0, 'out', buffer);
    buffer.fill('X');
    bench.recorder.write(0, 'out', buffer.subarray(0, 0));
    const { out } = bench.recorder.endHost(0);
    expect(bench.stored()).toBe('line\npart');
    expect(out.sha256).toBe(sha256('line\npart'));
    await bench.clock.advance(1_000);
  });

  it('are those that were written, for binary output and a line of 1 MB', () => {
    const bench = new RecorderBench();
    const binary = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 31 + (index >> 8)) & 0xff);
    const long = new Uint8Array(1024 * 1024).fill(0x61);
    for (let at = 0; at < binary.length; at += 7_777) {
      bench.write(binary.subarray(at, at + 7_777));
    }
    for (let at = 0; at < long.length; at += 65_536) {
      bench.write(long.subarray(at, at + 65_536), 'err');
    }
    const { out, err } = bench.recorder.endHost(0);
    expect(out.sha256).toBe(sha256(binary));
    expect(err.sha256).toBe(sha256(long));
    expect(sha256(bench.archive.bytesOf(bench.id, { stream: 'out' }))).toBe(sha256(binary));
    expect(sha256(bench.archive.bytesOf(bench.id, { stream: 'err' }))).toBe(sha256(long));
  });

  it('have the digest of nothing when a target wrote nothing', () => {
    const { out, err } = new RecorderBench().recorder.endHost(0);
    expect([out, err]).toEqual([
      { omitted: 0, sha256: sha256('') },
      { omitted: 0, sha256: sha256('') },
    ]);
  });
});
