import { accessSync, constants, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { isAbsolute } from 'node:path';
import type { Environment } from './run-environment.ts';

/** The account's home; `/` when it has none that can be entered. */
export function homeFolder(environment: Environment): string {
  const home = environment['HOME'] ?? homedir();
  try {
    accessSync(home, constants.X_OK);
    return isAbsolute(home) && statSync(home).isDirectory() ? home : '/';
  } catch {
    return '/';
  }
}

/** Where a private directory may be made, in the order in which they are tried; never the root of the file system. */
export function privatePlaces(environment: Environment): string[] {
  const usual = process.platform === 'win32' ? [tmpdir()] : [environment['TMPDIR'] ?? '', '/tmp', '/dev/shm'];
  return [...new Set([...usual, homeFolder(environment)])].filter((place) => isAbsolute(place) && place !== '/');
}
