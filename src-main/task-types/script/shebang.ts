import { DroverError } from '#contract/errors';

/** What a first line `#!…` asks for; a bare name is looked up on PATH. */
export type Shebang = { readonly path: string; readonly options: readonly string[] };

/** Kernels cut the line there, silently. */
const longestLine = 255;

/** Where interpreters are installed by administrators, not by whoever may write to /tmp. */
const directories = new Set([
  '/bin',
  '/usr/bin',
  '/usr/local/bin',
  '/usr/pkg/bin',
  '/opt/local/bin',
  '/opt/homebrew/bin',
  '/run/current-system/sw/bin',
]);

/**
 * Reads the first line of a script; undefined without `#!`. Options are split at blanks: kernels hand them over as one
 * word, so `-eu` means the same and `-e -u` works here although it fails there.
 * Throws `unknown-interpreter` for a line that cannot be followed.
 */
export function readShebang(text: string): Shebang | undefined {
  const line = /^\ufeff?#![^\r\n]*/.exec(text)?.[0];
  if (line === undefined) {
    return undefined;
  }
  if (line.length > longestLine) {
    throw unknownInterpreter(`The first line is longer than ${longestLine} characters. Shorten it`);
  }
  const [path = '', ...options] = line.slice(line.indexOf('!') + 1).match(/[^ \t]+/g) ?? [];
  if (!path.startsWith('/')) {
    throw unknownInterpreter('The first line must name an interpreter by its full path, as “#!/bin/bash” does');
  }
  if (baseName(path) !== 'env') {
    return { path, options };
  }
  const [name, ...rest] = options;
  if (name === undefined || /^-|[=/]/.test(name) || !isInstalled({ path, options })) {
    throw unknownInterpreter(
      '“env” may only name an interpreter, as “#!/usr/bin/env bash” does, without options of its own',
    );
  }
  return { path: name, options: rest };
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Whether an interpreter stands in one of the usual directories or is looked up on PATH. */
export function isInstalled({ path }: Shebang): boolean {
  return !path.includes('/') || directories.has(path.slice(0, path.lastIndexOf('/')));
}

/** `sentence` says what is wrong and what to write instead, without a full stop. */
export function unknownInterpreter(sentence: string): DroverError {
  return new DroverError('unknown-interpreter', `${sentence}.`);
}
