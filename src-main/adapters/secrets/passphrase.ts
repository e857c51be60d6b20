import { randomBytes, scrypt } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { DroverError } from '#contract/errors';
import { keyBytes } from './data-key.ts';
import { modeOf } from './private-file.ts';

/** Cost of scrypt; it takes 128 · N · r bytes of memory. */
export type ScryptCost = { readonly N: number; readonly r: number; readonly p: number };

export type Derivation = ScryptCost & { readonly salt: string };

export const usualCost: ScryptCost = { N: 2 ** 17, r: 8, p: 1 };
const mostBytes = 4_096;

export const newDerivation = (cost: ScryptCost): Derivation => ({ ...cost, salt: randomBytes(16).toString('base64') });

/** The wrapping key of a passphrase, computed off the event loop; whoever takes it wipes it. */
export function deriveKey(passphrase: string, { N, r, p, salt }: Derivation): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // Composed, because one keyboard sends an accented letter as one sign and another one as two.
    const text = passphrase.normalize('NFC');
    const maxmem = 128 * r * (N + p) + 1_048_576;
    scrypt(text, Buffer.from(salt, 'base64'), keyBytes, { N, r, p, maxmem }, (error, key) => {
      if (error) {
        reject(error);
      } else {
        resolve(key);
      }
    });
  });
}

/**
 * The passphrase that stands in a file or comes through a pipe, without its final newline.
 *
 * @throws DroverError `bad-input` when others may read it, or it is no passphrase
 */
export function readPassphraseFile(path: string): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readPrivate(path));
  } catch (error) {
    if (error instanceof DroverError) {
      throw error;
    }
    const code = error instanceof TypeError ? 'it is not UTF-8' : ((error as NodeJS.ErrnoException).code ?? 'unknown');
    throw unfit(path, `cannot be read (${code})`, 'name a text file that this account may read');
  }
  const passphrase = text.replace(/\r?\n$/, '');
  if (passphrase === '' || passphrase.includes('\0')) {
    throw unfit(path, 'holds no passphrase', 'write the passphrase alone into it');
  }
  return passphrase;
}

function readPrivate(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const found = fstatSync(file);
    if (!found.isFile() && !found.isFIFO()) {
      throw unfit(path, 'is not a file', 'name a file that holds the passphrase');
    }
    if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
      throw unfit(path, `can be read or changed by others (mode ${modeOf(found.mode)})`, `chmod 600 ${path}`);
    }
    if (found.size > mostBytes) {
      throw unfit(path, `holds more than ${mostBytes} bytes`, 'write the passphrase alone into it');
    }
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

const unfit = (path: string, what: string, remedy: string): DroverError =>
  new DroverError('bad-input', `The passphrase file ${path} ${what}: ${remedy}`, { detail: { path } });
