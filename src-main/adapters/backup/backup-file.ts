import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, openSync, fsyncSync, closeSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Entry, openPromise, type ZipFile as OpenZip } from 'yauzl';
import { ZipFile } from 'yazl';
import { z } from 'zod';
import { DroverError } from '#contract/errors';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What a backup says of itself. */
export const BackupNote = z.strictObject({
  product: z.literal('drover'),
  format: z.literal(1),
  /** Of the program that made it. */
  version: z.string().max(64),
  /** Milliseconds since 1970 UTC. */
  createdAt: z.int(),
  nodeId: z.string().max(64),
  schema: z.int(),
  runs: z.int(),
  auditRows: z.int(),
  auditHead: z.string().max(64),
  /** Of each file inside, by its name there. */
  files: z.record(z.string().max(100), z.strictObject({ bytes: z.int(), sha256: Sha256 })),
});
export type BackupNote = z.infer<typeof BackupNote>;

/** Files that may stand in a backup, and what they are. */
export const backupNames = { archive: 'archive.db', openers: 'secrets/openers.json', key: 'secrets/key' } as const;
type BackupName = (typeof backupNames)[keyof typeof backupNames];

const noteName = 'backup.json';
const largestNote = 1_000_000;

type Content = { readonly name: BackupName; readonly path: string };

/**
 * Writes a ZIP that only this account can read: the files, their digests, and the note. Streams; on disk when it
 * resolves. `to` must not exist.
 */
export async function writeBackup(
  to: string,
  contents: readonly Content[],
  note: Omit<BackupNote, 'product' | 'format' | 'files'>,
): Promise<BackupNote> {
  const zip = new ZipFile();
  const out = createWriteStream(to, { flags: 'wx', mode: 0o600 });
  const written = pipeline(Readable.from(zip.outputStream as Readable), out);
  const files: Record<string, { bytes: number; sha256: string }> = {};
  try {
    for (const { name, path } of contents) {
      const { counted, done } = counting(createReadStream(path));
      zip.addReadStream(counted, name, { mode: 0o100600, compressionLevel: 1 });
      files[name] = await Promise.race([done, written.then(() => Promise.reject(new Error('the file was closed')))]);
    }
    const whole: BackupNote = { product: 'drover', format: 1, ...note, files };
    zip.addBuffer(Buffer.from(`${JSON.stringify(whole, null, 1)}\n`), noteName, { mode: 0o100600 });
    zip.end();
    await written;
    flush(to);
    return whole;
  } catch (error) {
    await destroyed(out);
    throw error;
  }
}

type Counted = { readonly bytes: number; readonly sha256: string };

function counting(from: Readable): { counted: Readable; done: Promise<Counted> } {
  const hash = createHash('sha256');
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      hash.update(chunk);
      bytes += chunk.length;
      next(null, chunk);
    },
  });
  const done = pipeline(from, counted).then(() => ({ bytes, sha256: hash.digest('hex') }));
  return { counted, done };
}

function flush(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

const destroyed = (stream: WriteStream): Promise<void> =>
  new Promise((resolve) => {
    stream.once('close', () => resolve());
    stream.destroy();
  });

/** What a backup says of itself. @throws DroverError `bad-input` for what is not one */
export async function readBackupNote(file: string): Promise<BackupNote> {
  return withZip(file, async (zip, entries) => readNote(file, zip, entries));
}

/**
 * Writes the files of a backup below `folder`, which must be empty, readable by this account alone; only those that its
 * note names, each checked against its digest.
 *
 * @throws DroverError `bad-input` for what is not a backup or was changed
 */
export async function unpackBackup(file: string, folder: string): Promise<BackupNote> {
  return withZip(file, async (zip, entries) => {
    const note = await readNote(file, zip, entries);
    const known = new Set<string>(Object.values(backupNames));
    for (const [name, wanted] of Object.entries(note.files)) {
      const entry = entries.get(name);
      if (!known.has(name) || !entry || entry.uncompressedSize !== wanted.bytes) {
        throw notABackup(file, `it has no ${name} as its note says`);
      }
      const { counted, done } = counting(await zip.openReadStreamPromise(entry));
      const out = createWriteStream(join(folder, name), { flags: 'wx', mode: 0o600 });
      const [{ sha256 }] = await Promise.all([done, pipeline(counted, out)]);
      if (sha256 !== wanted.sha256) {
        throw notABackup(file, `${name} was changed since it was made`);
      }
      flush(join(folder, name));
    }
    return note;
  });
}

/** Reads every byte of a backup and holds it against its note. @throws DroverError `bad-input` */
export async function checkBackup(file: string): Promise<BackupNote> {
  return withZip(file, async (zip, entries) => {
    const note = await readNote(file, zip, entries);
    for (const [name, wanted] of Object.entries(note.files)) {
      const entry = entries.get(name);
      const found = entry && (await digested(await zip.openReadStreamPromise(entry)));
      if (found?.sha256 !== wanted.sha256 || found.bytes !== wanted.bytes) {
        throw notABackup(file, `${name} is not what was written`);
      }
    }
    return note;
  });
}

async function digested(from: Readable): Promise<Counted> {
  const { counted, done } = counting(from);
  counted.resume();
  return done;
}

async function readNote(file: string, zip: OpenZip, entries: ReadonlyMap<string, Entry>): Promise<BackupNote> {
  const entry = entries.get(noteName);
  if (!entry || entry.uncompressedSize > largestNote) {
    throw notABackup(file, `it holds no ${noteName}`);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of await zip.openReadStreamPromise(entry)) {
    chunks.push(chunk as Buffer);
  }
  const parsed = BackupNote.safeParse(json(Buffer.concat(chunks).toString()));
  if (!parsed.success) {
    throw notABackup(file, `its ${noteName} is not one of Drover's, or of a newer Drover`);
  }
  return parsed.data;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function withZip<T>(file: string, act: (zip: OpenZip, entries: Map<string, Entry>) => Promise<T>): Promise<T> {
  let zip: OpenZip;
  const entries = new Map<string, Entry>();
  try {
    zip = await openPromise(file, { autoClose: false, validateEntrySizes: true, strictFileNames: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw code === 'ENOENT'
      ? new DroverError('not-found', `There is no file ${file}`)
      : notABackup(file, `it cannot be read (${(error as Error).message})`);
  }
  try {
    for await (const entry of zip.eachEntry()) {
      entries.set(entry.fileName, entry);
    }
    return await act(zip, entries);
  } catch (error) {
    throw error instanceof DroverError || (error as NodeJS.ErrnoException).syscall !== undefined
      ? error
      : notABackup(file, (error as Error).message);
  } finally {
    zip.close();
  }
}

const notABackup = (file: string, why: string): DroverError =>
  new DroverError('bad-input', `${file} is not a backup of Drover: ${why}`, { detail: { file } });
