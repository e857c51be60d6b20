import { zstdDecompressSync } from 'node:zlib';
import type { OutputLine, Stream } from '#contract/run';
import { UnreadableRow } from './storage-error.ts';
import type { Store } from './store.ts';

const lf = 0x0a;

/** Which output of a run is meant. */
export type Selection = { readonly host?: number | undefined; readonly stream?: Stream | undefined };

export type ChunkRow = {
  readonly id: number;
  readonly host: number;
  readonly stream: Stream;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly firstN: number;
  readonly at: number;
  readonly size: number;
  readonly encoding: 'raw' | 'zstd';
  readonly bytes: Buffer;
};

const columns = `id, host, stream, first_seq AS firstSeq, last_seq AS lastSeq, first_n AS firstN, at, size, encoding, bytes`;

/** Only numbers, which stand in the indexes. */
const spanColumns = 'last_seq AS lastSeq, first_seq AS firstSeq';

type Scan = {
  readonly runNo: number;
  readonly selection: Selection;
  /** Chunks that end after this number and at or before that. */
  readonly after: number;
  readonly upTo: number;
  readonly order: 'rising' | 'falling';
};

/** The chosen chunks by sequence number, read one by one; each choice goes along an index of its own. */
export const eachChunk = (store: Store, scan: Scan): IterableIterator<ChunkRow> =>
  scanned<ChunkRow>(store, scan, columns);

export const eachSpan = (store: Store, scan: Scan): IterableIterator<Pick<ChunkRow, 'firstSeq' | 'lastSeq'>> =>
  scanned<Pick<ChunkRow, 'firstSeq' | 'lastSeq'>>(store, scan, spanColumns);

function scanned<R>(store: Store, { selection, order, ...bounds }: Scan, wanted: string): IterableIterator<R> {
  const { host, stream } = selection;
  // Named, because the planner takes the order by number for good enough and then reads what nobody asked for.
  const select = (index: string, more: string): string =>
    `SELECT ${wanted} FROM log_chunks INDEXED BY ${index}
     WHERE run_no = @runNo ${more} AND last_seq > @after AND last_seq <= @upTo`;
  const byHost = (of: string): string => select('log_chunks_by_host', `AND host = @host AND stream = ${of}`);
  const sources = (): string => {
    if (host !== undefined) {
      return stream === undefined ? `${byHost(`'out'`)} UNION ALL ${byHost(`'err'`)}` : byHost('@stream');
    }
    return stream === undefined
      ? select('log_chunks_by_seq', '')
      : select('log_chunks_by_stream', 'AND stream = @stream');
  };
  return store
    .statement<[object], R>(`${sources()} ORDER BY lastSeq ${order === 'rising' ? 'ASC' : 'DESC'}`)
    .iterate({ ...bounds, ...selection });
}

/** Throws UnreadableRow when they are not as many as were written. */
export function bytesOf({ id, encoding, size, bytes }: ChunkRow): Buffer {
  const whole = encoding === 'zstd' ? unpacked(id, bytes) : bytes;
  if (whole.length !== size) {
    throw new UnreadableRow(`output chunk ${id} has ${whole.length} bytes of ${size}`);
  }
  return whole;
}

function unpacked(id: number, bytes: Buffer): Buffer {
  try {
    return zstdDecompressSync(bytes);
  } catch (cause) {
    throw new UnreadableRow(`output chunk ${id} cannot be unpacked`, { cause });
  }
}

/** Where each slice of a chunk ends: after every LF, and at the end when the last one has none. */
export function* sliceEnds(bytes: Buffer): Generator<number> {
  let from = 0;
  while (from < bytes.length) {
    const at = bytes.indexOf(lf, from);
    from = at < 0 ? bytes.length : at + 1;
    yield from;
  }
}

/** LFs in it, and whether its last slice has none. */
export function measure(bytes: Uint8Array): { ended: number; open: boolean } {
  let ended = 0;
  for (let at = bytes.indexOf(lf); at >= 0; at = bytes.indexOf(lf, at + 1)) {
    ended += 1;
  }
  return { ended, open: bytes[bytes.length - 1] !== lf };
}

/** The lines of a chunk between two sequence numbers, both left out. Throws UnreadableRow for other lines than were written. */
export function linesOf(chunk: ChunkRow, { after, before }: { after: number; before: number }): OutputLine[] {
  const bytes = bytesOf(chunk);
  const lines: OutputLine[] = [];
  let [from, seq, n] = [0, chunk.firstSeq, chunk.firstN];
  for (const end of sliceEnds(bytes)) {
    const open = bytes[end - 1] !== lf;
    if (seq > after && seq < before) {
      const text = bytes.toString('utf8', from, open ? end : end - 1);
      lines.push({ seq, n, host: chunk.host, stream: chunk.stream, at: chunk.at, text, open });
    }
    from = end;
    seq += 1;
    n += open ? 0 : 1;
  }
  if (seq !== chunk.lastSeq + 1) {
    throw new UnreadableRow(`output chunk ${chunk.id} has ${seq - chunk.firstSeq} lines`);
  }
  return lines;
}
