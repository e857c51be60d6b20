import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DroverError } from '#contract/errors';
import type { CliHost } from './host.ts';
import { inputText } from './input-text.ts';

/**
 * The text of a file that holds a secret, or of stdin for `-`. Throws DroverError `bad-input` for one that cannot be
 * read or that other accounts may read, as OpenSSH does; no message holds any of the text.
 */
export async function secretText(file: string, host: Pick<CliHost, 'stdin' | 'cwd'>): Promise<string> {
  if (file !== '-') {
    await assertPrivate(file, resolve(host.cwd, file));
  }
  return inputText(file, host);
}

/** A secret of one line, without its line break; throws DroverError `bad-input` for anything else. */
export async function secretLine(file: string, host: Pick<CliHost, 'stdin' | 'cwd'>): Promise<string> {
  const line = (await secretText(file, host)).replace(/\r?\n$/, '');
  if (line === '' || /[\r\n]/.test(line)) {
    throw new DroverError('bad-input', `${nameOf(file)} must hold the secret on one line and nothing else`);
  }
  return line;
}

function nameOf(file: string): string {
  return file === '-' ? 'Stdin' : file;
}

/** What cannot be opened is left to who reads it: it has the words for that. */
async function assertPrivate(file: string, path: string): Promise<void> {
  const handle = await open(path, 'r').catch(() => undefined);
  try {
    const found = await handle?.stat();
    // Only of a file of one's own: root may read the keys of others, and on Windows the mode says nothing.
    if (found?.isFile() && found.uid === process.getuid?.() && (found.mode & 0o077) !== 0) {
      const mode = (found.mode & 0o777).toString(8).padStart(4, '0');
      throw new DroverError('bad-input', `Other accounts may use ${file}: its permissions ${mode} are too open`, {
        detail: { remedy: `chmod 600 '${file.replaceAll("'", `'\\''`)}'` },
      });
    }
  } finally {
    await handle?.close();
  }
}
