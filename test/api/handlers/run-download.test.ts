import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { DownloadQuery, Stream } from '#contract/run';
import type { FileReply } from '#contract';
import { downloadOutput } from '#api/handlers/run-download';
import { OutputRecorder } from '#core/run/output-recorder';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';
import { anna, refusalOf, storeRun } from '../../support/fakes/engine-rig.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';
import { FakeDisk } from '../../support/fakes/fake-disk.ts';
import { MemoryArchive } from '../../support/fakes/memory-archive.ts';
import { nodeDigest } from '../../support/fakes/node-digest.ts';

vi.setConfig({ testTimeout: 60_000 });

type Write = { readonly host: number; readonly stream: Stream; readonly content: Uint8Array };
type Query = Omit<DownloadQuery, 'run'>;

/** A run of two targets that wrote this. */
function written(writes: readonly Write[]): { archive: MemoryArchive; id: string } {
  const archive = new MemoryArchive({ rawPageBytes: 1_000 });
  const id = storeRun(archive, 2);
  const recorder = new OutputRecorder(
    { archive, clock: new FakeClock(), digest: nodeDigest, disk: new FakeDisk(), log: new CollectingLog() },
    { id, limits: () => ({ perStream: 1e9, perRun: 1e9, minFreeShare: 0 }), onStored: () => undefined },
  );
  for (const { host, stream, content } of writes) {
    recorder.write(host, stream, content);
    recorder.flush();
  }
  recorder.close();
  return { archive, id };
}

async function read({ body }: FileReply): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of body) {
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function reply({ archive, id }: ReturnType<typeof written>, query: Query): FileReply {
  const run = archive.findRun(anna.teamId, id);
  if (!run) {
    throw new Error('no run');
  }
  return downloadOutput(archive, run, { run: id, ...query });
}

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const two: Write[] = [
  { host: 0, stream: 'out', content: text('one\ntwo\n') },
  { host: 1, stream: 'err', content: text('bad\xa0\n') },
  { host: 0, stream: 'out', content: text('three') },
];

describe('a download', () => {
  it('gives the stored bytes as they came, of a run, a target or a stream, over any number of pages', async () => {
    const aWrite = fc.record({
      host: fc.nat({ max: 1 }),
      stream: fc.constantFrom<Stream>('out', 'err'),
      content: fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 400 }), fc.constant(text('line\n'.repeat(500)))),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(aWrite, { maxLength: 15 }), async (writes) => {
        const run = written(writes);
        for (const host of [0, 1]) {
          for (const stream of ['out', 'err'] as const) {
            const wanted = writes.filter((write) => write.host === host && write.stream === stream);
            const given = await read(reply(run, { format: 'raw', host, stream }));
            expect(given.equals(Buffer.concat(wanted.map(({ content }) => content)))).toBe(true);
          }
        }
        const all = await read(reply(run, { format: 'raw' }));
        expect(all.equals(run.archive.bytesOf(run.id))).toBe(true);
        expect(all).toHaveLength(writes.reduce((sum, { content }) => sum + content.length, 0));
      }),
      { numRuns: 100 },
    );
  });

  it('gives one object a line, as the archive has them', async () => {
    const run = written([...two, { host: 1, stream: 'out', content: text('line\n'.repeat(4_500)) }]);
    const lines = (await read(reply(run, { format: 'jsonl' }))).toString().trimEnd().split('\n');
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual(run.archive.getLines(run.id, { limit: 100_000 }));
    const errors = (await read(reply(run, { format: 'jsonl', stream: 'err' }))).toString();
    expect(errors.match(/\n/g)).toHaveLength(1);
  });

  it('reads long lines in small pages', async () => {
    const run = written([{ host: 0, stream: 'out', content: new Uint8Array(6 * 1024 * 1024).fill(0x61) }]);
    const sizes: number[] = [];
    for await (const part of reply(run, { format: 'text' }).body) {
      sizes.push(part.length);
    }
    expect(sizes.length).toBeGreaterThan(3);
    expect(Math.max(...sizes)).toBeLessThan(4 * 1024 * 1024);
  });

  it('gives text with time, target and stream', async () => {
    const given = (await read(reply(written(two), { format: 'text' }))).toString();
    expect(given.split('\n').map((line) => line.replace(/^\S+Z /, ''))).toEqual([
      't0 out one',
      't0 out two',
      't1 err bad\xa0',
      't0 out three',
      '',
    ]);
  });

  it('is named after the run and what was chosen of it', () => {
    const run = written([]);
    const named = (query: Query): [string, string] => {
      const { name, contentType } = reply(run, query);
      return [name, contentType];
    };
    expect(named({ format: 'raw' })).toEqual(['run-1-output.log', 'application/octet-stream']);
    expect(named({ format: 'text', host: 1 })).toEqual(['run-1-target-1-output.txt', 'text/plain; charset=utf-8']);
    expect(named({ format: 'jsonl', host: 0, stream: 'err' })).toEqual([
      'run-1-target-0-stderr.jsonl',
      'application/x-ndjson',
    ]);
  });

  it('is empty for a run without output', async () => {
    for (const format of ['raw', 'text', 'jsonl'] as const) {
      expect(await read(reply(written([]), { format }))).toHaveLength(0);
    }
  });

  it('is refused for a run whose output was removed, and breaks off when that happens meanwhile', async () => {
    const site = written(two);
    const run = site.archive.getDetail(site.id).run;
    const purged = { at: Date.UTC(2026, 4, 1), rule: 'age', limit: 180 } as const;
    const query = { run: site.id, format: 'raw' } as const;
    const refused = refusalOf(() => downloadOutput(site.archive, { ...run, purged }, query));
    expect(refused.code).toBe('output-purged');
    expect(refused.message).toContain('removed by policy on 2026-05-01; its record is kept');
    const detail = site.archive.getDetail(site.id);
    for (const format of ['raw', 'text', 'jsonl'] as const) {
      const body = downloadOutput(site.archive, run, { ...query, format });
      vi.spyOn(site.archive, 'getDetail').mockReturnValue({ ...detail, run: { ...run, purged } });
      await expect(read(body)).rejects.toThrow('was removed by policy');
    }
  });
});
