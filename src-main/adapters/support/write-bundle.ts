import { createWriteStream, linkSync, renameSync, rmSync, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

type BundleFile = { readonly name: string; readonly text: string };

/**
 * Writes a ZIP that only this account can read; gives its size. Without `force` a file that is there already is left
 * alone. Throws the system's error, EEXIST among them.
 */
export async function writeBundle(to: string, files: readonly BundleFile[], force: boolean): Promise<number> {
  const part = `${to}.${process.pid}.part`;
  try {
    const zip = new ZipFile();
    for (const { name, text } of files) {
      zip.addBuffer(Buffer.from(text), name, { mode: 0o100600 });
    }
    zip.end();
    const out = createWriteStream(part, { flags: 'wx', mode: 0o600, flush: true });
    await pipeline(Readable.from(zip.outputStream as Readable), out);
    if (force) {
      renameSync(part, to);
    } else {
      // Unlike a rename it never takes the place of something.
      linkSync(part, to);
    }
    return statSync(to).size;
  } finally {
    rmSync(part, { force: true });
  }
}
