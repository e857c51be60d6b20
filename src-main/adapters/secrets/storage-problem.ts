import { DroverError } from '#contract/errors';

/** What the file system said while secrets were written, as a failure with its remedy; others stay as they are. */
export function asDroverError(error: unknown, folder: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof DroverError || code === undefined || !/^E[A-Z]+$/.test(code)) {
    return error;
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new DroverError('no-space', 'There is no room on the disk for the key of the secrets: make room first', {
      detail: { folder },
    });
  }
  return new DroverError(
    'secrets-locked',
    `The key of the secrets cannot be written to ${folder} (${code}): make the folder writable for the account of this program`,
    { detail: { folder }, cause: error },
  );
}
