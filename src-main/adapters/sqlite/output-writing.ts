import { zstdCompressSync } from 'node:zlib';
import type { HostStatus } from '#contract/run';
import type { Archive, OutputChunk } from '#core/ports';
import { type ChunkRow, measure } from './log-chunks.ts';
import { placeOf, type RunPlace } from './run-rows.ts';
import { addOmittedBytes, type Writing } from './run-writing.ts';

type OutputWriting = Pick<Archive, 'appendOutput' | 'packOutput' | 'unpackedRuns'>;

/** Stores output and packs that of ended runs. */
export function outputWriting(writing: Writing): OutputWriting {
  const { store } = writing;
  return {
    appendOutput: (runId, chunks) =>
      store.write('appendOutput', 'output', () => appendOutput(writing, { place: placeOf(store, runId), chunks })),
    packOutput: (runId) => store.write('packOutput', 'output', () => packSome(writing, placeOf(store, runId))),
    unpackedRuns: (limit) =>
      store.read('unpackedRuns', () =>
        store
          .statement<[number], { id: string }>(
            `SELECT r.id FROM run_progress p JOIN runs r ON r.no = p.run_no
             WHERE p.packed = 0 AND r.status IN ('success', 'failed', 'timeout', 'cancelled') ORDER BY p.run_no LIMIT ?`,
          )
          .all(limit)
          .map(({ id }) => id),
      ),
  };
}

type Append = { readonly place: RunPlace; readonly chunks: readonly OutputChunk[] };
type Growth = {
  readonly host: number;
  readonly attempt: number;
  outLines: number;
  outBytes: number;
  errLines: number;
  errBytes: number;
};

function appendOutput(writing: Writing, { place, chunks }: Append): number {
  const { store, numbers } = writing;
  const ended = endedTargets(writing, { place, chunks });
  const growths = new Map<string, Growth>();
  let [seq, bytes, late] = [lastSeqOf(writing, place), 0, 0];
  if (chunks.length === 0) {
    return seq;
  }
  for (const chunk of chunks) {
    if (ended.has(keyOf(chunk))) {
      late += chunk.bytes.length;
      continue;
    }
    grow(growths, chunk);
    insertChunk(writing, { place, chunk, firstSeq: seq + 1 });
    seq += chunk.slices;
    bytes += chunk.bytes.length;
  }
  let rev = numbers.revs(growths.size + 1);
  for (const growth of growths.values()) {
    store
      .statement(
        `UPDATE host_results SET
           out_lines = max(out_lines, @outLines), out_bytes = out_bytes + @outBytes,
           err_lines = max(err_lines, @errLines), err_bytes = err_bytes + @errBytes, rev = @rev
         WHERE step_no = @stepNo AND attempt = @attempt AND host = @host`,
      )
      .run({ ...growth, stepNo: place.stepNo, rev });
    rev += 1;
  }
  store
    .statement<[number, number, number, number]>(
      `UPDATE run_progress SET last_seq = ?, output_bytes = output_bytes + ?, rev = ? WHERE run_no = ?`,
    )
    .run(seq, bytes, rev, place.runNo);
  if (late > 0) {
    addOmittedBytes(writing, { runNo: place.runNo, bytes: late });
  }
  return seq;
}

const keyOf = ({ host, attempt }: Pick<OutputChunk, 'host' | 'attempt'>): string => `${host} ${attempt}`;

/** Targets whose result is final: it says how much they wrote, so that what comes later is counted as not stored. */
function endedTargets({ store }: Writing, { place, chunks }: Append): ReadonlySet<string> {
  const status = store.statement<[number, number, number], { status: HostStatus }>(
    'SELECT status FROM host_results WHERE step_no = ? AND attempt = ? AND host = ?',
  );
  const ended = new Set<string>();
  const seen = new Set<string>();
  for (const { host, attempt } of chunks) {
    const key = keyOf({ host, attempt });
    if (!seen.has(key)) {
      seen.add(key);
      const found = status.get(place.stepNo, attempt, host)?.status;
      if (found === undefined) {
        throw new Error(`no target ${host} in run number ${place.runNo}`);
      }
      if (!['pending', 'running', 'cancelling'].includes(found)) {
        ended.add(key);
      }
    }
  }
  return ended;
}

