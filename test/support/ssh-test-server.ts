import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server as NetServer, type Socket } from 'node:net';
import type {
  Algorithms,
  AuthContext,
  AuthenticationType,
  ClientInfo,
  Connection,
  PublicKeyAuthContext,
  Session,
} from 'ssh2';
import ssh2 from 'ssh2';
import { newTestKey, type TestKey } from './ssh-keys.ts';
import { type CommandAnswer, inShell } from './ssh-answers.ts';

type Prompt = { readonly prompt: string; readonly echo: boolean; readonly answer: string };

export type TestServerOptions = {
  /** An Ed25519 key of its own when absent; ignored where only weak algorithms are offered. */
  readonly hostKey?: TestKey;
  /** The key that is let in (type and base64); any key when absent and nothing else is asked for. */
  readonly authorizedKey?: string;
  readonly password?: string;
  /** Asks these by keyboard-interactive, all in one round, and lets in whoever answers all of them. */
  readonly prompts?: readonly Prompt[];
  /** What it does with a command; runs it in `/bin/sh` when absent. */
  readonly answer?: CommandAnswer;
  /** Channels that one connection may have open at once, as MaxSessions. */
  readonly maxChannels?: number;
  /** So many connections are reset before a byte was exchanged, as MaxStartups does. */
  readonly resets?: number;
  /** Offers nothing but SHA-1, CBC and Diffie-Hellman in small groups. */
  readonly weak?: boolean;
  /** Text before the login, as `Banner` of sshd. */
  readonly banner?: string;
  /** Lets nobody know whether they are in: a login is never answered. */
  readonly silentLogin?: boolean;
};

/** What a test server has seen since its start. */
export type Seen = {
  /** TCP connections, those that were reset among them. */
  connections: number;
  /** Now, and the most there have been at once. */
  open: number;
  peakOpen: number;
  unauthenticated: number;
  peakUnauthenticated: number;
  /** Every answered try, in order; a mere question whether a key would do is none. */
  readonly logins: { readonly user: string; readonly method: AuthenticationType; readonly accepted: boolean }[];
  channels: number;
  peakChannels: number;
  refusedChannels: number;
  /** What was asked of channels: `env NAME=value`, `pty`, `x11`, `auth-agent`, `shell`, `exec`, `sftp`, `subsystem NAME`. */
  readonly requests: string[];
  readonly commands: string[];
  readonly signals: string[];
};

const weakAlgorithms: Algorithms = {
  kex: ['diffie-hellman-group1-sha1', 'diffie-hellman-group14-sha1'],
  cipher: ['aes128-cbc', '3des-cbc'],
  hmac: ['hmac-sha1'],
  serverHostKey: ['ssh-rsa'],
};

const equal = (one: Buffer, other: Buffer): boolean => one.length === other.length && timingSafeEqual(one, other);

/** An SSH server inside the test, for what a real sshd cannot be made to do. It listens on 127.0.0.1. */
export class SshTestServer implements AsyncDisposable {
  readonly seen: Seen = {
    connections: 0,
    open: 0,
    peakOpen: 0,
    unauthenticated: 0,
    peakUnauthenticated: 0,
    logins: [],
    channels: 0,
    peakChannels: 0,
    refusedChannels: 0,
    requests: [],
    commands: [],
    signals: [],
  };
  readonly #options: TestServerOptions;
  readonly #listener: NetServer;
  readonly #sockets = new Set<Socket>();
  /** By the port they come from, which is all that ssh2 tells of a connection. */
  readonly #guests = new Map<number, { readonly entered: () => void; readonly cut: () => void }>();
  readonly #waiting = new Set<{ readonly isMet: () => boolean; readonly met: () => void }>();
  #hostKey: TestKey;
  #server: ssh2.Server;
  #resets: number;

  private constructor(options: TestServerOptions) {
    this.#options = options;
    this.#resets = options.resets ?? 0;
    this.#hostKey = options.weak ? newTestKey('rsa') : (options.hostKey ?? newTestKey());
    this.#server = this.#newServer();
    this.#listener = createServer({ noDelay: true }, (socket) => this.#connected(socket));
  }

