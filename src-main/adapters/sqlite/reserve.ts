import { randomFillSync } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '#core/ports';

const fileName = 'reserve.bin';
const size = 16 * 1024 * 1024;
const piece = 1024 * 1024;
/** The reserve is taken back only while more than this share of the disk is free. */
const enoughShare = 0.05;
const checkMs = 1_000;
const retryMs = 10_000;

/**
 * 16 MB beside the archive that are given up when the disk is full, so that states, results and the audit log can still
 * be written. Random bytes, because a file system may store zeros without taking space for them.
 */
export class Reserve {
  readonly #file: string;
  readonly #folder: string;
  readonly #log: Log;
  #state: 'held' | 'missing' | 'filling' | 'closed' = 'missing';
  #notBefore = 0;

  constructor(folder: string, log: Log) {
    this.#folder = folder;
    this.#file = join(folder, fileName);
    this.#log = log;
  }

  /** Takes the space while the program starts; without room for it the archive works without a reserve. */
  take(): void {
    rmSync(this.#partFile, { force: true });
    if (isAllocated(this.#file)) {
      this.#state = 'held';
      return;
    }
    if (!this.#isRoom()) {
      this.#log.warn('too little room for the reserve of the archive', { folder: this.#folder });
      return;
    }
    try {
      const part = openSync(this.#partFile, 'w', 0o600);
      try {
        for (let at = 0; at < size; at += piece) {
          writeSync(part, randomPiece());
        }
        fsyncSync(part);
      } finally {
        closeSync(part);
      }
      renameSync(this.#partFile, this.#file);
      this.#state = 'held';
    } catch (error) {
      this.#giveUp(error);
    }
  }

  /** Frees the space; false when there is none to free. */
  release(): boolean {
    if (this.#state !== 'held') {
      return false;
    }
    this.#state = 'missing';
    if (!existsSync(this.#file)) {
      return false;
    }
    rmSync(this.#file);
    this.#log.warn('the disk is full: the reserve of the archive was released', { folder: this.#folder });
    return true;
  }

  /** Takes the space back in the background once there is room again; cheap while nothing is missing. */
  restore(): void {
    if (this.#state === 'missing' && performance.now() >= this.#notBefore) {
      this.#notBefore = performance.now() + checkMs;
      if (this.#isRoom()) {
        this.#state = 'filling';
        void this.#fill();
      }
    }
  }

  close(): void {
    this.#state = 'closed';
  }

  get #partFile(): string {
    return `${this.#file}.part`;
  }

  /** In steps and off the event loop, because nobody waits for it. Never rejects. */
  async #fill(): Promise<void> {
    try {
      const part = await open(this.#partFile, 'w', 0o600);
      try {
        for (let at = 0; at < size && this.#state === 'filling'; at += piece) {
          await part.write(randomPiece());
        }
        await part.sync();
      } finally {
        await part.close();
      }
      if (this.#state === 'filling') {
        renameSync(this.#partFile, this.#file);
        this.#state = 'held';
        this.#log.info('the reserve of the archive is back', { folder: this.#folder });
      } else {
        rmSync(this.#partFile, { force: true });
      }
    } catch (error) {
      this.#giveUp(error);
    }
  }

  #giveUp(error: unknown): void {
    rmSync(this.#partFile, { force: true });
    this.#notBefore = performance.now() + retryMs;
    if (this.#state !== 'closed') {
      this.#state = 'missing';
      this.#log.warn('the reserve of the archive could not be taken', { folder: this.#folder, error });
    }
  }

  #isRoom(): boolean {
    const { bavail, blocks, bsize } = statfsSync(this.#folder);
    return bavail * bsize > 2 * size && bavail > blocks * enoughShare;
  }
}

/** For who cannot open the archive without its space; false when there is none. */
export function removeReserve(folder: string): boolean {
  const file = join(folder, fileName);
  const isThere = existsSync(file);
  rmSync(file, { force: true });
  return isThere;
}

const randomPiece = (): Buffer => randomFillSync(Buffer.allocUnsafe(piece));

/** `blocks` counts 512 bytes each; Windows has none to count. */
function isAllocated(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return found?.size === size && (process.platform === 'win32' || found.blocks * 512 >= size);
}
