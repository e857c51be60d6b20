import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const usualPath = '/usr/local/bin:/usr/bin:/bin';

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The file that `name` stands for, by the PATH of `environment` when it is a bare name; undefined when there is none. */
export function findProgram(name: string, environment: Readonly<Record<string, string>>): string | undefined {
  if (process.platform === 'win32') {
    // Windows looks in more places than PATH and tries several endings; spawn does the same.
    return name;
  }
  if (name.includes('/')) {
    return isProgram(name) ? name : undefined;
  }
  return (environment['PATH'] ?? usualPath)
    .split(delimiter)
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => join(folder, name))
    .find(isProgram);
}
