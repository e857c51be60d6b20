import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { ExecRequest, ExecResult, LaunchPlan, OutputSink, PlannedHost, StopSignals } from '#core/ports';
import { KnownHosts } from '#adapters/ssh/known-hosts';
import { createSsh, type Ssh } from '#adapters/ssh/ssh-exec';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';
import type { AccountName } from '../../support/ssh-accounts.ts';
import { type SshdOptions, startSshd, type TestSshd } from '../../support/sshd.ts';

type Choice = {
  readonly plan: LaunchPlan;
  /** `drover-test` when absent. */
  readonly account?: AccountName;
  /** As whom it runs, and what sudo is told when it asks. */
  readonly become?: { readonly user: string; readonly password?: string };
  readonly stdin?: string | Uint8Array;
  readonly environment?: Readonly<Record<string, string>>;
  readonly runId?: string;
  /** The number of the target in its run. */
  readonly host?: number;
  readonly stop?: StopSignals;
  /** Gets the bytes in place of `output`. */
  readonly sink?: OutputSink;
};

/** What a run has written so far, one character for each byte, and its result. */
export type Going = {
  readonly output: { out: string; err: string };
  readonly result: Promise<ExecResult>;
  readonly runId: string;
};

export type Ended = { readonly out: string; readonly err: string; readonly result: ExecResult };

export const shellPlan = (text: string, path = '/bin/sh', ...options: string[]): LaunchPlan => ({
  files: [{ name: 'script', content: text }],
  entry: 'script',
  candidates: [{ path, options }],
});

export class Stopping implements StopSignals {
  readonly #term = new AbortController();
  readonly #kill = new AbortController();
  readonly term = this.#term.signal;
  readonly kill = this.#kill.signal;
  askTerm = (): void => this.#term.abort();
  askKill = (): void => this.#kill.abort();
}

export const ended = (exitCode: number): ExecResult => ({ kind: 'exited', exitCode, stopped: null, message: '' });

/** What was collected as one character for each byte, as text. */
export const asText = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8');

let lastRun = 0;

/** An sshd and a client that knows its key, with the logins of its accounts. */
export class SshBench implements AsyncDisposable {
  readonly sshd: TestSshd;
  readonly log = new CollectingLog();
  readonly ssh: Ssh;
  #asked = 0;

  private constructor(sshd: TestSshd) {
    this.sshd = sshd;
    this.ssh = this.client();
  }

  static async start(options: SshdOptions = {}): Promise<SshBench> {
    return new SshBench(await startSshd(options));
  }

  /** How many logins have been made use of: one for each run. */
  get logins(): number {
    return this.#asked;
  }

  /** A further client, with connections of its own; whoever makes it closes it. */
  client(): Ssh {
    const { privateKey, knownHostsFile } = this.sshd;
    return createSsh({
      logins: {
        open: (source) => {
          this.#asked += 1;
          const password = source.kind === 'stored' && source.credentialId !== '' ? source.credentialId : null;
          const secrets = { keys: [{ privateKey }], password: null, agent: false, identityFiles: [] };
          return { ...secrets, becomePassword: password, print: `test ${password}` };
        },
      },
      hostKeys: { trusted: () => [], offer: () => undefined, accept: () => undefined },
      knownHosts: new KnownHosts([knownHostsFile], this.log),
      agentSocket: undefined,
      log: this.log,
    });
  }

  start(choice: Choice, { exec }: Ssh = this.ssh): Going {
    const output = { out: '', err: '' };
    const runId = choice.runId ?? `test-${process.pid}-${(lastRun += 1)}`;
    const { stdin } = choice;
    const request: ExecRequest = {
      runId,
      target: this.#target(choice),
      launch: choice.plan,
      environment: choice.environment ?? {},
      stdin: stdin === undefined ? null : Buffer.from(stdin),
    };
    const collect: OutputSink = (stream, bytes) => {
      output[stream] += Buffer.from(bytes).toString('latin1');
    };
    return { output, runId, result: exec.run(request, choice.sink ?? collect, choice.stop ?? new Stopping()) };
  }

  /** Runs to the end. */
  async run(choice: Choice, ssh?: Ssh): Promise<Ended> {
    const { output, result } = this.start(choice, ssh);
    return { result: await result, ...output };
  }

  async stop(): Promise<void> {
    await this.ssh.close();
    await this.sshd.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #target({ account = 'drover-test', become, host = 0 }: Choice): PlannedHost {
    const { address, port } = this.sshd;
    const credentialId = become?.password ?? '';
    return {
      host,
      targetId: null,
      name: `${account}-${host}`,
      address,
      os: 'linux',
      connection: 'ssh',
      reach: {
        port,
        user: this.sshd.accountOf(account).name,
        login: { kind: 'stored', credentialId },
        jumps: [],
        become: become ? { user: become.user } : null,
        hostKeys: 'known',
        weakAlgorithms: false,
      },
    };
  }
}

/** Whether a process exists and is not merely waiting to be collected. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.charAt(stat.lastIndexOf(')') + 2) !== 'Z';
  } catch {
    return false;
  }
}

/** Waits until the run has written this many numbers, which its script gives as process ids. */
export async function pidsOf(going: Going, count: number): Promise<number[]> {
  const found = (): number[] => (going.output.out.match(/\d+(?=\n)/g) ?? []).map(Number);
  await expect.poll(() => found().length, { timeout: 10_000, interval: 10 }).toBe(count);
  return found();
}
