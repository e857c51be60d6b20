import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The project's folder. */
export const root = resolve(import.meta.dirname, '../..');

const ignoredFolders = new Set([
  '.git',
  ...readFileSync(join(root, '.gitignore'), 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('/'))
    .map((line) => line.slice(0, -1)),
]);

/** Files below `folder`, relative to the project, '/' between the names, without what git ignores; walked, so that a checkout without git has the same. */
export function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      return ignoredFolders.has(entry.name) ? [] : filesBelow(path);
    }
    // In a second working tree of the repository .git is a file.
    return entry.isFile() && path !== '.git' ? [path] : [];
  });
}

/** Every file of src-main, src-preload and src-renderer. */
export function sourceFiles(): string[] {
  return readdirSync(root)
    .filter((name) => name.startsWith('src-'))
    .flatMap(filesBelow);
}

export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
