import type { Database, Statement } from 'better-sqlite3';
import type { Ids, Log } from '#core/ports';
import { Reserve } from './reserve.ts';
import { isDiskFull, storageError } from './storage-error.ts';
import { WalFlush } from './wal-flush.ts';

/**
 * What a transaction is worth. `state` is on disk when it returns and may use the reserve of a full disk; `request` is
 * on disk when it returns; `output` survives a crash of the program at once and a power cut after a second at most.
 */
export type Weight = 'state' | 'request' | 'output';

export type StoreOptions = {
  readonly folder: string;
  readonly file: string;
  readonly log: Log;
  readonly now: () => number;
  readonly ids: Pick<Ids, 'next'>;
  /** Told how long each piece of work has kept everything else waiting. */
  readonly note?: ((name: string, ms: number) => void) | undefined;
};

const slowMs = 50;

/**
 * The one writing connection. All weights share it and switch `synchronous` between transactions (some 7 µs): a second
 * connection for output would throw away the other's page cache with every commit and could meet its lock.
 */
export class Store {
  readonly now: () => number;
  readonly newId: () => string;
  readonly #db: Database;
  readonly #file: string;
  readonly #log: Log;
  readonly #note: StoreOptions['note'];
  readonly #reserve: Reserve;
  readonly #flush: WalFlush;
  readonly #statements = new Map<string, Statement<unknown[], unknown>>();
  readonly #transact: (act: () => unknown) => unknown;
  #durable = true;

  constructor(db: Database, options: StoreOptions) {
    this.#db = db;
    this.#file = options.file;
    this.#log = options.log;
    this.#note = options.note;
    this.now = options.now;
    this.newId = () => options.ids.next();
    const transaction = db.transaction((act: () => unknown) => act());
    this.#transact = (act) => transaction.immediate(act);
    this.#flush = new WalFlush(options.file, options.log);
    this.#reserve = new Reserve(options.folder, options.log);
    this.#reserve.take();
  }

  /** A prepared statement with its parameters and rows as the caller names them; kept under its text. */
  statement<P extends unknown[], R = unknown>(sql: string): Statement<P, R> {
    let known = this.#statements.get(sql);
    if (!known) {
      known = this.#db.prepare<unknown[], unknown>(sql);
      this.#statements.set(sql, known);
    }
    return known as Statement<P, R>;
  }

  /** Throws DroverError for what can go wrong with a disk. */
  read<T>(name: string, act: () => T): T {
    return this.#timed(name, act);
  }

  /** One transaction, or part of the one that is open: all of `act` or nothing; `act` may be called twice. Throws DroverError for what can go wrong with a disk. */
  write<T>(name: string, weight: Weight, act: () => T): T {
    if (this.#db.inTransaction) {
      return act();
    }
    const done = this.#timed(name, () => {
      try {
        return this.#commit(weight, act);
      } catch (error) {
        if (weight !== 'state' || !isDiskFull(error, this.#file) || !this.#reserve.release()) {
          throw error;
        }
        return this.#commit(weight, act);
      }
    });
    this.#reserve.restore();
    return done;
  }

  /** Pages of the file that hold nothing. */
  freePages(): number {
    return Number(this.#db.pragma('freelist_count', { simple: true }));
  }

  /** Makes the file shorter by so many free pages at the most; inside a transaction. */
  giveBackPages(count: number): void {
    this.#db.pragma(`incremental_vacuum(${count})`);
  }

  close(): void {
    if (this.#db.open) {
      this.#reserve.close();
      this.#flush.close();
      this.#db.close();
    }
  }

  #commit<T>(weight: Weight, act: () => T): T {
    const durable = weight !== 'output';
    if (durable !== this.#durable) {
      this.#db.pragma(`synchronous = ${durable ? 'FULL' : 'NORMAL'}`);
      this.#durable = durable;
    }
    const done = this.#transact(act) as T;
    if (!durable) {
      this.#flush.committed();
    }
    return done;
  }

  #timed<T>(name: string, act: () => T): T {
    const began = performance.now();
    try {
      return act();
    } catch (error) {
      throw storageError(error, this.#file);
    } finally {
      const ms = performance.now() - began;
      this.#note?.(name, ms);
      if (ms > slowMs) {
        this.#log.warn('slow statement', { name, ms: Math.round(ms) });
      }
    }
  }
}
