import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type { ClientChannel } from 'ssh2';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Connection } from '#adapters/ssh/connection';
import { type Lease, type Opening, type PoolLimits, type Route, SshPool } from '#adapters/ssh/pool';
import { fingerprintOf } from '#adapters/ssh/host-key-verdict';
import { createSsh, type Ssh, type SshLimits, type SshNeeds } from '#adapters/ssh/ssh-exec';
import type { ExecRequest, ExecResult } from '#core/ports';
import type { HostKeyBook, LoginSecrets, Reach, ShownKey, Stop } from '#core/ports-reach';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';

/** Fails the file when a promise of it was rejected and nobody had looked. */
export function watchRejections(): void {
  const unseen: unknown[] = [];
  const note = (reason: unknown): void => void unseen.push(reason);
  beforeAll(() => void process.on('unhandledRejection', note));
  afterAll(async () => {
    await turn();
    process.off('unhandledRejection', note);
    expect(unseen).toEqual([]);
  });
}

/** Lets everything happen that waits for nothing outside. */
export async function settled(): Promise<void> {
  for (let turns = 0; turns < 5; turns += 1) {
    await turn();
  }
}

/** What stands for a connection where no server is needed. */
export class FakeConnection {
  readonly closed: Promise<string>;
  readonly commands: string[] = [];
  readonly forwards: string[] = [];
  isOpen = true;
  #close: (why: string) => void = () => undefined;

  constructor() {
    this.closed = new Promise((resolve) => {
      this.#close = resolve;
    });
  }

  /** In the type of the real one. */
  get real(): Connection {
    return this as unknown as Connection;
  }

  exec(command: string): Promise<ClientChannel> {
    this.commands.push(command);
    return Promise.reject(new Error('nobody is there'));
  }

  forward(address: string, port: number): Promise<PassThrough> {
    this.forwards.push(`${address}:${port}`);
    const way = new PassThrough();
    void this.closed.then(() => way.destroy());
    return Promise.resolve(way);
  }

  close(): void {
    this.die('the connection was closed');
  }

  lose(why: string): void {
    this.die(why);
  }

  die(why: string): void {
    this.isOpen = false;
    this.#close(why);
  }
}

/** Host keys in memory, with what was told of others. */
export class KeyBook implements HostKeyBook {
  readonly known: ShownKey[] = [];
  readonly offered: { readonly key: ShownKey; readonly replaces: string | null }[] = [];
  readonly accepted: ShownKey[] = [];

  trusted: HostKeyBook['trusted'] = (address, port) =>
    this.known.filter((key) => key.address === address && key.port === port);

  offer: HostKeyBook['offer'] = (key, replaces) => void this.offered.push({ key, replaces });

  accept: HostKeyBook['accept'] = (key) => {
    this.accepted.push(key);
    this.known.push(key);
  };

  /** `publicKey` is type and base64. */
  trust(address: string, port: number, { publicKey: line }: { readonly publicKey: string }): this {
    const [type = '', publicKey = ''] = line.split(' ');
    this.known.push({ address, port, type, publicKey, fingerprint: fingerprintOf(publicKey) });
    return this;
  }
}

export const noKnownHosts: SshNeeds['knownHosts'] = {
  find: () => ({ trusted: [], revoked: [], hasAuthority: false, unreadable: null }),
};

export const secretsOf = (some: Partial<LoginSecrets>): LoginSecrets => ({
  keys: [],
  password: null,
  becomePassword: null,
  agent: false,
  identityFiles: [],
  print: JSON.stringify(some),
  ...some,
});

/** A machine of a test; `login` is the name of its secrets. */
export const stopAt = (port: number, { address = '127.0.0.1', user = 'drover', login = 'good' } = {}): Stop => ({
  address,
  port,
  user,
  login: { kind: 'stored', credentialId: login },
});

type Order = Partial<Pick<Reach, 'jumps' | 'hostKeys' | 'weakAlgorithms'>> & {
  readonly script?: string;
  readonly runId?: string;
  readonly term?: AbortSignal;
  readonly onOutput?: (text: string) => void;
};
export type Ran = { readonly result: ExecResult; readonly out: string };

/** Runs scripts as the engine does, with everything in memory but the connections. */
export class Bench implements AsyncDisposable {
  readonly book = new KeyBook();
  readonly log = new CollectingLog();
  readonly ssh: Ssh;

  constructor(logins: Readonly<Record<string, LoginSecrets>>, limits: Partial<SshLimits> = {}) {
    this.ssh = createSsh({
      logins: {
        open: (source) => {
          const secrets = source.kind === 'stored' ? logins[source.credentialId] : undefined;
          if (!secrets) {
            throw new Error('no such login');
          }
          return secrets;
        },
      },
      hostKeys: this.book,
      knownHosts: noKnownHosts,
      agentSocket: undefined,
      log: this.log,
      limits: () => limits,
    });
  }

