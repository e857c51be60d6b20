import type { FindHit } from '#contract/run-find';
import type { RawChunk } from '#core/ports';
import type { Carried, LineSearch } from './line-search.ts';

/** What was found since the last report. */
type Found = {
  readonly lines: number;
  readonly bytes: number;
  readonly hits: FindHit[];
  readonly hosts: { host: number; count: number; first: number }[];
};

const lf = 0x0a;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
// oxlint-disable-next-line no-control-regex -- colours and titles stand between the letters of what people read
const sequences = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B\n]*(?:\u0007|\u001B\\)?|[ -/]*[0-~])/g;

type Place = Omit<FindHit, 'matched'>;
type Border = { readonly carried: Carried; readonly place: Place };

/** Searches the stored chunks of a run in their order; keeps counts, the first hits and the ends of unfinished lines. */
export class OutputFinder {
  readonly #search: LineSearch;
  readonly #borders = new Map<string, Border>();
  #untold: number;
  #lines = 0;
  #bytes = 0;
  #hits: FindHit[] = [];
  readonly #hosts = new Map<number, { count: number; first: number }>();

  /** Tells the first `limit` hits one by one. */
  constructor(search: LineSearch, limit: number) {
    this.#search = search;
    this.#untold = limit;
  }

  /** Searches one chunk; whoever drives it may pause between any two steps. */
  *take(chunk: RawChunk): Generator<void> {
    const { host, stream, bytes } = chunk;
    const decoded = decoder.decode(bytes);
    const text = decoded.includes('\u001B') ? decoded.replaceAll(sequences, '') : decoded;
    const isOpen = bytes[bytes.length - 1] !== lf;
    const key = `${host} ${stream}`;
    this.#bytes += bytes.length;
    if (!isOpen && !this.#borders.has(key) && !this.#search.mayMatch(text)) {
      this.#lines += linesIn(bytes);
      yield;
      return;
    }
    const slices = text.split('\n');
    if (!isOpen) {
      slices.pop();
    }
    this.#lines += slices.length;
    const firstSeq = chunk.lastSeq - slices.length + 1;
    for (const [index, slice] of slices.entries()) {
      const open = isOpen && index === slices.length - 1;
      const place = { seq: firstSeq + index, n: chunk.firstN + index, host, stream };
      this.#look(key, place, { text: slice, open });
      yield;
    }
  }

  /** The run has ended: lines that were never finished end here. */
  finish(): void {
    for (const [key, { carried, place }] of this.#borders) {
      if (carried.waits) {
        this.#look(key, place, { text: '', open: false });
      }
    }
    this.#borders.clear();
  }

  /** What was found since this was asked last. */
  report(): Found {
    const hosts = [...this.#hosts].map(([host, found]) => ({ host, ...found }));
    const found = { lines: this.#lines, bytes: this.#bytes, hits: this.#hits, hosts };
    this.#lines = 0;
    this.#bytes = 0;
    this.#hits = [];
    this.#hosts.clear();
    return found;
  }

  #look(key: string, place: Place, slice: { text: string; open: boolean }): void {
    const { matched, carried } = this.#search.next(this.#borders.get(key)?.carried, slice);
    if (carried) {
      this.#borders.set(key, { carried, place });
    } else {
      this.#borders.delete(key);
    }
    if (matched === undefined) {
      return;
    }
    const known = this.#hosts.get(place.host);
    this.#hosts.set(place.host, { count: (known?.count ?? 0) + 1, first: known?.first ?? place.seq });
    if (this.#untold > 0) {
      this.#untold -= 1;
      this.#hits.push(matched === '' ? place : { ...place, matched });
    }
  }
}

function linesIn(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(lf); at >= 0; at = bytes.indexOf(lf, at + 1)) {
    count += 1;
  }
  return count;
}
