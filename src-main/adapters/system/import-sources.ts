import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportSource } from '#contract/target';

type Place = Pick<ImportSource, 'path' | 'format'> & { readonly file: string };

/** An import takes no longer text. */
const longestFile = 5_000_000;

/** The usual places and no others: nobody names a path. What is not there or cannot be read is left out. */
export async function readImportSources(home: string, etc = '/etc'): Promise<ImportSource[]> {
  const places: readonly Place[] = [
    { path: '~/.ssh/config', format: 'ssh-config', file: join(home, '.ssh', 'config') },
    { path: '/etc/ansible/hosts', format: 'ansible-ini', file: join(etc, 'ansible', 'hosts') },
  ];
  const found = await Promise.all(places.map(readPlace));
  return found.filter((source) => source !== null);
}

async function readPlace({ path, format, file }: Place): Promise<ImportSource | null> {
  try {
    const { size } = await stat(file);
    const text = size > longestFile ? '' : await readFile(file, 'utf8');
    return text.trim() === '' ? null : { path, format, text };
  } catch {
    return null;
  }
}
