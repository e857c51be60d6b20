import { spawnSync } from 'node:child_process';
import { accessSync, appendFileSync, constants, existsSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { sshdPath } from './sshd-path.ts';

type ServiceName = 'build' | 'chromium' | 'login-shells' | 'namespaces' | 'ssh-accounts' | 'sshd' | 'tmpfs';

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const isOnPath = (name: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => folder !== '' && isExecutable(join(folder, name)));

/** As `isOnPath`, also where accounts without a login shell do not look. */
const isInSbin = (name: string): boolean => isOnPath(name) || isExecutable(join('/usr/sbin', name));

/** `NAME, NAME not installed`, '' when all of them are here. */
function notInstalled(names: readonly string[], isHere: (name: string) => boolean): string {
  const missing = names.filter((name) => !isHere(name));
  return missing.length === 0 ? '' : `${missing.join(', ')} not installed`;
}

const missingForSshd = (): string =>
  [...(sshdPath() === undefined ? ['sshd not installed'] : []), notInstalled(['ssh'], isOnPath)]
    .filter((text) => text !== '')
    .join(', ');

function missingForAccounts(): string {
  if (process.getuid?.() !== 0) {
    return 'only root makes accounts';
  }
  const programs = ['useradd', 'chpasswd', 'flock', 'sudo', 'bash', 'dash', 'zsh', 'fish', 'csh'];
  return missingForSshd() || notInstalled(programs, isInSbin);
}

const succeeds = (program: string, ...words: string[]): boolean =>
  spawnSync(program, words, { stdio: 'ignore', timeout: 10_000 }).status === 0;

/** The program and its pages, as a build leaves them. */
const built = ['main/cli.js', 'renderer/index.html'].map((file) => resolve(import.meta.dirname, '../../out', file));

function canMountTmpfs(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'drover-tmpfs-'));
  try {
    return succeeds('mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder) && succeeds('umount', folder);
  } finally {
    rmdirSync(folder);
  }
}

/** What of a service is missing on this machine, '' when nothing is. */
const missingOf: Record<ServiceName, () => string> = {
  build: () => (built.every((file) => existsSync(file)) ? '' : 'nothing was built by `npm run build`'),
  chromium: () =>
    ['/usr/lib/chromium/chromium', '/usr/bin/chromium'].some(isExecutable) ? '' : 'Chromium is not installed',
  'login-shells': () => notInstalled(['bash', 'dash', 'zsh', 'fish', 'csh'], isOnPath),
  namespaces: () => (succeeds('unshare', '-n', 'true') ? '' : 'this account may not make network namespaces'),
  // For its further accounts; `sshd` alone is enough for a login of the account that runs the tests.
  'ssh-accounts': missingForAccounts,
  // As root it makes the accounts.
  sshd: () => (process.getuid?.() === 0 ? missingForAccounts() : missingForSshd()),
  tmpfs: () => (canMountTmpfs() ? '' : 'this account may not mount a tmpfs'),
};

const known = new Map<ServiceName, string>();

/** The test file that asks, from the stack, so that a skip can be named without each suite repeating its own name. */
function askingSuite(): string {
  const file = /(?:file:\/\/)?(\/[^\s()]*\.(?:test|spec)\.tsx?)/.exec(new Error('where').stack ?? '')?.[1];
  return file?.slice(Math.max(0, file.lastIndexOf('/test/') + 1)) ?? 'a suite';
}

/**
 * Whether a suite that drives a real service has to be skipped here, for `describe.skipIf(needService('tmpfs').skip)`.
 * A skip is said aloud: in the summary of `npm test`, else on stderr.
 *
 * @throws Error under CI=true when the service is missing, because there a skipped proof is a failed one
 */
export function needService(name: ServiceName): { skip: boolean; reason: string } {
  const missing = known.get(name) ?? missingOf[name]();
  known.set(name, missing);
  if (missing === '') {
    return { skip: false, reason: '' };
  }
  const reason = `needs ${name}: ${missing}`;
  if (process.env['CI'] === 'true') {
    throw new Error(`${askingSuite()} ${reason}`);
  }
  const line = `${askingSuite()}: ${reason}\n`;
  const summary = process.env['DROVER_TEST_SKIPS'];
  if (summary === undefined) {
    process.stderr.write(`skipped: ${line}`);
  } else {
    appendFileSync(summary, line);
  }
  return { skip: true, reason };
}