function grow(growths: Map<string, Growth>, chunk: OutputChunk): void {
  const { host, attempt, stream, firstN, slices, bytes } = chunk;
  const { ended, open } = measure(bytes);
  if (bytes.length === 0 || slices !== ended + (open ? 1 : 0)) {
    throw new Error(`${slices} slices are told of ${ended + (open ? 1 : 0)} in ${bytes.length} bytes`);
  }
  const lastN = firstN + slices - 1;
  const key = keyOf(chunk);
  const growth = growths.get(key) ?? { host, attempt, outLines: 0, outBytes: 0, errLines: 0, errBytes: 0 };
  growth[`${stream}Lines`] = Math.max(growth[`${stream}Lines`], lastN);
  growth[`${stream}Bytes`] += bytes.length;
  growths.set(key, growth);
}

type Insert = { readonly place: RunPlace; readonly chunk: OutputChunk; readonly firstSeq: number };

function insertChunk({ store }: Writing, { place, chunk, firstSeq }: Insert): void {
  store
    .statement(
      `INSERT INTO log_chunks
         (run_no, step_no, host, attempt, stream, first_seq, last_seq, first_n, at, size, encoding, bytes)
       VALUES (@runNo, @stepNo, @host, @attempt, @stream, @firstSeq, @lastSeq, @firstN, @at, @size, 'raw', @bytes)`,
    )
    .run({ ...chunk, ...place, firstSeq, lastSeq: firstSeq + chunk.slices - 1, size: chunk.bytes.length });
}

function lastSeqOf({ store }: Writing, { runNo }: RunPlace): number {
  return (
    store
      .statement<[number], { lastSeq: number }>('SELECT last_seq AS lastSeq FROM run_progress WHERE run_no = ?')
      .get(runNo)?.lastSeq ?? 0
  );
}

/** What one call may handle and how long it may take, so that the loop is soon free again. */
const packBytes = 4 * 1024 * 1024;
const packMs = 20;
/** Below this packing gains less than it costs to unpack. */
const leastBytes = 256;

/** Packs the next part of an ended run's output; true when there is more. */
function packSome({ store }: Writing, { runNo }: RunPlace): boolean {
  const progress = store
    .statement<[number], { packedSeq: number; packed: number; lastSeq: number }>(
      `SELECT p.packed_seq AS packedSeq, p.packed, p.last_seq AS lastSeq FROM run_progress p JOIN runs r ON r.no = p.run_no
       WHERE p.run_no = ? AND r.status IN ('success', 'failed', 'timeout', 'cancelled')`,
    )
    .get(runNo);
  if (!progress || progress.packed === 1) {
    return false;
  }
  const began = performance.now();
  let [packedSeq, left] = [progress.packedSeq, packBytes];
  const next = store.statement<[number, number], ChunkRow>(
    `SELECT id, size, encoding, bytes, last_seq AS lastSeq FROM log_chunks
     WHERE run_no = ? AND last_seq > ? ORDER BY last_seq LIMIT 1`,
  );
  const replace = store.statement<[Buffer, number]>(`UPDATE log_chunks SET encoding = 'zstd', bytes = ? WHERE id = ?`);
  while (left > 0 && packedSeq < progress.lastSeq && performance.now() - began < packMs) {
    const chunk = next.get(runNo, packedSeq);
    if (!chunk) {
      throw new Error(`no chunk after line ${packedSeq} in run number ${runNo}`);
    }
    const packed = chunk.encoding === 'raw' && chunk.size >= leastBytes ? zstdCompressSync(chunk.bytes) : undefined;
    if (packed && packed.length < chunk.size) {
      replace.run(packed, chunk.id);
    }
    packedSeq = chunk.lastSeq;
    left -= chunk.size;
  }
  const done = packedSeq >= progress.lastSeq;
  store
    .statement<[number, number, number]>('UPDATE run_progress SET packed_seq = ?, packed = ? WHERE run_no = ?')
    .run(packedSeq, done ? 1 : 0, runNo);
  return !done;
}