  async run(stop: Stop, order: Order = {}): Promise<Ran> {
    const { script = 'echo hello', runId = 'run-1', term, onOutput = () => undefined } = order;
    const { jumps = [], hostKeys = 'accept-new', weakAlgorithms = false } = order;
    const { address, ...rest } = stop;
    const request: ExecRequest = {
      runId,
      target: {
        host: 1,
        targetId: null,
        name: 'target',
        address,
        os: 'linux',
        connection: 'ssh',
        reach: { ...rest, jumps, become: null, hostKeys, weakAlgorithms },
      },
      launch: {
        files: [{ name: 'script', content: script }],
        entry: 'script',
        candidates: [{ path: 'sh', options: [] }],
      },
      environment: {},
      stdin: null,
    };
    const never = new AbortController().signal;
    let out = '';
    const result = await this.ssh.exec.run(
      request,
      (stream, bytes) => {
        out += stream === 'out' ? Buffer.from(bytes).toString() : '';
        onOutput(out);
      },
      { term: term ?? never, kill: never },
    );
    return { result, out };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.ssh.close();
  }
}

/** `ok`, else the reason with its words: all of many runs at one glance. */
export const told = ({ result }: Ran): string =>
  result.kind === 'exited'
    ? result.exitCode === 0
      ? 'ok'
      : `exit ${result.exitCode}`
    : `${result.reason}: ${result.message}`;

/** How often each of these was told. */
export function counted(all: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of all) {
    counts[one] = (counts[one] ?? 0) + 1;
  }
  return counts;
}

const never = new AbortController().signal;
const poolLimits: PoolLimits = {
  connections: 256,
  sessionsPerConnection: 8,
  forwardsPerConnection: 64,
  unauthenticated: 8,
  connectMs: 1_000,
  idleMs: 60_000,
};

type Opened = {
  readonly opening: Opening;
  readonly fake: FakeConnection;
  readonly come: () => void;
  readonly fail: (error: Error) => void;
};

/** A pool whose connections open when the test says so, or at once. */
export class PoolRig {
  readonly opened: Opened[] = [];
  readonly pool: SshPool;
  isHeld = false;
  /** Fails the next opens, one each. */
  failures: Error[] = [];

  constructor(some: Partial<PoolLimits> = {}) {
    this.pool = new SshPool({
      limits: () => ({ ...poolLimits, ...some }),
      log: new CollectingLog(),
      random: () => 0,
      open: (opening) => this.#open(opening),
    });
  }

  get users(): string[] {
    return this.opened.map(({ opening }) => `${opening.stop.user}@${opening.stop.address}:${opening.stop.port}`);
  }

  /** The connection that was opened at this place. */
  fake(at: number): FakeConnection {
    const found = this.opened[at];
    if (!found) {
      throw new Error(`only ${this.opened.length} were opened`);
    }
    return found.fake;
  }

  get living(): number {
    return this.opened.filter(({ fake }) => fake.isOpen).length;
  }

  lease(route: Route, signal = never): Promise<Lease> {
    return this.pool.lease(route, signal);
  }

  #open(opening: Opening): Promise<Connection> {
    const { promise, resolve, reject } = Promise.withResolvers<Connection>();
    const fake = new FakeConnection();
    const come = (): void => resolve(fake.real);
    this.opened.push({ opening, fake, come, fail: reject });
    opening.signal.addEventListener('abort', () => {
      fake.isOpen = false;
      reject(opening.signal.reason as Error);
    });
    opening.through?.once('close', () => fake.die('its way is gone'));
    const failure = this.failures.shift();
    if (failure) {
      fake.isOpen = false;
      reject(failure);
    } else if (!this.isHeld) {
      come();
    }
    return promise;
  }
}

export type Some = {
  user?: string;
  port?: number;
  print?: string;
  weak?: boolean;
  policy?: Route['policy'];
  hops?: string[];
};

/** A way to `address` over `hops`, all on port 22. */
export function route(
  address: string,
  { user, port = 22, print = 'p', weak = false, policy, hops = [] }: Some = {},
): Route {
  const [first, ...others] = [...hops, address].map((name) =>
    stopAt(name === address ? port : 22, { address: name, ...(name === address && user ? { user } : {}) }),
  );
  const stops: Route['stops'] = [first ?? stopAt(22), ...others];
  return {
    stops,
    secrets: stops.map(() => secretsOf({ print })),
    policy: policy ?? 'known',
    allowsWeak: weak,
  };
}

export const many = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));
