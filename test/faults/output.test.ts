import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OutputFrame, OutputLine } from '#contract/run';
import { type DroverProcess, DroverSite, testSite } from '../support/drover-process.ts';
import { ended, linesOf, present, startRun, untilPrinted } from './runs.ts';

const isLong = process.env['DROVER_SOAK'] === '1';
const mb = 1024 * 1024;
const sliceBytes = 64 * 1024;
const longestLine = (isLong ? 1024 : 200) * mb;
const floodLines = isLong ? 6_000_000 : 400_000;

/** The digest of what `drover output` prints with these words, and how many bytes that are. */
async function printed(site: DroverSite, words: readonly string[]): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const { code, err } = await site.run(['output', ...words], {
    onOut: (piece) => {
      hash.update(piece);
      bytes += piece.length;
    },
  });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return { sha256: hash.digest('hex'), bytes };
}

/** Hands over the lines of a run until it has ended or `act` says that it is enough. */
async function follow(site: DroverSite, run: string, act: (frame: OutputFrame) => boolean): Promise<void> {
  const enough = new AbortController();
  const onItem = (frame: OutputFrame): void => {
    if (!enough.signal.aborted && !act(frame)) {
      enough.abort();
    }
  };
  await site.client.follow('run.output', { run }, { onItem, signal: enough.signal });
}

describe('much output', () => {
  let site: DroverSite;
  let engine: DroverProcess;
  beforeAll(async () => {
    site = new DroverSite();
    engine = await site.serve();
  });
  afterAll(() => site.close());

  it(`may be one line of ${longestLine / mb} MB, and neither storing nor reading it fills the memory`, async () => {
    const id = await startRun(site, `head -c ${longestLine} /dev/zero | tr '\\0' a`);
    const { run, host } = await ended(site, id, 600_000);
    expect(run).toMatchObject({ status: 'success', outputBytes: longestLine, omittedBytes: 0 });
    const hash = createHash('sha256');
    for (let left = longestLine; left > 0; left -= mb) {
      hash.update(Buffer.alloc(mb, 'a'));
    }
    const sha256 = hash.digest('hex');
    expect(host.out).toEqual({ lines: 1, bytes: longestLine, omitted: 0, sha256 });
    const storing = engine.peakMb;
    expect(await printed(site, [String(run.no), '--raw'])).toEqual({ sha256, bytes: longestLine });
    for (const range of [{}, { before: run.lastSeq + 1 }]) {
      const page = await site.client.call('run.lines', { run: id, ...range, limit: 5_000 });
      expect(page.more).toBe(true);
      expect(page.lines.filter(({ n, text }) => n !== 1 || text.length > sliceBytes)).toEqual([]);
    }
    let seen = 0;
    await follow(site, id, (frame) => {
      seen += frame.kind === 'lines' ? frame.lines.reduce((sum, { text }) => sum + text.length, 0) : 0;
      return seen < 32 * mb;
    });
    expect(seen).toBeGreaterThanOrEqual(32 * mb);
    const peaks = `${storing.toFixed(0)} MB to store, ${engine.peakMb.toFixed(0)} MB to read`;
    process.stdout.write(`one line of ${longestLine / mb} MB: ${peaks}\n`);
    expect(engine.peakMb).toBeLessThan(isLong ? 600 : 400);
  }, 900_000);

  it('is kept to the byte when it is no text', async () => {
    const file = join(site.folder, 'random');
    const id = await startRun(site, `head -c ${50 * mb} /dev/urandom > ${file}; sha256sum ${file} >&2; cat ${file}`);
    const { run, host } = await ended(site, id, 120_000);
    const [error] = (await site.client.call('run.lines', { run: id, stream: 'err', limit: 1 })).lines;
    const sha256 = error?.text.slice(0, 64);
    expect(host.out).toMatchObject({ bytes: 50 * mb, omitted: 0, sha256 });
    expect(await printed(site, [String(run.no), '--raw', '--stream', 'out'])).toEqual({ sha256, bytes: 50 * mb });
  }, 120_000);

  it(`may be ${floodLines} lines as fast as they can be written, each stored once and seen in order`, async () => {
    const id = await startRun(site, `seq ${floodLines}`);
    let [seq, n, text] = [0, 1, ''];
    const wrong: OutputLine[] = [];
    await follow(site, id, (frame) => {
      for (const line of frame.kind === 'lines' ? frame.lines : []) {
        seq += 1;
        text += line.text;
        if (line.seq !== seq || line.n !== n || (!line.open && text !== String(n))) {
          wrong.push(line);
        }
        // A line whose end is late is shown in parts.
        if (!line.open) {
          [n, text] = [n + 1, ''];
        }
      }
      return wrong.length === 0;
    });
    expect(wrong.slice(0, 3)).toEqual([]);
    expect({ n, text }).toEqual({ n: floodLines + 1, text: '' });
    const { run, host } = await present(site, id);
    const whole = Array.from({ length: floodLines }, (_, index) => `${index + 1}\n`).join('');
    const sha256 = createHash('sha256').update(whole).digest('hex');
    expect(host.out).toEqual({ lines: floodLines, bytes: whole.length, omitted: 0, sha256 });
    const rate = Math.round(floodLines / ((run.durationMs ?? 0) / 1_000));
    process.stdout.write(`flood: ${rate} lines/s stored, peak ${engine.peakMb.toFixed(0)} MB\n`);
  }, 300_000);
});

