import { DroverError } from '#contract/errors';

/** The system's refusal of a file or folder, in words. */
export function storageProblem(error: unknown, path: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (error instanceof DroverError || syscall === undefined) {
    return error;
  }
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? new DroverError('no-space', `The disk under ${path} is full: make room first`, { cause: error })
    : new DroverError('bad-input', `${path} cannot be written or read (${code})`, { cause: error });
}
