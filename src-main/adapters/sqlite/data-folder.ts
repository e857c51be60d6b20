import { accessSync, constants, existsSync, mkdirSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DroverError } from '#contract/errors';

/** `f_type` of Linux's statfs for file systems whose locks other machines do not reliably see. */
const networkFileSystems = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x564c, 'NCP'],
  [0x5346414f, 'AFS'],
  [0x6b414653, 'AFS'],
  [0x73757245, 'Coda'],
]);

const linuxType = (folder: string): number => statfsSync(folder).type;

/**
 * Makes the data folder if it is absent (only its owner may look inside) and gives its absolute path.
 *
 * @throws DroverError `data-folder` when it cannot be one, `archive-read-only` when nothing can be written there
 */
export function prepareDataFolder(dataDir: string, typeOf: (folder: string) => number = linuxType): string {
  const folder = resolve(dataDir);
  try {
    makeFolder(folder);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unusable(folder, error);
  }
  const network = networkKind(folder, typeOf);
  if (network) {
    throw new DroverError(
      'data-folder',
      `The data folder ${folder} is on a network file system (${network}), where an archive can be damaged: choose a folder on a local disk`,
      { detail: { folder, fileSystem: network } },
    );
  }
  return folder;
}

/** Node says ENOENT where a folder cannot be made on a read-only disk; what is above it tells the truth. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    let above = dirname(folder);
    while (!existsSync(above)) {
      above = dirname(above);
    }
    accessSync(above, constants.W_OK);
    throw error;
  }
}

/** What kind of network disk a folder is on; undefined for a local one. */
export function networkKind(folder: string, typeOf: (folder: string) => number = linuxType): string | undefined {
  if (process.platform === 'win32') {
    return /^\\\\(?![?.]\\)|^\\\\\?\\UNC\\/i.test(folder) ? 'a Windows share' : undefined;
  }
  return process.platform === 'linux' ? networkFileSystems.get(typeOf(folder) >>> 0) : undefined;
}

function unusable(folder: string, error: unknown): DroverError {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') {
    return new DroverError(
      'archive-read-only',
      `The data folder ${folder} cannot be written to (${code}): make it writable for this account or choose another folder`,
      { detail: { folder }, cause: error },
    );
  }
  return new DroverError('data-folder', `The data folder ${folder} cannot be used (${code})`, {
    detail: { folder },
    cause: error,
  });
}
