import type { Stream } from '#contract/run';
import { DroverError } from '#contract/errors';
import type { Archive, Clock, Digest, Disk, Log, OutputChunk, StreamEnd } from '#core/ports';
import { LineSlicer, type Slices } from './line-slicer.ts';

export type OutputLimits = {
  /** Bytes kept of one stream of one target. */
  readonly perStream: number;
  /** Bytes kept of one run. */
  readonly perRun: number;
  /** Share of the disk that output never fills. */
  readonly minFreeShare: number;
};

type Services = {
  readonly archive: Archive;
  readonly clock: Clock;
  readonly digest: Digest;
  readonly disk: Disk;
  readonly log: Log;
};

type StreamState = {
  readonly host: number;
  readonly stream: Stream;
  readonly slicer: LineSlicer;
  readonly hash: ReturnType<Digest['start']>;
  stored: number;
  omitted: number;
  /** Something that was hashed could not be stored, so the digest must be taken from the archive. */
  torn: boolean;
  /** Monotonic moment since which an unfinished line waits unseen. */
  unseenSince: number;
  /** Monotonic moment at which it is shown as it stands; infinite when none waits. */
  showAt: number;
};

type Ends = { readonly out: StreamEnd; readonly err: StreamEnd };

type Segment = Omit<OutputChunk, 'bytes' | 'slices'> & { pieces: Uint8Array[]; slices: number; open: boolean };

const flushMs = 50;
const flushSlices = 200;
const quietMs = 200;
/** Longest time that an unfinished line stays unseen while it grows. */
const unseenMs = 1_000;
const diskCheckBytes = 4 * 1024 * 1024;
const lateCountMs = 1_000;

/**
 * Takes the bytes of one run's targets and stores them in batches of 200 lines or 50 ms, each numbered and stored before
 * anybody is told. Within a target the order of standard output and standard error is kept as the bytes came. Every
 * byte is either stored or counted as omitted, once, for its stream and for the run.
 */
export class OutputRecorder {
  readonly #services: Services;
  readonly #limits: () => OutputLimits;
  readonly #runId: string;
  readonly #onStored: () => void;
  readonly #streams = new Map<string, StreamState>();
  readonly #ends = new Map<number, Ends>();
  #segments: Segment[] = [];
  #last = new Map<number, Segment>();
  #pendingSlices = 0;
  #stored = 0;
  #sinceDiskCheck = diskCheckBytes;
  #diskFull = false;
  #failing = false;
  #lastFlush = Number.NEGATIVE_INFINITY;
  #flushAt = Number.POSITIVE_INFINITY;
  #cancelFlush: (() => void) | undefined;
  /** Omitted bytes that the run's sum does not hold yet. */
  #uncounted = 0;
  #cancelCount: (() => void) | undefined;
  #closed = false;

  constructor(services: Services, run: { id: string; limits: () => OutputLimits; onStored: () => void }) {
    this.#services = services;
    this.#runId = run.id;
    this.#limits = run.limits;
    this.#onStored = run.onStored;
  }

  /** Takes bytes that the caller may overwrite afterwards; of a target that has ended they are only counted. */
  write(host: number, stream: Stream, bytes: Uint8Array): void {
    if (bytes.length === 0) {
      return;
    }
    if (this.#closed || this.#ends.has(host)) {
      this.#uncounted += bytes.length;
      this.#countSoon();
      return;
    }
    const state = this.#stream(host, stream);
    const kept = this.#room(state, bytes.length);
    if (kept > 0) {
      // A copy, which the `slice` of a Node Buffer would not be.
      this.#keep(state, new Uint8Array(bytes.subarray(0, kept)));
    }
    if (kept < bytes.length) {
      state.omitted += bytes.length - kept;
      this.#add(state, state.slicer.skip(bytes.subarray(kept)));
      this.#watchUnfinished(state, true);
    }
    if (this.#pendingSlices >= flushSlices) {
      this.flush();
    }
    this.#schedule(state.showAt);
  }

