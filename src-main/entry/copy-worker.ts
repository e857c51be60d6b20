import { parentPort, workerData } from 'node:worker_threads';
import { DroverError } from '#contract/errors';
import type { CopyAnswer } from '../compose-copies.ts';
import { type BackupOrder, makeBackup } from './make-backup.ts';
import { storageProblem } from './storage-problem.ts';

/** A thread that makes one copy of the archive, so that the engine goes on meanwhile. */
async function answer(order: BackupOrder): Promise<CopyAnswer> {
  try {
    return { ok: true, bytes: (await makeBackup(order)).bytes };
  } catch (cause) {
    const error = storageProblem(cause, order.file);
    return error instanceof DroverError
      ? { ok: false, error: error.toWire() }
      : { ok: false, error: { code: 'internal', message: String(error) } };
  }
}

parentPort?.postMessage(await answer(workerData as BackupOrder));
