import { createHash } from 'node:crypto';
import type { OutputLine } from '#contract/run';
import type { Archive, OutputRange, RawChunk } from '#core/ports';
import {
  bytesOf,
  type ChunkRow,
  eachChunk,
  eachSpan,
  linesOf,
  measure,
  type Selection,
  sliceEnds,
} from './log-chunks.ts';
import { placeOf } from './run-rows.ts';
import type { Store } from './store.ts';

type OutputReading = Pick<Archive, 'getLines' | 'getRaw' | 'seqBeforeTail' | 'streamDigest'>;

/** Stops a page, which holds one chunk at least: five thousand slices of 64 KB would fill the memory. */
const pageBytes = 1024 * 1024;
const noBound = Number.MAX_SAFE_INTEGER;

/** Reads stored output. */
export function outputReading(store: Store): OutputReading {
  return {
    getLines: (runId, range) =>
      store.read('getLines', () => {
        const { runNo } = placeOf(store, runId);
        return range.before === undefined
          ? linesAfter(store, runNo, range)
          : linesBefore(store, runNo, { ...range, before: range.before });
      }),
    getRaw: (runId, { after, ...selection }) =>
      store.read('getRaw', () => rawAfter(store, placeOf(store, runId).runNo, { selection, after })),
    seqBeforeTail: (runId, { tail, ...selection }) =>
      store.read('seqBeforeTail', () => seqBeforeTail(store, placeOf(store, runId).runNo, { selection, tail })),
    streamDigest: (runId, host, stream) =>
      store.read('streamDigest', () => {
        const hash = createHash('sha256');
        const { runNo } = placeOf(store, runId);
        for (const chunk of eachChunk(store, { ...everything, runNo, selection: { host, stream } })) {
          hash.update(bytesOf(chunk));
        }
        return hash.digest('hex');
      }),
  };
}

const everything = { after: 0, upTo: noBound, order: 'rising' } as const;

function linesAfter(store: Store, runNo: number, { limit, after = 0, ...selection }: OutputRange): OutputLine[] {
  const lines: OutputLine[] = [];
  let size = 0;
  for (const chunk of eachChunk(store, { ...everything, runNo, selection, after })) {
    // Cut here as well: a chunk may hold far more than is asked for.
    lines.push(...linesOf(chunk, { after, before: Math.max(after, chunk.firstSeq - 1) + 1 + limit - lines.length }));
    size += chunk.size;
    if (lines.length >= limit || size >= pageBytes) {
      break;
    }
  }
  return lines;
}

function linesBefore(
  store: Store,
  runNo: number,
  { limit, after = 0, before, ...selection }: OutputRange & { before: number },
): OutputLine[] {
  const pages: OutputLine[][] = [];
  let [count, size] = [0, 0];
  const upTo = endOfChunkWith(store, runNo, before - 1);
  for (const chunk of eachChunk(store, { runNo, selection, after, upTo, order: 'falling' })) {
    const last = Math.min(chunk.lastSeq, before - 1);
    const lines = linesOf(chunk, { after: Math.max(after, last - (limit - count)), before });
    pages.push(lines);
    count += lines.length;
    size += chunk.size;
    if (count >= limit || size >= pageBytes) {
      break;
    }
  }
  return pages.toReversed().flat();
}

/** The last number of the chunk that holds line `seq`; no bound when there is no such line yet. */
function endOfChunkWith(store: Store, runNo: number, seq: number): number {
  return (
    store
      .statement<[number, number], { lastSeq: number }>(
        `SELECT last_seq AS lastSeq FROM log_chunks WHERE run_no = ? AND last_seq >= ? ORDER BY last_seq LIMIT 1`,
      )
      .get(runNo, seq)?.lastSeq ?? noBound
  );
}

function rawAfter(
  store: Store,
  runNo: number,
  { selection, after }: { selection: Selection; after: number },
): RawChunk[] {
  const chunks: RawChunk[] = [];
  let size = 0;
  for (const chunk of eachChunk(store, { ...everything, runNo, selection, after })) {
    const { host, stream, lastSeq, at } = chunk;
    const rest = restAfter(chunk, after);
    chunks.push({ host, stream, lastSeq, at, ...rest });
    size += rest.bytes.length;
    if (size >= pageBytes) {
      break;
    }
  }
  return chunks;
}

/** Without the slices up to `after`, when that stands inside the chunk. */
function restAfter(chunk: ChunkRow, after: number): Pick<RawChunk, 'firstN' | 'bytes'> {
  const bytes = bytesOf(chunk);
  const left = after - chunk.firstSeq + 1;
  if (left <= 0) {
    return { firstN: chunk.firstN, bytes };
  }
  const from = [...sliceEnds(bytes)][left - 1] ?? bytes.length;
  return { firstN: chunk.firstN + measure(bytes.subarray(0, from)).ended, bytes: bytes.subarray(from) };
}

function seqBeforeTail(
  store: Store,
  runNo: number,
  { selection, tail }: { selection: Selection; tail: number },
): number {
  const lastSeq =
    store
      .statement<[number], { lastSeq: number }>('SELECT last_seq AS lastSeq FROM run_progress WHERE run_no = ?')
      .get(runNo)?.lastSeq ?? 0;
  if (tail === 0) {
    return lastSeq;
  }
  let missing = tail;
  for (const { firstSeq, lastSeq: end } of eachSpan(store, { ...everything, runNo, selection, order: 'falling' })) {
    const held = end - firstSeq + 1;
    if (held >= missing) {
      return end - missing;
    }
    missing -= held;
  }
  return 0;
}
