import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const hasWildcard = (part: string): boolean => /[*?[]/.test(part);

function wildcardTest(part: string): (name: string) => boolean {
  const source = part
    .replaceAll(/[\\^$.|+(){}]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
    .replaceAll('[!', '[^');
  try {
    const shape = new RegExp(`^${source}$`, 's');
    // A leading dot is only found by one.
    return (name) => shape.test(name) && (part.startsWith('.') || !name.startsWith('.'));
  } catch {
    return (name) => name === part;
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).toSorted();
  } catch {
    return [];
  }
}

const exists = (path: string): boolean => {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
};

/** The files an absolute path with `*`, `?` and `[…]` stands for, sorted; `onRead` hears of each directory that was read. */
export function expandGlob(pattern: string, onRead: (directory: string) => void): string[] {
  if (!hasWildcard(pattern)) {
    return [pattern];
  }
  const [root = '', ...parts] = pattern.split('/');
  let found = [`${root}/`];
  for (const part of parts.filter((name) => name !== '')) {
    const fits = hasWildcard(part) ? wildcardTest(part) : null;
    found = found.flatMap((directory) => {
      if (!fits) {
        return [join(directory, part)];
      }
      onRead(directory);
      return namesIn(directory)
        .filter(fits)
        .map((name) => join(directory, name));
    });
  }
  return found.filter(exists);
}