describe('output', () => {
  let site: DroverSite;
  beforeAll(async () => {
    site = new DroverSite();
    await site.serve();
  });
  afterAll(() => site.close());

  /** What a script wrote, when it has ended. */
  async function written(text: string): Promise<{ id: string; lines: string[] }> {
    const id = await startRun(site, text);
    await ended(site, id);
    return { id, lines: (await linesOf(site, id)).map((line) => line.text) };
  }

  it('has whole characters however they were cut', async () => {
    const bytes = [...Buffer.from('ä€😀')].map((byte) => `\\${byte.toString(8)}`);
    const { lines } = await written(`${bytes.map((byte) => `printf '${byte}'`).join('; sleep 0.3; ')}; echo`);
    expect(lines.join('')).toBe('ä€😀');
  });

  it('shows a progress bar as it grows and keeps its bytes', async () => {
    const id = await startRun(
      site,
      `printf '10%%\\r'; while [ ! -e "$TEST_SITE/seen" ]; do sleep 0.02; done; printf '20%%\\r'; echo done`,
    );
    await untilPrinted(site, id, '10%\r');
    writeFileSync(join(site.folder, 'seen'), '');
    const { run, host } = await ended(site, id);
    const lines = await linesOf(site, id);
    expect(lines.map(({ n, text, open }) => ({ n, text, open }))).toEqual([
      { n: 1, text: '10%\r', open: true },
      { n: 1, text: '20%\rdone', open: false },
    ]);
    expect(host.out.lines).toBe(1);
    expect((await site.run(['output', String(run.no), '--raw'])).out).toBe('10%\r20%\rdone\n');
  });

  it('keeps the order of both streams, as they were written', async () => {
    const step = (stream: number, index: number): string =>
      `echo ${index} >&${stream}; while [ ! -e "$TEST_SITE/step-${index}" ]; do sleep 0.02; done`;
    const id = await startRun(site, [1, 2, 3, 4].map((index) => step(1 + (index % 2), index)).join('\n'));
    for (const index of [1, 2, 3, 4]) {
      await untilPrinted(site, id, String(index));
      writeFileSync(join(site.folder, `step-${index}`), '');
    }
    await ended(site, id);
    expect((await linesOf(site, id)).map(({ seq, stream, text }) => [seq, stream, text])).toEqual([
      [1, 'err', '1'],
      [2, 'out', '2'],
      [3, 'err', '3'],
      [4, 'out', '4'],
    ]);
  });

  it('is that of commands which read standard input and leave the script alone', async () => {
    expect((await written('cat; echo after')).lines).toEqual(['after']);
    expect(await site.exec(['--stdin', '-', '--', 'cat; echo after'], { input: 'given\n' })).toMatchObject({
      out: 'given\nafter\n',
    });
  });

  it('is the same for whoever looks on, however often the connection breaks', async () => {
    const id = await startRun(site, 'for i in $(seq 100); do seq 100; echo "end $i" >&2; sleep 0.01; done');
    const watch = async (watcher: number): Promise<OutputLine[]> => {
      const lines: OutputLine[] = [];
      for (let [breaks, isOver] = [0, false]; !isOver;) {
        const connection = new AbortController();
        const onItem = (frame: OutputFrame): void => {
          if (connection.signal.aborted) {
            return;
          }
          isOver = frame.kind !== 'lines';
          lines.push(...(frame.kind === 'lines' ? frame.lines : []));
          if (breaks < 20 && lines.length > breaks * (40 + watcher)) {
            breaks += 1;
            connection.abort();
          }
        };
        const query = { run: id, after: lines.at(-1)?.seq ?? 0 };
        await site.client.follow('run.output', query, { onItem, signal: connection.signal });
      }
      return lines;
    };
    const seen = await Promise.all(Array.from({ length: 10 }, (_, watcher) => watch(watcher)));
    const stored = await linesOf(site, id);
    expect(stored.at(-1)?.seq).toBe(stored.length);
    expect(stored.length).toBeGreaterThanOrEqual(10_100);
    seen.forEach((lines) => expect(lines).toEqual(stored));
    const whole = (stream: 'out' | 'err'): string =>
      stored.flatMap((line) => (line.stream === stream ? [line.text, line.open ? '' : '\n'] : [])).join('');
    const { host } = await present(site, id);
    expect(createHash('sha256').update(whole('out')).digest('hex')).toBe(host.out.sha256);
    expect(createHash('sha256').update(whole('err')).digest('hex')).toBe(host.err.sha256);
  });

  it('beyond a limit is counted to the byte and said', async () => {
    const small = testSite();
    small.configure({ limits: { outputPerStreamBytes: 100_000, outputPerRunBytes: 150_000 } });
    const end = await small.exec(['--', 'seq 50000; seq 20000 >&2; exit 3']);
    const [out, err] = [288_894, 108_894];
    const shown = JSON.parse((await small.run(['show', '1', '--json'])).out) as object;
    expect(shown).toMatchObject({
      hosts: [
        {
          out: { bytes: 100_000, omitted: out - 100_000 },
          err: { bytes: 50_000, omitted: err - 50_000 },
          exitCode: 3,
        },
      ],
      run: { outputBytes: 150_000, omittedBytes: out + err - 150_000, status: 'failed' },
    });
    expect(end.code).toBe(1);
    expect(end.err).toContain(`${out + err - 150_000} bytes of output were over the limit and are not kept`);
  });
});
