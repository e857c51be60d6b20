import type { Readable } from 'node:stream';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';

/** Silence after which an open output is taken as held by background processes only. */
const quietMs = 500;
/** Longest time that output which goes on and on is followed after the interpreter's end. */
const followMs = 5_000;
/** As many reads empty the largest pipe that was full at the interpreter's end, however slowly they were taken. */
const readsThatEmpty = 20;
const readyMsThatEmpties = 1_000;
/** What a kill leaves for taking the rest of the output. */
const hurriedMs = 800;
const lookEveryMs = 50;

/** How a stream has fared since the interpreter's end. */
export type Progress = {
  readonly ended: boolean;
  /** The sink has asked to wait and goes on doing so. */
  readonly waiting: boolean;
  /** Milliseconds since anything came or was taken. */
  readonly silentMs: number;
  /** Milliseconds in which the sink would have taken bytes. */
  readonly readyMs: number;
  readonly reads: number;
};

/** Whether all that the interpreter itself had written has surely been read, `sinceEndMs` after its end. */
export function hasAll(progress: Progress, sinceEndMs: number): boolean {
  const { ended, waiting, silentMs, readyMs, reads } = progress;
  const isSilent = !waiting && silentMs >= quietMs;
  const isEmptied = reads >= readsThatEmpty || readyMs >= readyMsThatEmpties;
  return ended || isSilent || (isEmptied && sinceEndMs >= followMs);
}

type Sink = (bytes: Uint8Array) => void | Promise<void>;

/** Hands the bytes of one stream to the sink, no faster than it takes them. */
export class OutputReader {
  readonly ended: Promise<void>;
  /** Why the sink stopped taking; it is not asked again. */
  failure: unknown;
  readonly #source: Readable;
  readonly #monotonic: () => number;
  #hasEnded = false;
  #letGo = false;
  #reads = 0;
  #lastAt: number;
  #waitingSince: number | undefined;
  #waitedMs = 0;

  constructor(source: Readable, sink: Sink, monotonic: () => number) {
    this.#source = source;
    this.#monotonic = monotonic;
    this.#lastAt = monotonic();
    source.on('data', (bytes: Buffer) => this.#take(sink, bytes));
    this.ended = new Promise((done) => {
      for (const event of ['end', 'error', 'close']) {
        source.once(event, () => {
          this.#hasEnded = true;
          done();
        });
      }
    });
    // A second error after the first is no news.
    source.on('error', () => undefined);
  }

  /** Starts counting for `progress`. */
  markEnd(): void {
    const now = this.#monotonic();
    this.#reads = 0;
    this.#waitedMs = 0;
    this.#lastAt = now;
    if (this.#waitingSince !== undefined) {
      this.#waitingSince = now;
    }
  }

  /** `sinceEndMs` after `markEnd`. */
  progress(sinceEndMs: number): Progress {
    const now = this.#monotonic();
    const waitingMs = this.#waitingSince === undefined ? 0 : now - this.#waitingSince;
    return {
      ended: this.#hasEnded,
      waiting: this.#waitingSince !== undefined,
      silentMs: now - this.#lastAt,
      readyMs: sinceEndMs - this.#waitedMs - waitingMs,
      reads: this.#reads,
    };
  }

  /** Hands over nothing more; what still comes is thrown away, so that a daemon left running does not die of a closed pipe. */
  letGo(): void {
    this.#letGo = true;
    this.#source.resume();
    if ('unref' in this.#source && typeof this.#source.unref === 'function') {
      this.#source.unref();
    }
  }

  close(): void {
    this.#letGo = true;
    this.#source.destroy();
  }

  #take(sink: Sink, bytes: Buffer): void {
    this.#reads += 1;
    this.#lastAt = this.#monotonic();
    if (this.#letGo) {
      return;
    }
    try {
      const wait = sink(bytes);
      if (wait) {
        this.#source.pause();
        this.#waitingSince = this.#lastAt;
        wait.catch(this.#fail).finally(this.#goOn);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  readonly #fail = (error: unknown): void => {
    this.failure ??= error;
    this.#letGo = true;
  };

  readonly #goOn = (): void => {
    this.#lastAt = this.#monotonic();
    this.#waitedMs += this.#lastAt - (this.#waitingSince ?? this.#lastAt);
    this.#waitingSince = undefined;
    this.#source.resume();
  };
}

/**
 * Waits, after the interpreter's end, until its output is read: to the end of file, or as `hasAll` says when background
 * processes keep it open. `hurry` cuts it short. False when a stream was not read to its end.
 */
export async function readRest(
  readers: readonly OutputReader[],
  hurry: AbortSignal,
  monotonic: () => number,
): Promise<boolean> {
  const endedAt = monotonic();
  let hurriedAt: number | undefined;
  let agreed = 0;
  readers.forEach((reader) => reader.markEnd());
  const allEnded = Promise.all(readers.map((reader) => reader.ended)).then(() => true);
  // Twice in a row, with a turn of input in between, so that a busy process does not mistake its own delay for silence.
  while (agreed < 2) {
    if (await Promise.race([allEnded, pause(lookEveryMs, false, { ref: false })])) {
      return true;
    }
    await nextTurn();
    const now = monotonic();
    hurriedAt ??= hurry.aborted ? now : undefined;
    if (hurriedAt !== undefined && now - hurriedAt >= hurriedMs) {
      return false;
    }
    agreed = readers.every((reader) => hasAll(reader.progress(now - endedAt), now - endedAt)) ? agreed + 1 : 0;
  }
  return false;
}
