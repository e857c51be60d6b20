import { describe, expect, it } from 'vitest';
import {
  behind,
  chunk,
  endAndPack,
  newArchive,
  open,
  packAll,
  refusal,
  result,
  running,
  sha256,
  start,
  testFolder,
} from './archive-fixture.ts';

describe('packing', () => {
  it('makes an ended run smaller, step by step, and a live one not at all', () => {
    const folder = testFolder();
    const archive = open(folder);
    const { id } = running(archive);
    const dull = Buffer.from('all is well\n'.repeat(40_000));
    const wild = Buffer.from(Array.from({ length: 3000 }, (_, at) => (at * 7919 * (at ^ 77)) % 251)).map((byte) =>
      byte === 10 ? 11 : byte,
    );
    for (let n = 0; n < 12; n += 1) {
      archive.appendOutput(id, [chunk(dull, { firstN: n * 40_000 + 1 })]);
    }
    archive.appendOutput(id, [chunk(wild, { stream: 'err' }), chunk('tiny\n', { stream: 'err' })]);
    expect(archive.packOutput(id)).toBe(false);
    expect(archive.unpackedRuns(10)).toEqual([]);
    archive.finishHost(id, 0, result());
    archive.moveRun(id, 'running', { status: 'success', phase: 'ok' });
    expect(archive.unpackedRuns(10)).toEqual([id]);
    expect(archive.packOutput(id)).toBe(true);
    expect(archive.unpackedRuns(10)).toEqual([id]);
    while (archive.packOutput(id)) {
      expect(archive.unpackedRuns(10)).toEqual([id]);
    }
    expect(archive.unpackedRuns(10)).toEqual([]);
    const stored = behind(folder, { readonly: true })
      .prepare<[], { encoding: string; kept: number; size: number }>(
        'SELECT encoding, length(bytes) AS kept, size FROM log_chunks ORDER BY last_seq',
      )
      .all();
    expect(stored.slice(0, 12).every(({ encoding, kept, size }) => encoding === 'zstd' && kept < size / 50)).toBe(true);
    expect(stored.slice(12).every(({ kept, size }) => kept <= size)).toBe(true);
    expect(stored.at(-1)).toEqual({ encoding: 'raw', kept: 5, size: 5 });
    expect(archive.streamDigest(id, 0, 'err')).toBe(sha256(Buffer.concat([wild, Buffer.from('tiny\n')])));
  });

  it('goes on where a stop has left it', () => {
    const folder = testFolder();
    const archive = open(folder);
    const { id } = running(archive);
    const block = Buffer.from('some line\n'.repeat(200_000));
    for (let n = 0; n < 6; n += 1) {
      archive.appendOutput(id, [chunk(block, { firstN: n * 200_000 + 1 })]);
    }
    archive.finishHost(id, 0, result());
    archive.moveRun(id, 'running', { status: 'success', phase: 'ok' });
    expect(archive.packOutput(id)).toBe(true);
    archive.close();
    const again = open(folder);
    expect(again.unpackedRuns(1)).toEqual([id]);
    packAll(again, id);
    expect(again.unpackedRuns(1)).toEqual([]);
    expect(again.streamDigest(id, 0, 'out')).toBe(sha256(Buffer.concat(Array.from({ length: 6 }, () => block))));
  });

  it('names ended runs only, oldest first', () => {
    const archive = newArchive();
    const ids = [1, 2, 3, 4].map(() => start(archive).id);
    for (const id of ids.slice(1)) {
      archive.moveRun(id, 'pending', { status: 'failed', phase: 'refused' });
    }
    expect(archive.unpackedRuns(2)).toEqual(ids.slice(1, 3));
    expect(archive.packOutput(ids[1] ?? '')).toBe(false);
    expect(archive.unpackedRuns(9)).toEqual(ids.slice(2));
  });
});

describe('damaged output', () => {
  it('is named as damage of the archive, not shown as something else', () => {
    const folder = testFolder();
    const archive = open(folder);
    const { id } = running(archive);
    archive.appendOutput(id, [chunk('some line\n'.repeat(1000))]);
    endAndPack(archive, id);
    const db = behind(folder);
    db.exec(`DROP TRIGGER log_chunks_packing; UPDATE log_chunks SET bytes = x'28b52ffd00'`);
    expect(refusal(() => archive.getLines(id, { limit: 10 })).code).toBe('archive-corrupt');
    expect(refusal(() => archive.getRaw(id, { after: 0 })).code).toBe('archive-corrupt');
  });
});
