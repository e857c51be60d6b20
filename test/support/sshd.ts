import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, openSync, closeSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { procTable } from '#adapters/local/process-table';
import { type AccountName, ownAccount, type TestAccount, testAccounts } from './ssh-accounts.ts';
import { type KeyType, newTestKey, type TestKey } from './ssh-keys.ts';
import { sshdPath } from './sshd-path.ts';

export type SshdOptions = {
  /** Of 127.0.0.0/8, which Linux answers as a whole; every sixteen have a process of their own. */
  readonly addresses?: readonly string[];
  /** As one process has at most so many addresses, this is how many share what OpenSSH counts, such as MaxStartups. */
  readonly addressesPerProcess?: number;
  readonly hostKey?: KeyType;
  /** OpenSSH's own 10:30:100 when absent. */
  readonly maxStartups?: string;
  /** OpenSSH's own 10 when absent. */
  readonly maxSessions?: number;
  readonly logLevel?: 'INFO' | 'VERBOSE' | 'DEBUG1' | 'DEBUG2' | 'DEBUG3';
  readonly permitRootLogin?: 'no' | 'prohibit-password' | 'yes';
  /** Lets passwords in as well; false by default. */
  readonly passwords?: boolean;
  /** What every command finds in its environment; `SHLVL=5` by default, with which bash leaves ~/.bashrc alone. */
  readonly setEnv?: Readonly<Record<string, string>>;
  /** More lines of sshd_config; OpenSSH takes the first value that it reads, and these stand first. */
  readonly config?: readonly string[];
};

/** OpenSSH's MAX_LISTEN_SOCKS: with one address more it ends. */
const mostAddresses = 16;
const startsWithinMs = 20_000;
const triedPorts = 10;
const isRoot = process.getuid?.() === 0;

/**
 * OpenSSH's own sshd on loopback, with its own keys and its own configuration. As root it lets in the accounts of the tests
 * (and root where it is permitted), else only the account that runs it. Every account is opened by `privateKey`.
 */
export class TestSshd implements AsyncDisposable {
  readonly addresses: readonly string[];
  /** The first of the addresses. */
  readonly address: string;
  /** The account that most tests use: without a start-up file that could write. */
  readonly account: TestAccount;
  readonly privateKey: string;
  readonly keyFile: string;
  /** Knows the host key under all addresses; not written anew when the host key changes. */
  readonly knownHostsFile: string;
  readonly folder: string;
  readonly #options: SshdOptions;
  readonly #logFile: string;
  readonly #atExit = (): void => this.#end();
  #hostKey: TestKey;
  #port = 0;
  #children: ChildProcess[] = [];

