import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Stream } from '#contract/run';
import { noSpaceFor } from '../../support/fakes/memory-archive.ts';
import { sha256 } from '../../support/fakes/node-digest.ts';
import { bytes, RecorderBench } from '../../support/fakes/recorder-bench.ts';

vi.setConfig({ testTimeout: 60_000 });

describe('the limits of the recorder', () => {
  it('keep a stream to the byte and count the rest', () => {
    const bench = new RecorderBench({ perStream: 10 });
    bench.write('12345\n');
    bench.write('789012345');
    bench.write('more\n');
    bench.write('err\n', 'err');
    const { out, err } = bench.recorder.endHost(0);
    expect(bench.stored()).toBe('12345\n7890');
    expect(out).toEqual({ omitted: 10, sha256: sha256('12345\n7890') });
    expect(err).toEqual({ omitted: 0, sha256: sha256('err\n') });
    expect(bench.omitted).toBe(10);
  });

  it('keep a run to the byte over its targets', () => {
    const bench = new RecorderBench({ perRun: 10 });
    bench.write('123456\n', 'out', 0);
    bench.write('123456\n', 'out', 1);
    expect(bench.recorder.endHost(0).out.omitted).toBe(0);
    expect(bench.recorder.endHost(1).out.omitted).toBe(4);
    expect(bench.archive.getDetail(bench.id).run).toMatchObject({ outputBytes: 10, omittedBytes: 4 });
  });

  it('store or count every byte once, whatever is written when and whatever fails', async () => {
    const aWrite = fc.record({
      host: fc.nat({ max: 1 }),
      stream: fc.constantFrom<Stream>('out', 'err'),
      content: fc.oneof(
        fc.uint8Array({ maxLength: 30 }),
        fc.constant(bytes('line\n'.repeat(210))),
        fc.constant(bytes('€'.repeat(30_000))),
      ),
      pause: fc.constantFrom(0, 0, 5, 60, 250),
      full: fc.constantFrom<'nothing' | 'append' | 'share'>('nothing', 'nothing', 'nothing', 'append', 'share'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(aWrite, { maxLength: 20 }),
        fc.constantFrom(100, 1_000, 80_000, 1e9),
        fc.constantFrom(150, 5_000, 100_000, 1e9),
        async (writes, perStream, perRun) => {
          const bench = new RecorderBench({ perStream, perRun });
          let given = 0;
          for (const { host, stream, content, pause, full } of writes) {
            bench.archive.failure = full === 'append' ? noSpaceFor('appendOutput') : () => undefined;
            bench.disk.share = full === 'share' ? 0.01 : 0.5;
            bench.write(content, stream, host);
            given += content.length;
            await bench.clock.advance(pause);
          }
          bench.archive.failure = () => undefined;
          const ends = [bench.recorder.endHost(0), bench.recorder.endHost(1)];
          bench.recorder.close();
          let omitted = 0;
          for (const [host, end] of ends.entries()) {
            for (const stream of ['out', 'err'] as const) {
              const kept = bench.archive.bytesOf(bench.id, { host, stream });
              expect(end[stream].sha256).toBe(sha256(kept));
              expect(kept.length).toBeLessThanOrEqual(perStream);
              omitted += end[stream].omitted;
            }
          }
          const { run } = bench.archive.getDetail(bench.id);
          expect(run.outputBytes).toBeLessThanOrEqual(perRun);
          expect(run.outputBytes + omitted).toBe(given);
          expect(run.omittedBytes).toBe(omitted);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('leave out output while the disk is nearly full, go on afterwards and number the lines as they were written', () => {
    const bench = new RecorderBench();
    bench.write('one\ntwo');
    bench.disk.share = 0.01;
    // What the disk has is looked at again after 4 MB.
    bench.write(new Uint8Array(4 * 1024 * 1024).fill(0x61));
    bench.write(' gone\nthree\nfo');
    bench.disk.share = 0.5;
    bench.write('ur\nfive\n');
    const { out } = bench.recorder.endHost(0);
    const lines = bench.wholeLines();
    expect(out.omitted).toBe(' gone\nthree\nfo'.length);
    expect(lines.filter(({ n }) => n !== 2).map(({ n, text }) => [n, text])).toEqual([
      [1, 'one'],
      [4, 'ur'],
      [5, 'five'],
    ]);
  });

  it('number a line behind a gap by its place even when it is stored together with what stood before', () => {
    const bench = new RecorderBench();
    bench.write(`${'a'.repeat(4 * 1024 * 1024)}\n`);
    bench.disk.share = 0.01;
    bench.write('two\nthree\n');
    bench.disk.share = 0.5;
    bench.write('four\n');
    bench.recorder.endHost(0);
    const last = bench.wholeLines().at(-1);
    expect(last).toMatchObject({ n: 4, text: 'four' });
  });
});

describe('a disk that takes no output', () => {
  it('costs output and not the run: what was lost is counted and the digest is that of what is stored', async () => {
    const bench = new RecorderBench();
    bench.write('kept\n');
    await bench.clock.advance(60);
    bench.archive.failure = noSpaceFor('appendOutput');
    bench.write('lost\n');
    await bench.clock.advance(60);
    bench.write('lost too\n');
    await bench.clock.advance(60);
    bench.archive.failure = () => undefined;
    bench.write('kept again\n');
    const { out } = bench.recorder.endHost(0);
    expect(bench.stored()).toBe('kept\nkept again\n');
    expect(out).toEqual({ omitted: 14, sha256: sha256('kept\nkept again\n') });
    expect(bench.omitted).toBe(14);
    expect(bench.log.messages('warn')).toEqual(['output could not be stored']);
    expect(bench.log.messages('error')).toEqual([]);
  });

  it('gives back the room of a run that its lost bytes had taken', async () => {
    const bench = new RecorderBench({ perRun: 10 });
    bench.archive.failure = noSpaceFor('appendOutput');
    bench.write('1234567\n');
    await bench.clock.advance(60);
    bench.archive.failure = () => undefined;
    bench.write('abcdefg\n');
    bench.recorder.endHost(0);
    expect(bench.stored()).toBe('abcdefg\n');
  });

  it('delays the count of omitted bytes until there is room, and counts them once', async () => {
    const bench = new RecorderBench({ perStream: 3 });
    bench.archive.failure = noSpaceFor('addOmitted');
    bench.write('12345');
    bench.recorder.endHost(0);
    await bench.clock.advance(5_000);
    expect(bench.omitted).toBe(0);
    bench.archive.failure = () => undefined;
    await bench.clock.advance(5_000);
    expect(bench.omitted).toBe(2);
  });

  it('is told apart from a failure of the archive, which is logged as an error', async () => {
    const bench = new RecorderBench();
    bench.archive.failure = (name) => (name === 'appendOutput' ? new Error('broken') : undefined);
    bench.write('lost\n');
    await bench.clock.advance(0);
    expect(bench.recorder.endHost(0).out.omitted).toBe(5);
    expect(bench.log.messages('error')).toEqual(['output could not be stored']);
  });
});

describe('what comes too late', () => {
  it('is only counted after its target has ended, at most once a second and not for the target', async () => {
    const bench = new RecorderBench();
    bench.write('kept\n');
    const ends = bench.recorder.endHost(0);
    bench.write('late\n');
    bench.write('later\n', 'err');
    await bench.clock.advance(2_000);
    bench.write('last\n');
    await bench.clock.advance(2_000);
    expect(bench.stored()).toBe('kept\n');
    expect(bench.stored(0, 'err')).toBe('');
    expect(bench.omitted).toBe(16);
    expect(bench.recorder.endHost(0)).toEqual(ends);
  });

  it('is only counted after the recorder was closed, which stores what was unfinished', async () => {
    const bench = new RecorderBench();
    bench.write('unfinished');
    bench.recorder.close();
    bench.write('late\n', 'out', 1);
    await bench.clock.advance(2_000);
    expect(bench.lines()).toEqual(['unfinished']);
    expect(bench.omitted).toBe(5);
    expect(bench.clock.waiting).toBe(0);
  });
});
