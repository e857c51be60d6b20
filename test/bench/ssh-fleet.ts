import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InputOf } from '#contract';
import { loopbackAddresses, type SshdOptions, startSshd, type TestSshd } from '../support/sshd.ts';
import { root, ScratchFolder } from './bench-engine.ts';
import { childrenCpuMs, memoryMb } from './process-facts.ts';

/** What every host of a measurement is asked, because its answer is short and known. */
export const command = 'hostname';
export const atOnce = 64;
const memoryEveryMs = 50;

/** How long a whole process took, and what it and its children used. */
export type Took = {
  readonly ms: number;
  /** User's and system's time of the process and of all that it waited for; the sshd of the fleet is not among them. */
  readonly cpuMs: number;
  /** Highest resident memory of the process itself, as it was last seen. */
  readonly peakMb: number;
};

type Program = {
  readonly file: string;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};

/** Many hosts on loopback that share an sshd, and what a client needs to log in to them by a key. */
export class SshFleet implements AsyncDisposable {
  readonly sshd: TestSshd;
  readonly hosts: readonly string[];
  /** One host a line. */
  readonly hostsFile: string;
  /** In the place of a configuration that this machine may have for Ansible. */
  readonly emptyConfig: string;
  readonly #folder: ScratchFolder;

  private constructor(sshd: TestSshd, folder: ScratchFolder) {
    this.sshd = sshd;
    this.hosts = sshd.addresses;
    this.#folder = folder;
    this.hostsFile = join(folder.path, 'hosts');
    writeFileSync(this.hostsFile, `${this.hosts.join('\n')}\n`);
    this.emptyConfig = join(folder.path, 'empty.cfg');
    writeFileSync(this.emptyConfig, '');
    const ssh = join(folder.path, '.ssh');
    mkdirSync(ssh, { mode: 0o700 });
    writeFileSync(join(ssh, 'known_hosts'), readFileSync(sshd.knownHostsFile));
  }

  /** The limits of each sshd are out of the way unless `options` say otherwise, because in earnest every host has its own. */
  static async start(
    count: number,
    options: SshdOptions = { maxStartups: '1000', maxSessions: 1_000 },
  ): Promise<SshFleet> {
    const sshd = await startSshd({ addresses: loopbackAddresses(count), ...options });
    return new SshFleet(sshd, new ScratchFolder());
  }

  /** A home whose `known_hosts` knows all hosts, for programs and their droppings. */
  get home(): string {
    return this.#folder.path;
  }

  /** The login of a run, for the control socket. */
  get login(): InputOf<'run.start'>['login'] {
    const { account, port, privateKey } = this.sshd;
    return { user: account.name, port, keys: [{ privateKey }], hostKeys: 'accept-new' };
  }

  /** `drover exec` of the built program on the first `count` hosts. */
  drover(data: string, count = this.hosts.length): Program {
    const { account, keyFile, port } = this.sshd;
    const list = this.hosts.slice(0, count).join(',');
    const to = ['-w', list, '-u', account.name, '-i', keyFile, '-p', `${port}`, '-c', `${atOnce}`];
    const argv = [join(root, 'bin/drover.mjs'), 'exec', '--data', data, ...to, '--accept-new-host-keys', '--', command];
    return { file: process.execPath, argv };
  }

  /**
   * Runs a program over `count` hosts to its end.
   *
   * @throws Error when it fails or does not show the answer of every host once
   */
  async time({ file, argv, env }: Program, count = this.hosts.length): Promise<Took> {
    const [began, cpuBefore] = [performance.now(), childrenCpuMs()];
    const child = spawn(file, argv, {
      cwd: this.home,
      env: { PATH: process.env['PATH'], HOME: this.home, LC_ALL: 'C.UTF-8', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err, peakMb] = ['', '', 0];
    child.stdout.setEncoding('utf8').on('data', (text: string) => void (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => void (err += text));
    const watch = setInterval(() => (peakMb = peakOf(child.pid, peakMb)), memoryEveryMs);
    let code: number | null;
    try {
      [code] = (await once(child, 'close')) as [number | null];
    } finally {
      clearInterval(watch);
    }
    const ms = performance.now() - began;
    const cpuMs = childrenCpuMs() - cpuBefore;
    const answers = out.split(/\r?\n/).filter(isAnswer).length;
    if (code !== 0 || answers !== count) {
      const said = `${err}${out}`.slice(0, 2_000);
      throw new Error(`${file} ${argv[0]} ended with ${code} and ${answers} answers of ${count}:\n${said}`);
    }
    return { ms, cpuMs, peakMb };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sshd.stop();
    this.#folder[Symbol.dispose]();
  }
}

const answer = spawnSync(command, { encoding: 'utf8' }).stdout.trim();

/** The bare answer, or behind `HOST: ` or `[HOST] ` or the like, as most clients show it. */
const isAnswer = (line: string): boolean => line === answer || /^\S+\s+(\S\s+)?(.*)$/.exec(line)?.[2] === answer;

function peakOf(pid: number | undefined, before: number): number {
  try {
    return Math.max(before, memoryMb(pid ?? 0).peak || 0);
  } catch {
    // It has just ended.
    return before;
  }
}
