import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DroverError } from '#contract/errors';

const copyName = /^archive-v\d+-\d{4}-\d{2}-\d{2}T[\d-]+Z\.db$/;

/** Name of the copy that is made beside the archive before schema `version` is left. */
export const copyFileName = (version: number, now: number): string =>
  `archive-v${version}-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}.db`;

/** The copies of the archive beside it, newest first. */
export function copiesOf(file: string): string[] {
  const folder = dirname(file);
  return readdirSync(folder)
    .filter((name) => copyName.test(name))
    .toSorted((one, other) => (dateIn(one) < dateIn(other) ? 1 : -1))
    .map((name) => join(folder, name));
}

const dateIn = (name: string): string => name.slice(name.indexOf('-', 'archive-'.length));

/** An archive that must not be used as it is; it was not touched, and the message says what helps. */
export function damaged(file: string, why: string, cause?: unknown): DroverError {
  const copies = copiesOf(file);
  const newest = copies[0];
  const remedy = newest
    ? `put a copy of it back (the newest is ${basename(newest)}) or a backup of your own`
    : 'put a backup of it back';
  return new DroverError(
    'archive-corrupt',
    `The archive ${file} cannot be used: ${why}. It was left as it is. Move it away together with ${basename(file)}-wal, then ${remedy}; without either, save what can still be read with \`drover salvage --into FOLDER\` first, or Drover begins a new archive`,
    { detail: { file, why, copies }, ...(cause !== undefined && { cause }) },
  );
}
