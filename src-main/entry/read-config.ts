import { existsSync, readFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import type { ServeFlags } from '../cli/host.ts';
import { type Config, loadConfig } from '../config.ts';

type Environment = Readonly<Record<string, string | undefined>>;

type Sources = { readonly env?: Environment; readonly isFileRead?: boolean };

/** This process's configuration: file, environment and flags, checked. Throws DroverError `bad-input`. */
export function readConfig(flags: ServeFlags, { env = process.env, isFileRead = true }: Sources): Config {
  return loadConfig({
    flags,
    env,
    platform: process.platform,
    homedir: homedir(),
    cwd: process.cwd(),
    hostname: hostname(),
    readFile: (path) => (isFileRead && existsSync(path) ? readFileSync(path, 'utf8') : undefined),
  });
}
