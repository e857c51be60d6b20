import { closeSync, constants, fstatSync, openSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { partOf, placeNew, replaceFile, syncFolder, writePrivate } from './private-file.ts';

const Base64 = z
  .string()
  .regex(/^[A-Za-z0-9+/]+={0,2}$/)
  .max(200);

const KeyFileOpener = z.strictObject({ kind: z.literal('key-file'), wrapped: Base64 });
/** The bounds keep a changed file from asking for all the memory of the machine. */
const PassphraseOpener = z.strictObject({
  kind: z.literal('passphrase'),
  N: z
    .int()
    .min(2)
    .max(2 ** 18)
    .refine((n) => (n & (n - 1)) === 0),
  r: z.int().min(1).max(16),
  p: z.int().min(1).max(4),
  salt: Base64,
  wrapped: Base64,
});
const KeyringOpener = z.strictObject({
  kind: z.literal('keyring'),
  name: z.string().max(200),
  sealed: z.string().min(1).max(20_000),
});
const Opener = z.discriminatedUnion('kind', [KeyFileOpener, PassphraseOpener, KeyringOpener]);
export type Opener = z.infer<typeof Opener>;

const OpenersFile = z.strictObject({
  version: z.literal(1),
  keyId: z.string().regex(/^[0-9a-f]{16}$/),
  openers: z.array(Opener).min(1).max(3),
});
/** The wrapped copies of the data key. */
export type Openers = Omit<z.infer<typeof OpenersFile>, 'version'>;

type FoundOpeners =
  | { readonly kind: 'found'; readonly openers: Openers }
  | { readonly kind: 'absent' }
  | { readonly kind: 'damaged'; readonly problem: string };

const mostBytes = 100_000;
const { O_RDONLY, O_NONBLOCK } = constants;

/** Never throws: what is wrong with the file is a problem with its remedy. */
export function readOpeners(path: string): FoundOpeners {
  const damaged = (problem: string): FoundOpeners => ({
    kind: 'damaged',
    problem: `${path} ${problem}: put the file of this archive back from a backup`,
  });
  let text: string | undefined;
  try {
    text = readText(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return code === 'ENOENT' ? { kind: 'absent' } : damaged(`cannot be read (${code})`);
  }
  const content = text === undefined ? undefined : parse(text);
  if (content !== undefined && isNewer(content)) {
    return damaged('was written by a newer Drover');
  }
  const parsed = OpenersFile.safeParse(content);
  if (!parsed.success) {
    return damaged('is damaged');
  }
  const { keyId, openers } = parsed.data;
  return { kind: 'found', openers: { keyId, openers } };
}

/** Undefined for what cannot be a file of ours. */
function readText(path: string): string | undefined {
  const file = openSync(path, O_RDONLY | O_NONBLOCK);
  try {
    const found = fstatSync(file);
    return found.isFile() && found.size <= mostBytes ? readFileSync(file, 'utf8') : undefined;
  } finally {
    closeSync(file);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isNewer = (content: unknown): boolean => z.looseObject({ version: z.int().min(2) }).safeParse(content).success;

/**
 * Puts the first file on disk; false when there is one already, which stays as it is. `before` runs when only the name is
 * missing. What fails on the way leaves the unfinished file, which shows that nothing was lost.
 */
export function createOpeners(path: string, openers: Openers, before: () => boolean): boolean {
  const part = partOf(path);
  writePrivate(part, bytesOf(openers));
  syncFolder(dirname(path));
  if (before() && placeNew(part, path)) {
    return true;
  }
  rmSync(part, { force: true });
  return false;
}

/** In one step, so that there is always a whole file. */
export function replaceOpeners(path: string, openers: Openers): void {
  const part = partOf(path);
  try {
    writePrivate(part, bytesOf(openers));
    replaceFile(part, path);
  } finally {
    rmSync(part, { force: true });
  }
}

const bytesOf = (openers: Openers): Buffer => Buffer.from(`${JSON.stringify({ version: 1, ...openers }, null, 2)}\n`);