  static async start(options: TestServerOptions): Promise<SshTestServer> {
    const server = new SshTestServer(options);
    server.#listener.listen(0, '127.0.0.1');
    await once(server.#listener, 'listening');
    return server;
  }

  get port(): number {
    return portOf(this.#listener);
  }

  get hostKey(): Pick<TestKey, 'type' | 'publicKey' | 'fingerprint'> {
    const { type, publicKey, fingerprint } = this.#hostKey;
    return { type, publicKey, fingerprint };
  }

  /** Whoever connects from now on is shown another key. */
  changeHostKey(): void {
    this.#hostKey = newTestKey(this.#options.weak ? 'rsa' : 'ed25519');
    this.#server = this.#newServer();
  }

  /** The next so many connections are reset before a byte was exchanged. */
  resetNext(count: number): void {
    this.#resets = count;
  }

  /** Cuts every connection, as a host that loses its power and comes back. */
  cut(): void {
    for (const socket of this.#sockets) {
      socket.resetAndDestroy();
    }
  }

  /** Waits until what was seen is as the test wants it. */
  until(isMet: (seen: Seen) => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.add({ isMet: () => isMet(this.seen), met: resolve });
      this.#changed();
    });
  }

  async stop(): Promise<void> {
    const closed = once(this.#listener, 'close');
    this.#listener.close();
    this.cut();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #changed(): void {
    for (const waiting of this.#waiting) {
      if (waiting.isMet()) {
        this.#waiting.delete(waiting);
        waiting.met();
      }
    }
  }

  #newServer(): ssh2.Server {
    const { weak, banner } = this.#options;
    return new ssh2.Server(
      {
        hostKeys: [this.#hostKey.privateKey],
        ...(weak && { algorithms: weakAlgorithms }),
        ...(banner !== undefined && { banner }),
      },
      (connection, client) => this.#greeted(connection, client),
    );
  }

  #connected(socket: Socket): void {
    const { seen } = this;
    seen.connections += 1;
    // A client that leaves in the middle is what many tests are about.
    socket.on('error', () => undefined);
    if (this.#resets > 0) {
      this.#resets -= 1;
      socket.resetAndDestroy();
      this.#changed();
      return;
    }
    this.#sockets.add(socket);
    seen.open += 1;
    seen.peakOpen = Math.max(seen.peakOpen, seen.open);
    seen.unauthenticated += 1;
    seen.peakUnauthenticated = Math.max(seen.peakUnauthenticated, seen.unauthenticated);
    let isIn = false;
    const entered = (): void => {
      seen.unauthenticated -= isIn ? 0 : 1;
      isIn = true;
    };
    const { remotePort = 0 } = socket;
    this.#guests.set(remotePort, { entered, cut: () => void socket.resetAndDestroy() });
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#guests.delete(remotePort);
      seen.open -= 1;
      entered();
      this.#changed();
    });
    this.#server.injectSocket(socket);
    this.#changed();
  }

  #greeted(connection: Connection, { port }: ClientInfo): void {
    const guest = this.#guests.get(port);
    if (!guest) {
      throw new Error('a connection greets that was never made');
    }
    connection.on('error', () => undefined);
    connection.on('authentication', (login) => this.#judge(login));
    connection.once('ready', () => {
      guest.entered();
      this.#changed();
    });
    let open = 0;
    connection.on('session', (accept, reject) => {
      if (open >= (this.#options.maxChannels ?? Number.POSITIVE_INFINITY)) {
        this.seen.refusedChannels += 1;
        reject();
      } else {
        open += 1;
        this.seen.channels += 1;
        this.seen.peakChannels = Math.max(this.seen.peakChannels, open);
        const session = accept();
        session.once('close', () => void (open -= 1));
        this.#serve(session, guest.cut);
      }
      this.#changed();
    });
  }

  #judge(login: AuthContext): void {
    const { authorizedKey, password, prompts, silentLogin } = this.#options;
    const isOpen = authorizedKey === undefined && password === undefined && prompts === undefined;
    if (silentLogin) {
      return;
    }
    if (login.method === 'publickey') {
      this.#judgeKey(login, isOpen);
    } else if (login.method === 'password' && password !== undefined) {
      this.#decide(login, equal(Buffer.from(login.password), Buffer.from(password)));
    } else if (login.method === 'keyboard-interactive' && prompts) {
      const asked = prompts.map(({ prompt, echo }) => ({ prompt, echo }));
      login.prompt(asked, (answers) =>
        this.#decide(
          login,
          answers.length === prompts.length && prompts.every(({ answer }, i) => answers[i] === answer),
        ),
      );
    } else {
      this.#decide(login, false);
    }
  }

  #judgeKey(login: PublicKeyAuthContext, isOpen: boolean): void {
    const { authorizedKey } = this.#options;
    const wanted = Buffer.from(authorizedKey?.split(' ')[1] ?? '', 'base64');
    if (!isOpen && !equal(login.key.data, wanted)) {
      this.#decide(login, false);
    } else if (login.signature === undefined || login.blob === undefined) {
      // Only asked whether this key would do.
      login.accept();
    } else {
      const key = ssh2.utils.parseKey(
        `${login.key.algo.replace(/^rsa-sha2-.*/, 'ssh-rsa')} ${login.key.data.toString('base64')}`,
      );
      this.#decide(login, !(key instanceof Error) && key.verify(login.blob, login.signature, login.hashAlgo) === true);
    }
  }

  #decide(login: AuthContext, accepted: boolean): void {
    const { password, prompts, authorizedKey } = this.#options;
    this.seen.logins.push({ user: login.username, method: login.method, accepted });
    if (accepted) {
      login.accept();
    } else {
      const left: AuthenticationType[] = [
        ...(authorizedKey === undefined && (password ?? prompts) !== undefined ? [] : (['publickey'] as const)),
        ...(password === undefined ? [] : (['password'] as const)),
        ...(prompts === undefined ? [] : (['keyboard-interactive'] as const)),
      ];
      login.reject(left);
    }
    this.#changed();
  }

  #serve(session: Session, cut: () => void): void {
    const environment: Record<string, string> = {};
    const onSignals: ((name: string) => void)[] = [];
    const asked = (request: string): void => {
      this.seen.requests.push(request);
      this.#changed();
    };
    session.on('env', (accept, _reject, { key, val }: { key: string; val: string }) => {
      environment[key] = val;
      asked(`env ${key}=${val}`);
      accept?.();
    });
    for (const request of ['pty', 'x11', 'auth-agent'] as const) {
      session.on(request, (accept: (() => void) | undefined) => {
        asked(request);
        accept?.();
      });
    }
    for (const request of ['shell', 'sftp'] as const) {
      session.on(request, (_accept: unknown, reject: (() => void) | undefined) => {
        asked(request);
        reject?.();
      });
    }
    session.on('subsystem', (_accept, reject, { name }) => {
      asked(`subsystem ${name}`);
      reject?.();
    });
    session.on('signal', (accept, _reject, { name }) => {
      this.seen.signals.push(name);
      onSignals.forEach((act) => act(name));
      accept?.();
      this.#changed();
    });
    session.on('exec', (accept, _reject, { command }) => {
      this.seen.commands.push(command);
      asked('exec');
      const channel = accept();
      channel.on('error', () => undefined);
      const onSignal = (act: (name: string) => void): void => void onSignals.push(act);
      (this.#options.answer ?? inShell)({ command, channel, environment, onSignal, cut });
    });
  }
}

/** Starts it on a free port of 127.0.0.1; whoever starts it stops it, also by `await using`. */
export const startSshTestServer = (options: TestServerOptions = {}): Promise<SshTestServer> =>
  SshTestServer.start(options);

function portOf(listener: NetServer): number {
  const address = listener.address();
  if (address === null || typeof address === 'string') {
    throw new Error('the server does not listen');
  }
  return address.port;
}
