import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const usualPath = '/usr/local/bin:/usr/bin:/bin';

function firstBytes(path: string): string {
  const descriptor = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(256);
    return bytes.toString('latin1', 0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}

/** What a script names in its first line is there; a program that may not be read is no script. */
function hasInterpreter(path: string): boolean {
  try {
    const named = /^#![ \t]*(\/[^ \t\n]+)/.exec(firstBytes(path))?.[1];
    return named === undefined || statSync(named).isFile();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES';
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile() && hasInterpreter(path);
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
