import type { ArchiveCopy } from '#contract/copies';
import type { AuditEntry } from './ports-actor.ts';

/** A copy that is kept; `createdAt` is what it says of itself, by which it is known again. */
export type KeptCopy = { readonly no: number; readonly file: string; readonly createdAt: number };

export interface CopyStore {
  /** Newest first. */
  listCopies(limit: number): ArchiveCopy[];
  /** Those that were made and not removed, newest first. */
  keptCopies(folder: string): KeptCopy[];
  /** The latest time for which a copy was made by the schedule; 0 when there was none. */
  lastCopyDue(): number;
  beginCopy(copy: {
    readonly dueAt: number | null;
    readonly at: number;
    readonly askedBy: string;
    readonly folder: string;
    readonly file: string;
    readonly withKey: boolean;
  }): number;
  endCopy(
    no: number,
    end: { readonly at: number; readonly made: CopyMade | null; readonly message: string },
    audit: AuditEntry,
  ): void;
  /** What an engine was at when it ended; gives their files. */
  dropBrokenCopies(at: number, message: string): string[];
  markCopy(no: number, state: 'removed' | 'gone'): void;
}

export type CopyMade = { readonly bytes: number; readonly createdAt: number };

export interface CopyMaker {
  /** A free file name in a folder for a copy of this time. */
  place(folder: string, at: number): { readonly folder: string; readonly file: string };
  /**
   * Writes a copy and reads it back; the file is there only when every byte of it is right. Throws DroverError; ends early,
   * with nothing left, when it is aborted.
   */
  make(copy: { readonly file: string; readonly withKey: boolean }, signal: AbortSignal): Promise<CopyMade>;
  /** Takes away what was left of a copy that broke off. */
  cleanUp(file: string): void;
  /** Removes a copy that was made here; what is not exactly that one is left alone. */
  remove(copy: KeptCopy): Promise<'removed' | 'gone'>;
}
