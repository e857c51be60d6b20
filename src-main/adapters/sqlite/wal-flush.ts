import { closeSync, fdatasync, openSync } from 'node:fs';
import type { Log } from '#core/ports';

const delayMs = 500;

type FlushFile = (descriptor: number, done: (error: Error | null) => void) => void;

/**
 * Brings output to the disk at most about half a second after it was committed. Output is committed without waiting for
 * the disk; unless a durable commit follows by itself, nothing else would flush it before the next checkpoint.
 *
 * Closing a descriptor of the archive itself would drop SQLite's locks on it; on the write-ahead log SQLite has none.
 */
export class WalFlush {
  readonly #file: string;
  readonly #log: Log;
  readonly #flushFile: FlushFile;
  #descriptor: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #unflushed = false;
  #flushing = false;
  #closed = false;

  constructor(archiveFile: string, log: Log, flush: FlushFile = fdatasync) {
    this.#file = `${archiveFile}-wal`;
    this.#log = log;
    this.#flushFile = flush;
  }

  /** Something was committed without a flush. */
  committed(): void {
    this.#unflushed = true;
    this.#timer ??= setTimeout(() => this.#flush(), delayMs).unref();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    if (!this.#flushing) {
      this.#release();
    }
  }

  #flush(): void {
    this.#timer = undefined;
    if (!this.#unflushed || this.#flushing || this.#closed) {
      return;
    }
    this.#unflushed = false;
    this.#flushing = true;
    try {
      this.#descriptor ??= openSync(this.#file, 'r+');
      this.#flushFile(this.#descriptor, (error) => this.#done(error));
    } catch (error) {
      this.#done(error);
    }
  }

  #done(error: unknown): void {
    this.#flushing = false;
    if (error) {
      this.#log.warn('output could not be flushed', { error });
    }
    if (this.#closed) {
      this.#release();
    } else if (this.#unflushed) {
      this.committed();
    }
  }

  #release(): void {
    if (this.#descriptor !== undefined) {
      closeSync(this.#descriptor);
      this.#descriptor = undefined;
    }
  }
}