  /** Takes no further part of the lines that a target has begun; `endHost` stores them, together with those of others. */
  endLines(host: number): void {
    if (this.#ends.has(host)) {
      return;
    }
    for (const stream of ['out', 'err'] as const) {
      const state = this.#streams.get(keyOf(host, stream));
      if (state) {
        this.#add(state, state.slicer.end());
      }
    }
  }

  /** Stores the rest of a target's output and gives what is known of both streams; the same when asked again. */
  endHost(host: number): Ends {
    const known = this.#ends.get(host);
    if (known) {
      return known;
    }
    this.endLines(host);
    this.flush();
    const ends = { out: this.#streamEnd(host, 'out'), err: this.#streamEnd(host, 'err') };
    this.#ends.set(host, ends);
    this.#streams.delete(keyOf(host, 'out'));
    this.#streams.delete(keyOf(host, 'err'));
    this.#uncounted += ends.out.omitted + ends.err.omitted;
    this.#count();
    return ends;
  }

  /** Stores what is pending, unfinished lines too, and takes nothing more: later bytes are only counted. */
  close(): void {
    for (const { host } of this.#streams.values()) {
      this.endHost(host);
    }
    this.flush();
    this.#closed = true;
    this.#cancelFlush?.();
  }

  flush(): void {
    const segments = this.#segments;
    if (segments.length === 0) {
      return;
    }
    this.#segments = [];
    this.#last = new Map();
    this.#pendingSlices = 0;
    this.#lastFlush = this.#services.clock.monotonic();
    const chunks = segments.map(({ pieces, open: _open, ...rest }) => ({ ...rest, bytes: concat(pieces) }));
    try {
      this.#services.archive.appendOutput(this.#runId, chunks);
      this.#failing = false;
    } catch (error) {
      this.#notStored(chunks, error);
    }
    this.#onStored();
  }

  #stream(host: number, stream: Stream): StreamState {
    const key = keyOf(host, stream);
    const known = this.#streams.get(key);
    if (known) {
      return known;
    }
    const state: StreamState = {
      host,
      stream,
      slicer: new LineSlicer(),
      hash: this.#services.digest.start(),
      stored: 0,
      omitted: 0,
      torn: false,
      unseenSince: 0,
      showAt: Number.POSITIVE_INFINITY,
    };
    this.#streams.set(key, state);
    return state;
  }

  /** How many bytes may still be kept, for this stream, this run and this disk. */
  #room(state: StreamState, wanted: number): number {
    const { perStream, perRun, minFreeShare } = this.#limits();
    if (this.#sinceDiskCheck >= diskCheckBytes || this.#diskFull) {
      this.#sinceDiskCheck = 0;
      this.#diskFull = this.#services.disk.free().share < minFreeShare;
    }
    if (this.#diskFull) {
      return 0;
    }
    return Math.max(0, Math.min(wanted, perStream - state.stored, perRun - this.#stored));
  }

  #keep(state: StreamState, own: Uint8Array): void {
    state.hash.update(own);
    state.stored += own.length;
    this.#stored += own.length;
    this.#sinceDiskCheck += own.length;
    const found = state.slicer.push(own);
    for (const slices of found) {
      this.#add(state, slices);
    }
    this.#watchUnfinished(state, found.length > 0);
  }

  #add(state: StreamState, slices: Slices | undefined): void {
    if (!slices) {
      return;
    }
    const { host, stream } = state;
    const open = slices.bytes[slices.bytes.length - 1] !== 0x0a;
    const last = this.#last.get(host);
    // Lines of one chunk are numbered in a row, so that one which follows a gap begins a chunk of its own.
    const follows = last?.stream === stream && !last.open && last.firstN + last.slices === slices.firstN;
    if (last && follows) {
      last.pieces.push(slices.bytes);
      last.slices += slices.slices;
      last.open = open;
    } else {
      const segment: Segment = {
        host,
        attempt: 1,
        stream,
        firstN: slices.firstN,
        at: Math.round(this.#services.clock.now()),
        pieces: [slices.bytes],
        slices: slices.slices,
        open,
      };
      this.#segments.push(segment);
      this.#last.set(host, segment);
    }
    this.#pendingSlices += slices.slices;
  }

