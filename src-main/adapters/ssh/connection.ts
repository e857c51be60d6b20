import { connect as connectSocket, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Client, type ClientChannel } from 'ssh2';
import type { Stop } from '#core/ports-reach';
import { algorithmsFor } from './algorithms.ts';
import { watchEnds } from './channel-ends.ts';
import { coalesceWrites } from './coalesce-writes.ts';
import type { HostKeyPolicy, HostTrust } from './host-trust.ts';
import { type LoginMethod, nextMethod } from './login-methods.ts';
import { failureOf, ReachFailure } from './reach-failure.ts';

/** Milliseconds. */
export type ConnectLimits = { readonly connectMs: number; readonly loginMs: number; readonly keepAliveMs: number };

export type Connecting = {
  readonly stop: Pick<Stop, 'address' | 'port' | 'user'>;
  readonly methods: readonly LoginMethod[];
  readonly trust: HostTrust;
  readonly policy: HostKeyPolicy;
  readonly allowsWeak: boolean;
  readonly limits: ConnectLimits;
  /** A way through a machine in between; a TCP connection of its own when absent. */
  readonly through?: Duplex | undefined;
  readonly signal: AbortSignal;
};

const keepAlivesMissed = 3;
/** A far side that does not answer a goodbye is left without one, in milliseconds. */
const goodbyeMs = 2_000;

/** sshd had no room for one more channel. */
export class ChannelRefused extends Error {}

/** A connection that is logged in. */
export class Connection {
  readonly #closed = Promise.withResolvers<string>();
  readonly #client: Client;
  readonly #socket: Duplex;
  #isOpen = true;

  constructor(client: Client, socket: Duplex) {
    this.#client = client;
    this.#socket = socket;
    // Heard of before the socket closes, because the client then closes all channels as if each had ended by itself.
    client.on('error', (error: Error & { level?: string }) => {
      if (error.level !== 'agent') {
        this.#gone(/keepalive/i.test(error.message) ? 'nothing came from it any more' : error.message);
      }
    });
    const onEnd = (): void => this.#gone('the connection was closed');
    client.once('end', onEnd).once('close', onEnd);
  }

  /** Resolves when it is gone, with the reason in words. */
  get closed(): Promise<string> {
    return this.#closed.promise;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Throws ChannelRefused when there is no room for one more, another Error when the connection broke. */
  exec(command: string): Promise<ClientChannel> {
    return this.#open((done) => this.#client.exec(command, { allowHalfOpen: true }, done));
  }

  forward(address: string, port: number): Promise<ClientChannel> {
    return this.#open((done) => this.#client.forwardOut('127.0.0.1', 0, address, port, done));
  }

  close(): void {
    this.#isOpen = false;
    this.#client.end();
    const timer = setTimeout(() => this.#socket.destroy(), goodbyeMs);
    timer.unref();
    this.#socket.once('close', () => clearTimeout(timer));
  }

  /** For one that is reached through another connection, when that is gone. */
  lose(why: string): void {
    this.#gone(why);
    this.#socket.destroy();
  }

  #gone(why: string): void {
    this.#isOpen = false;
    this.#closed.resolve(why);
  }

  #open(ask: (done: (error: Error | undefined, channel: ClientChannel) => void) => void): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      const onClosed = (why: string): void => reject(new Error(why));
      void this.closed.then(onClosed);
      if (!this.#isOpen) {
        reject(new Error('the connection was closed'));
        return;
      }
      ask((error, channel) => {
        if (error) {
          reject(
            /open fail|prohibited|resource shortage/i.test(error.message) ? new ChannelRefused(error.message) : error,
          );
        } else {
          resolve(watchEnds(channel));
        }
      });
    });
  }
}

