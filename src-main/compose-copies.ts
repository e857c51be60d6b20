import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { readBackupNote } from '#adapters/backup/backup-file';
import { systemClock } from '#adapters/clock/system-clock';
import type { SqliteArchive } from '#adapters/sqlite/sqlite-archive';
import { DroverError, type WireError } from '#contract/errors';
import { CopyKeeper } from '#core/copies/copy-keeper';
import type { Actor, Log } from '#core/ports';
import type { CopyMade, CopyMaker } from '#core/ports-copies';
import type { SettingsService } from '#core/settings/settings-service';
import { startThread } from './compose-workers.ts';

/** What the thread that copies says at its end. */
export type CopyAnswer =
  | { readonly ok: true; readonly bytes: number }
  | { readonly ok: false; readonly error: WireError };

type CopyNeeds = {
  readonly dataDir: string;
  readonly version: string;
  readonly archive: SqliteArchive;
  readonly log: Log;
  readonly engine: Actor;
  readonly settings: SettingsService;
};

/** The daily copies of the archive, in a folder of the settings or one beside the archive. */
export function createCopies(needs: CopyNeeds): CopyKeeper {
  const { archive, dataDir, settings, log, engine } = needs;
  return new CopyKeeper({
    store: archive,
    maker: createCopyMaker({ dataDir, version: needs.version, nodeId: archive.nodeId }),
    clock: systemClock,
    log,
    engine,
    nodeId: archive.nodeId,
    rules: () => ({
      at: settings.values['copies.at'],
      folder: settings.values['copies.folder'] || join(dataDir, 'copies'),
      keep: settings.values['copies.keep'],
      withKey: settings.values['copies.withKey'] === 'on',
    }),
  });
}

type MakerNeeds = { readonly dataDir: string; readonly version: string; readonly nodeId: string };

/** Works in a folder of its own inside the one that the copies go to, so that half a file never has the name of a whole one. */
function createCopyMaker({ dataDir, version, nodeId }: MakerNeeds): CopyMaker {
  const mark = nodeId.slice(-8);
  const scratchOf = (file: string): string => join(dirname(file), `.drover-copy-${mark}`);
  return {
    place(folder, at) {
      const day = new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString();
      const stem = `drover-copy-${mark}-${day.slice(0, 10)}-${day.slice(11, 23).replaceAll(/[:.]/g, '')}`;
      const free = (count: number): string => {
        const file = count === 0 ? `${stem}.zip` : `${stem}-${count}.zip`;
        return existsSync(join(folder, file)) ? free(count + 1) : file;
      };
      return { folder, file: free(0) };
    },
    async make({ file, withKey }, signal) {
      const scratch = scratchOf(file);
      prepareFolder(dirname(file), dataDir);
      try {
        rmSync(scratch, { recursive: true, force: true });
        mkdirSync(scratch, { mode: 0o700 });
        const createdAt = Math.round(systemClock.now());
        const order = { dataDir, file, withKey, version, createdAt, scratch, check: true };
        return { ...(await answerOf(startThread('copy-worker', order), signal)), createdAt };
      } catch (error) {
        throw error instanceof DroverError ? error : unwritable(dirname(file), error);
      } finally {
        rmSync(scratch, { recursive: true, force: true });
      }
    },
    cleanUp: (file) => rmSync(scratchOf(file), { recursive: true, force: true }),
    async remove({ file, createdAt }) {
      if (!basename(file).startsWith(`drover-copy-${mark}-`) || !existsSync(file)) {
        return 'gone';
      }
      const note = await readBackupNote(file).catch(() => undefined);
      if (note?.nodeId !== nodeId || note.createdAt !== createdAt) {
        return 'gone';
      }
      rmSync(file);
      return 'removed';
    },
  };
}

/** The folder beside the archive is made; another one must be there, or an unmounted disk would fill the one under it. */
function prepareFolder(folder: string, dataDir: string): void {
  if (folder === join(dataDir, 'copies')) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return;
  }
  if (!isAbsolute(folder) || !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new DroverError(
      'not-found',
      `The folder for copies ${folder} is not there: make or mount it, or name another`,
    );
  }
}

function unwritable(folder: string, error: unknown): DroverError {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? new DroverError('no-space', `The disk under ${folder} is full: make room, or keep fewer copies`, { cause: error })
    : new DroverError('bad-input', `The folder for copies ${folder} cannot be written (${code})`, { cause: error });
}

function answerOf(worker: Worker, signal: AbortSignal): Promise<Pick<CopyMade, 'bytes'>> {
  const { promise, resolve, reject } = Promise.withResolvers<Pick<CopyMade, 'bytes'>>();
  const stop = (): void => void worker.terminate();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) {
    stop();
  }
  worker.once('message', (answer: CopyAnswer) =>
    answer.ok ? resolve({ bytes: answer.bytes }) : reject(DroverError.fromWire(answer.error)),
  );
  worker.once('error', reject);
  worker.once('exit', (code) => {
    signal.removeEventListener('abort', stop);
    reject(new DroverError('internal', `The thread that copies the archive ended with ${code}`));
  });
  return promise;
}
