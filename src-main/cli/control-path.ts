import { createHash } from 'node:crypto';
import { lstatSync, realpathSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DroverError } from '#contract/errors';

/** What of this process decides where the socket lies. */
export type ControlHost = {
  readonly platform: NodeJS.Platform;
  readonly runtimeDir: string | undefined;
  readonly tmpDir: string;
  /** Undefined on Windows. */
  readonly uid: number | undefined;
};

/** What fits into a socket address with its closing NUL. */
const longestLinux = 107;
const longestElsewhere = 103;

/**
 * Where the engine of a data folder listens for the command line: in the folder, or in a private folder elsewhere when
 * that path is too long for a socket. Throws DroverError `data-folder` when somebody else owns or may
 * write to either folder.
 */
export function controlSocketPath(dataDir: string, host: ControlHost = thisHost()): string {
  const folder = realPath(dataDir);
  if (host.platform === 'win32') {
    return `\\\\.\\pipe\\drover-${digest(folder.toLowerCase())}`;
  }
  assertNobodyElses(folder, host);
  const path = join(folder, 'control.sock');
  const longest = host.platform === 'linux' ? longestLinux : longestElsewhere;
  if (Buffer.byteLength(path) <= longest) {
    return path;
  }
  const elsewhere = join(host.runtimeDir ?? host.tmpDir, `drover-${digest(folder)}`);
  assertOwn(elsewhere, folder, host);
  return join(elsewhere, 'control.sock');
}

function thisHost(): ControlHost {
  return {
    platform: process.platform,
    runtimeDir: process.env['XDG_RUNTIME_DIR'] || undefined,
    tmpDir: tmpdir(),
    uid: process.getuid?.(),
  };
}

/** The temporary folder belongs to everybody: whoever made the folder first could read what is sent to the socket. */
function assertOwn(folder: string, dataDir: string, host: ControlHost): void {
  // Not what a link leads to: whoever made the link could turn it elsewhere afterwards.
  const found = lstatSync(folder, { throwIfNoEntry: false });
  const mayOwn = [host.uid, statSync(dataDir, { throwIfNoEntry: false })?.uid];
  if (found && (!found.isDirectory() || !mayOwn.includes(found.uid) || (found.mode & 0o077) !== 0)) {
    throw new DroverError('data-folder', `${folder} belongs to another account or is open to others; remove it`);
  }
}

/** Whoever can write to the data folder could put a socket of their own there, and read every script sent to it. */
function assertNobodyElses(folder: string, { uid }: ControlHost): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found) {
    return;
  }
  if (found.mode & 0o022) {
    throw new DroverError('data-folder', `Other accounts may write to ${folder}: run chmod go-w on it`);
  }
  // The superuser may work in anybody's folder, as with sudo.
  if (uid !== undefined && uid !== 0 && found.uid !== uid && found.uid !== 0) {
    throw new DroverError('data-folder', `${folder} belongs to another account`);
  }
}

/** One folder has one socket, however it was named. */
function realPath(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    return resolve(folder);
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