  /** An unfinished line is shown when it has been quiet for a while, and at the latest after a second of growing. */
  #watchUnfinished(state: StreamState, begun: boolean): void {
    if (state.slicer.waiting === 0) {
      state.showAt = Number.POSITIVE_INFINITY;
      return;
    }
    const now = this.#services.clock.monotonic();
    if (begun || state.showAt === Number.POSITIVE_INFINITY) {
      state.unseenSince = now;
    }
    state.showAt = Math.min(now + quietMs, state.unseenSince + unseenMs);
  }

  /** The first output after a pause is stored at once, the rest of a burst in one go 50 ms later. */
  #schedule(showAt: number): void {
    const { clock } = this.#services;
    const now = clock.monotonic();
    const storeAt = this.#segments.length > 0 ? Math.max(now, this.#lastFlush + flushMs) : Number.POSITIVE_INFINITY;
    const due = Math.min(showAt, storeAt);
    if (due >= this.#flushAt) {
      return;
    }
    this.#cancelFlush?.();
    this.#flushAt = due;
    this.#cancelFlush = clock.after(Math.max(0, due - now), () => {
      this.#flushAt = Number.POSITIVE_INFINITY;
      const next = this.#showUnfinished();
      if (clock.monotonic() >= this.#lastFlush + flushMs) {
        this.flush();
      }
      this.#schedule(next);
    });
  }

  /** A prompt or a progress bar is shown as it stands; gives the moment of the next one. */
  #showUnfinished(): number {
    // A timer may come a fraction of a millisecond before its time.
    const now = this.#services.clock.monotonic() + 1;
    let next = Number.POSITIVE_INFINITY;
    for (const state of this.#streams.values()) {
      if (state.showAt <= now) {
        state.showAt = Number.POSITIVE_INFINITY;
        this.#add(state, state.slicer.flush());
      }
      next = Math.min(next, state.showAt);
    }
    return next;
  }

  #streamEnd(host: number, stream: Stream): StreamEnd {
    const state = this.#streams.get(keyOf(host, stream));
    if (!state) {
      return { omitted: 0, sha256: this.#services.digest.start().hex() };
    }
    const sha256 = state.torn ? this.#services.archive.streamDigest(this.#runId, host, stream) : state.hash.hex();
    return { omitted: state.omitted, sha256 };
  }

  /** A full disk costs output, never the run: what could not be stored is counted to the byte. */
  #notStored(chunks: readonly OutputChunk[], error: unknown): void {
    const { log } = this.#services;
    const expected = error instanceof DroverError && error.code === 'no-space';
    if (!this.#failing || !expected) {
      log[expected ? 'warn' : 'error']('output could not be stored', { runId: this.#runId, error });
    }
    this.#failing = true;
    for (const chunk of chunks) {
      const state = this.#stream(chunk.host, chunk.stream);
      state.omitted += chunk.bytes.length;
      state.stored -= chunk.bytes.length;
      state.torn = true;
      this.#stored -= chunk.bytes.length;
    }
  }

  #countSoon(): void {
    this.#cancelCount ??= this.#services.clock.after(lateCountMs, () => this.#count());
  }

  /** Adds to the run's sum what it does not hold yet; on a full disk later. */
  #count(): void {
    this.#cancelCount?.();
    this.#cancelCount = undefined;
    if (this.#uncounted === 0) {
      return;
    }
    try {
      this.#services.archive.addOmitted(this.#runId, this.#uncounted);
      this.#uncounted = 0;
    } catch (error) {
      if (error instanceof DroverError && error.code === 'no-space') {
        this.#countSoon();
        return;
      }
      this.#services.log.error('omitted output could not be counted', { runId: this.#runId, error });
    }
    this.#onStored();
  }
}

const keyOf = (host: number, stream: Stream): string => `${host} ${stream}`;

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces;
  if (only && pieces.length === 1) {
    return only;
  }
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
