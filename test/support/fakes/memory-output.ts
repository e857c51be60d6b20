import type { OutputLine, Stream } from '#contract/run';
import type { OutputChunk, OutputRange, RawChunk } from '#core/ports';

type Stored = OutputChunk & { readonly firstSeq: number; readonly lastSeq: number };
type Selection = { readonly host?: number; readonly stream?: Stream };

const lf = 0x0a;
const decoder = new TextDecoder();

/** The slices of a chunk: each ends after LF, the last one may have none. */
function slicesOf(bytes: Uint8Array): Uint8Array[] {
  const slices: Uint8Array[] = [];
  for (let from = 0; from < bytes.length;) {
    const at = bytes.indexOf(lf, from);
    const end = at < 0 ? bytes.length : at + 1;
    slices.push(bytes.subarray(from, end));
    from = end;
  }
  return slices;
}

/** A page of long lines ends here, as in the real archive. */
const pageBytes = 1024 * 1024;

/** The output of one run. */
export class MemoryOutput {
  readonly #chunks: Stored[] = [];
  readonly #rawPageBytes: number;
  lastSeq = 0;
  bytes = 0;

  constructor(rawPageBytes: number) {
    this.#rawPageBytes = rawPageBytes;
  }

  append(chunk: OutputChunk): void {
    const { length } = slicesOf(chunk.bytes);
    if (length === 0 || length !== chunk.slices) {
      throw new Error(`${chunk.slices} slices are told of ${length}`);
    }
    const firstSeq = this.lastSeq + 1;
    this.lastSeq += length;
    this.bytes += chunk.bytes.length;
    this.#chunks.push({ ...chunk, bytes: new Uint8Array(chunk.bytes), firstSeq, lastSeq: this.lastSeq });
  }

  /** The sizes of the chunks, in order. */
  get chunks(): readonly OutputChunk[] {
    return this.#chunks;
  }

  lines({ after = 0, before = Number.POSITIVE_INFINITY, limit, ...selection }: OutputRange): OutputLine[] {
    const near = this.#chosen(selection).filter(({ firstSeq, lastSeq }) => lastSeq > after && firstSeq < before);
    const inside: OutputLine[] = [];
    let size = 0;
    for (const chunk of Number.isFinite(before) ? near.toReversed() : near) {
      if (inside.length >= limit || size >= pageBytes) {
        break;
      }
      size += chunk.bytes.length;
      inside.push(...linesOf(chunk).filter(({ seq }) => seq > after && seq < before));
    }
    const rising = inside.toSorted((one, other) => one.seq - other.seq);
    return Number.isFinite(before) ? rising.slice(-limit) : rising.slice(0, limit);
  }

  raw({ after, ...selection }: Selection & { after: number }): RawChunk[] {
    const page: RawChunk[] = [];
    let size = 0;
    for (const { host, stream, lastSeq, firstSeq, firstN, at, bytes } of this.#chosen(selection)) {
      if (lastSeq <= after || size >= this.#rawPageBytes) {
        continue;
      }
      const skipped = slicesOf(bytes).slice(0, Math.max(0, after - firstSeq + 1));
      const rest = bytes.subarray(skipped.reduce((sum, slice) => sum + slice.length, 0));
      page.push({ host, stream, firstN: firstN + skipped.length, lastSeq, at, bytes: rest });
      size += rest.length;
    }
    return page;
  }

  seqBeforeTail({ tail, ...selection }: Selection & { tail: number }): number {
    if (tail === 0) {
      return this.lastSeq;
    }
    const seqs = this.#chosen(selection).flatMap((chunk) => linesOf(chunk).map(({ seq }) => seq));
    const first = seqs.at(-tail);
    return first === undefined ? 0 : first - 1;
  }

  /** All stored bytes of a selection, in stored order. */
  allBytes(selection: Selection): Uint8Array {
    return Buffer.concat(this.#chosen(selection).map(({ bytes }) => bytes));
  }

  #chosen({ host, stream }: Selection): Stored[] {
    return this.#chunks.filter(
      (chunk) => (host === undefined || chunk.host === host) && (stream === undefined || chunk.stream === stream),
    );
  }
}

function linesOf({ host, stream, at, bytes, firstSeq, firstN }: Stored): OutputLine[] {
  return slicesOf(bytes).map((slice, index) => {
    const open = slice[slice.length - 1] !== lf;
    const text = decoder.decode(open ? slice : slice.subarray(0, -1));
    return { seq: firstSeq + index, n: firstN + index, host, stream, at, text, open };
  });
}
