import { dirname, join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { DroverError } from '#contract/errors';
import type { Archive, Ids, Log } from '#core/ports';
import type { CopyStore } from '#core/ports-copies';
import type { RetentionStore } from '#core/ports-retention';
import type { LiveCounts } from '#core/ports-operating';
import { AuditLog, type AuditVerdict } from './audit-log.ts';
import { copyStore } from './copy-store.ts';
import { credentialStore } from './credential-store.ts';
import { prepareDataFolder } from './data-folder.ts';
import { hostKeyStore } from './host-key-store.ts';
import { hostReading } from './host-reading.ts';
import { hostWriting } from './host-writing.ts';
import { type Migration, migrations } from './migrations/index.ts';
import { Numbers } from './numbers.ts';
import { type FileOptions, openFile } from './open-file.ts';
import { outputReading } from './output-reading.ts';
import { outputWriting } from './output-writing.ts';
import { removeReserve } from './reserve.ts';
import { runFinder } from './run-list.ts';
import { runPurging } from './run-purging.ts';
import { runReading } from './run-reading.ts';
import { runWriting } from './run-writing.ts';
import { learnNames } from './run-targets.ts';
import { sessions } from './sessions.ts';
import { settingsStore } from './settings-store.ts';
import { Store } from './store.ts';
import { targetStore } from './target-store.ts';

export type ArchiveOptions = {
  readonly dataDir: string;
  readonly log: Log;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
  readonly ids: Pick<Ids, 'next'>;
  readonly appVersion: string;
  /** Told how long each piece of work has kept everything else waiting. */
  readonly note?: (name: string, ms: number) => void;
  /** The schema's steps; all that were shipped when absent. */
  readonly steps?: readonly Migration[];
};

export type SqliteArchive = Archive &
  RetentionStore &
  CopyStore & {
    /** Prepares searches for targets by a pattern, in steps of some milliseconds; true when there is more. */
    learnNames(): boolean;
    /** Checks the chain of the whole audit log. */
    verifyAudit(): AuditVerdict;
    /** What has not ended, by the status of the run; a status without runs is left out. */
    liveCounts(): LiveCounts[];
    /** May be called again; nothing else may be called afterwards. */
    close(): void;
  };

/**
 * Opens archive.db in the data folder, or makes it when there never was one. The caller holds the folder's lock.
 *
 * @throws DroverError `archive-corrupt`, `archive-newer`, `archive-read-only`, `archive-locked`, `data-folder`, `no-space`
 */
export function openArchive(options: ArchiveOptions): SqliteArchive {
  const folder = prepareDataFolder(options.dataDir);
  const file = join(folder, 'archive.db');
  const { steps = migrations } = options;
  const store = new Store(openWithReserve({ ...options, file, steps }), { ...options, folder, file });
  try {
    return archiveOver(store);
  } catch (error) {
    store.close();
    throw error;
  }
}

/** Even opening takes a little room: on a full disk the reserve is given up for it. */
function openWithReserve(options: FileOptions): Database {
  try {
    return openFile(options);
  } catch (error) {
    const isFull = error instanceof DroverError && error.code === 'no-space';
    if (!isFull || !removeReserve(dirname(options.file))) {
      throw error;
    }
    options.log.warn('the disk is full: the reserve of the archive was released', { file: options.file });
    return openFile(options);
  }
}

function archiveOver(store: Store): SqliteArchive {
  const { nodeNumber, ...identity } = identityOf(store);
  const numbers = new Numbers(store, nodeNumber);
  const audit = new AuditLog(store, numbers);
  const writing = { store, numbers, audit };
  skipRevs(store, numbers);
  return {
    ...identity,
    together: (act) => store.write('together', 'state', act),
    ...runWriting(writing),
    ...runReading(store, numbers),
    ...runFinder({ store, numbers }),
    ...hostWriting(writing),
    ...hostReading(store),
    ...outputWriting(writing),
    ...outputReading(store),
    ...sessions(writing),
    ...targetStore(writing),
    ...credentialStore(writing),
    ...hostKeyStore(writing, identity.builtIn),
    ...settingsStore(writing),
    ...runPurging(writing),
    ...copyStore(writing),
    recordAudit: (entry) => store.write('recordAudit', 'state', () => audit.append(entry)),
    learnNames: () => store.read('learnNames', () => learnNames(store)),
    verifyAudit: () => store.read('verifyAudit', () => audit.verify()),
    close: () => store.close(),
  };
}

/** A full disk must not keep anybody from reading: then the skip is left out. */
function skipRevs(store: Store, numbers: Numbers): void {
  try {
    store.write('skipRevs', 'state', () => numbers.skipRevs());
  } catch (error) {
    if (!(error instanceof DroverError && error.code === 'no-space')) {
      throw error;
    }
  }
}

type Identity = Pick<Archive, 'nodeId' | 'builtIn'> & { readonly nodeNumber: number };

function identityOf(store: Store): Identity {
  const row = store.read('identity', () =>
    store
      .statement<[], { nodeId: string; nodeNumber: number; teamId: string; userId: string }>(
        `SELECT node.id AS nodeId, node.number AS nodeNumber, users.team_id AS teamId, users.id AS userId
         FROM node, users WHERE users.built_in = 1 ORDER BY users.no LIMIT 1`,
      )
      .get(),
  );
  if (!row) {
    throw new Error('an archive without its built-in user');
  }
  const { nodeId, nodeNumber, teamId, userId } = row;
  return { nodeId, nodeNumber, builtIn: { teamId, userId } };
}