/** Connects and logs in; throws ReachFailure, or the signal's reason when it aborts first. */
export async function openConnection(options: Connecting): Promise<Connection> {
  const { signal, limits, stop } = options;
  signal.throwIfAborted();
  const attempt = new Attempt(options);
  const timer = setTimeout(() => attempt.fail(attempt.tooLate(limits.loginMs)), limits.loginMs);
  const onAbort = (): void => attempt.fail(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const socket = options.through ?? (await attempt.connect(stop));
    return await attempt.login(socket);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

class Attempt {
  readonly #options: Connecting;
  readonly #client = new Client();
  readonly #failed = Promise.withResolvers<never>();
  readonly #tried: string[] = [];
  #socket: Duplex | undefined;
  #isConnected = false;
  #hasKeys = false;
  #refusal: ReachFailure | undefined;

  constructor(options: Connecting) {
    this.#options = options;
    this.#failed.promise.catch(() => undefined);
  }

  get #where(): string {
    const { address, port } = this.#options.stop;
    return `${address} port ${port}`;
  }

  fail(error: Error): void {
    this.#failed.reject(error);
    this.#socket?.destroy();
    this.#client.destroy();
  }

  tooLate(ms: number): ReachFailure {
    const how = this.#isConnected
      ? `did not let us log in within ${ms / 1000} s`
      : `did not answer within ${ms / 1000} s`;
    return new ReachFailure('unreachable', `${this.#where} ${how}`);
  }

  connect({ address, port }: { address: string; port: number }): Promise<Socket> {
    const { connectMs } = this.#options.limits;
    const socket = connectSocket({ host: address, port, noDelay: true });
    this.#socket = socket;
    const timer = setTimeout(() => this.fail(this.tooLate(connectMs)), connectMs);
    const connected = new Promise<Socket>((resolve, reject) => {
      socket.once('connect', () => resolve(coalesceWrites(socket)));
      socket.once('error', (error) => reject(this.#failureOf(error)));
    });
    return Promise.race([connected, this.#failed.promise]).finally(() => clearTimeout(timer));
  }

  login(socket: Duplex): Promise<Connection> {
    this.#isConnected = true;
    this.#socket = socket;
    const client = this.#client;
    const { stop, trust, policy, allowsWeak, limits, methods } = this.#options;
    const connection = new Connection(client, socket);
    const ready = new Promise<Connection>((resolve, reject) => {
      client.once('handshake', () => {
        this.#hasKeys = true;
      });
      client.once('ready', () => resolve(connection));
      client.on('error', (error: Error & { level?: string }) => {
        // An agent that does not sign is one way less; the next is tried.
        if (error.level !== 'agent') {
          reject(this.#refusal ?? this.#failureOf(error));
        }
      });
      client.once('close', () => reject(this.#refusal ?? this.#failureOf(new Error('it ended the connection'))));
    });
    const waiting = [...methods];
    client.connect({
      sock: socket as Socket,
      username: stop.user,
      readyTimeout: 0,
      keepaliveInterval: limits.keepAliveMs,
      keepaliveCountMax: keepAlivesMissed,
      algorithms: algorithmsFor(trust.algorithms(stop.address, stop.port, allowsWeak), allowsWeak),
      hostVerifier: (key: Buffer) => {
        const refusal = trust.refusalOf(key, { ...stop, policy });
        this.#refusal = refusal === null ? undefined : new ReachFailure('host-key', refusal);
        return refusal === null;
      },
      authHandler: (left: readonly string[] | null, _partial, next) => {
        const tried = nextMethod(waiting, left);
        if (tried) {
          this.#tried.push(tried.words);
          next(tried.method);
        } else {
          next(false as never);
        }
      },
    });
    return Promise.race([ready, this.#failed.promise]).catch((error: unknown) => {
      // The client leaves a socket alone that it has said goodbye to.
      socket.destroy();
      throw error;
    });
  }

  #failureOf(error: Error): ReachFailure {
    return failureOf(error, this.#where, {
      user: this.#options.stop.user,
      isConnected: this.#isConnected,
      hasKeys: this.#hasKeys,
      tried: this.#tried,
    });
  }
}
