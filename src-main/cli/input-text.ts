import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { DroverError } from '#contract/errors';
import { maxMessageBytes } from '#contract/plain-json';
import type { CliHost } from './host.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'this account may not read it',
};

/** The text of a file, or of stdin for `-`; byte for byte UTF-8, or DroverError `bad-input`, `too-large`. */
export async function inputText(file: string, host: Pick<CliHost, 'stdin' | 'cwd'>): Promise<string> {
  const name = file === '-' ? 'stdin' : file;
  const bytes = await readAll(file === '-' ? host.stdin : createReadStream(resolve(host.cwd, file)), name);
  try {
    // The mark at the beginning belongs to the file, whatever it means to who reads it.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new DroverError('bad-input', `${name} is not UTF-8 text`, { cause: error });
  }
}

async function readAll(stream: Readable, name: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of stream) {
      const bytes = typeof piece === 'string' ? Buffer.from(piece) : (piece as Uint8Array);
      size += bytes.length;
      if (size > maxMessageBytes) {
        throw new DroverError('too-large', `${name} is larger than ${maxMessageBytes / 1024 / 1024} MB`);
      }
      pieces.push(bytes);
    }
  } catch (error) {
    if (error instanceof DroverError) {
      throw error;
    }
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const why = reasons[code] ?? (error instanceof Error ? error.message : String(error));
    throw new DroverError('bad-input', `Cannot read ${name}: ${why}`, { cause: error });
  }
  return Buffer.concat(pieces);
}