  private constructor(options: SshdOptions) {
    this.#options = options;
    this.addresses = options.addresses ?? ['127.0.0.1'];
    this.address = this.addresses[0] ?? '127.0.0.1';
    this.account = isRoot ? testAccounts()['drover-test'] : ownAccount();
    this.folder = mkdtempSync(join(tmpdir(), 'drover-sshd-'));
    // The account that logs in reads its authorized keys itself.
    chmodSync(this.folder, 0o711);
    const key = newTestKey();
    this.privateKey = key.privateKey;
    this.keyFile = this.#write('id_ed25519', key.privateKey, 0o600);
    this.#write('authorized_keys', `${key.publicKey}\n`, 0o644);
    this.#hostKey = this.#newHostKey();
    this.#logFile = this.#write('log', '', 0o600);
    this.knownHostsFile = join(this.folder, 'known_hosts');
    process.on('exit', this.#atExit);
  }

  static async start(options: SshdOptions): Promise<TestSshd> {
    const sshd = new TestSshd(options);
    try {
      for (let tried = 1; !(await sshd.#listen(randomPort())); tried += 1) {
        if (tried === triedPorts) {
          throw new Error(`sshd found no free port: ${sshd.log()}`);
        }
      }
    } catch (error) {
      await sshd.stop();
      throw error;
    }
    const known = sshd.addresses.map((address) => `[${address}]:${sshd.#port} ${sshd.#hostKey.publicKey}\n`);
    writeFileSync(sshd.knownHostsFile, known.join(''));
    return sshd;
  }

  get port(): number {
    return this.#port;
  }

  get hostKey(): Pick<TestKey, 'type' | 'publicKey' | 'fingerprint'> {
    const { type, publicKey, fingerprint } = this.#hostKey;
    return { type, publicKey, fingerprint };
  }

  /** The processes that listen; each login has further ones below them. */
  get pids(): number[] {
    return this.#children.flatMap(({ pid }) => pid ?? []);
  }

  /** The process that listens on the first addresses. */
  get pid(): number {
    return this.pids[0] ?? 0;
  }

  /** Milliseconds of CPU that its ended logins have taken. */
  get cpuMs(): number {
    return this.pids.reduce((sum, pid) => sum + childrenTicks(pid) * 10, 0);
  }

  /** An account of the tests; throws Error where only root could have made it. */
  accountOf(name: AccountName): TestAccount {
    if (!isRoot) {
      throw new Error(`the account ${name} needs root`);
    }
    return testAccounts()[name];
  }

  /** What sshd has written since its start, of all its processes. */
  log(): string {
    return readFileSync(this.#logFile, 'utf8');
  }

  /** Stops the processes of everybody who is logged in, as a machine that hangs; new logins are still taken. */
  freezeLogins(): void {
    descendants(this.pids).forEach((pid) => send(pid, 'SIGSTOP'));
  }

  /** Ends it with everybody who is logged in, and starts it again on the same port. */
  async restart({ newHostKey = false }: { readonly newHostKey?: boolean } = {}): Promise<void> {
    await this.#down();
    if (newHostKey) {
      this.#hostKey = this.#newHostKey();
    }
    if (!(await this.#listen(this.#port))) {
      throw new Error(`sshd could not take its port ${this.#port} again: ${this.log()}`);
    }
  }

  /** Ends it with everybody who is logged in, and removes its folder. */
  async stop(): Promise<void> {
    process.off('exit', this.#atExit);
    await this.#down();
    rmSync(this.folder, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #down(): Promise<void> {
    const gone = this.#children.filter(isLiving).map((child) => once(child, 'exit'));
    this.#end();
    await Promise.all(gone);
    this.#children = [];
  }

  #end(): void {
    const pids = this.#children.filter(isLiving).flatMap(({ pid }) => pid ?? []);
    // Stopped first, so that nobody comes in between the look and the end.
    pids.forEach((pid) => send(pid, 'SIGSTOP'));
    for (const pid of [...descendants(pids), ...pids]) {
      send(pid, 'SIGKILL');
    }
  }

  #write(name: string, text: string, mode: number): string {
    const file = join(this.folder, name);
    writeFileSync(file, text, { mode });
    chmodSync(file, mode);
    return file;
  }

  #newHostKey(): TestKey {
    const key = newTestKey(this.#options.hostKey);
    this.#write('host_key', key.privateKey, 0o600);
    return key;
  }

  /** Whether all processes listen on all of their addresses. */
  async #listen(port: number): Promise<boolean> {
    if (isRoot) {
      // Where sshd puts its unprivileged half; the system's own start would have made it.
      mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    }
    const from = this.log().length;
    this.#port = port;
    const groups = inGroups(
      this.addresses,
      Math.min(this.#options.addressesPerProcess ?? mostAddresses, mostAddresses),
    );
    this.#children = groups.map((addresses, index) => this.#spawn(addresses, index));
    const until = performance.now() + startsWithinMs;
    while (performance.now() < until) {
      const said = this.log().slice(from);
      if (/Bind to port \d+ on .* failed|Cannot bind any address/.test(said)) {
        await this.#down();
        return false;
      }
      if (said.split('Server listening on').length > this.addresses.length) {
        return true;
      }
      if (!this.#children.every(isLiving)) {
        break;
      }
      await pause(5);
    }
    throw new Error(`sshd did not start: ${this.log().slice(from)}`);
  }

  #spawn(addresses: readonly string[], index: number): ChildProcess {
    const path = sshdPath();
    if (path === undefined) {
      throw new Error('sshd is not installed');
    }
    const config = this.#write(`sshd_config_${index}`, this.#config(addresses), 0o600);
    // A file and not a pipe: a test that waits without reading would make sshd wait as well.
    const log = openSync(this.#logFile, 'a');
    try {
      return spawn(path, ['-D', '-e', '-f', config], { stdio: ['ignore', log, log] });
    } finally {
      closeSync(log);
    }
  }

  #config(addresses: readonly string[]): string {
    const { maxStartups, maxSessions, setEnv = { SHLVL: '5' }, config = [] } = this.#options;
    const { logLevel = 'INFO', permitRootLogin = 'no', passwords = false } = this.#options;
    const given = (name: string, value: string | number | undefined): string[] =>
      value === undefined ? [] : [`${name} ${value}`];
    const environment = Object.entries(setEnv).map(([name, value]) => `"${name}=${value}"`);
    return [
      ...config,
      ...addresses.map((address) => `ListenAddress ${address}`),
      `Port ${this.#port}`,
      `HostKey ${join(this.folder, 'host_key')}`,
      `AuthorizedKeysFile ${join(this.folder, 'authorized_keys')}`,
      // The folder lies below /tmp, which everybody may write.
      'StrictModes no',
      'UsePAM no',
      'UseDNS no',
      'PidFile none',
      'PrintMotd no',
      'Subsystem sftp internal-sftp',
      `LogLevel ${logLevel}`,
      `PermitRootLogin ${permitRootLogin}`,
      `PasswordAuthentication ${passwords ? 'yes' : 'no'}`,
      'KbdInteractiveAuthentication no',
      ...(environment.length > 0 ? [`SetEnv ${environment.join(' ')}`] : []),
      ...given('MaxStartups', maxStartups),
      ...given('MaxSessions', maxSessions),
      '',
    ].join('\n');
  }
}

/** Starts an sshd on a free port; whoever starts it stops it, also by `await using`. */
export const startSshd = (options: SshdOptions = {}): Promise<TestSshd> => TestSshd.start(options);

/** `count` addresses from 127.0.0.2 on, without those that end in 0 or 255. */
export function loopbackAddresses(count: number): string[] {
  const perNet = 254;
  // The first net begins at 2, because 127.0.0.1 is everybody's.
  return Array.from({ length: count }, (_, index) => {
    const at = index + 1;
    return `127.0.${Math.floor(at / perNet)}.${(at % perNet) + 1}`;
  });
}

/** Below the ports that the kernel gives to outgoing connections. */
const randomPort = (): number => 20_000 + Math.floor(Math.random() * 12_000);

const isLiving = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode === null && signalCode === null;

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}

function inGroups<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}

/** Everything below these processes, also what has made itself a session. */
function descendants(pids: readonly number[]): number[] {
  const rows = procTable.all('', Number.POSITIVE_INFINITY);
  const found = new Set(pids);
  for (let before = 0; before < found.size;) {
    before = found.size;
    for (const { pid, parent } of rows) {
      if (found.has(parent)) {
        found.add(pid);
      }
    }
  }
  return [...found].filter((pid) => !pids.includes(pid));
}

/** Ticks of 10 ms that the ended and collected children of a process have taken. */
function childrenTicks(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return Number(fields[13]) + Number(fields[14]);
}
