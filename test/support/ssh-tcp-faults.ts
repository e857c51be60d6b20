import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** A TCP listener on 127.0.0.1 that misbehaves before any SSH is spoken. */
export type FaultyListener = AsyncDisposable & {
  readonly port: number;
  /** Connections that it has been given so far. */
  readonly connections: () => number;
  readonly stop: () => Promise<void>;
};

/** Accepts and never says a word. */
export const neverGreets = (): Promise<FaultyListener> => faultyListener(() => undefined);

/** Sends one byte of its greeting every `everyMs` milliseconds: an SSH greeting of 4 KB, so that it never ends. */
export const greetsByteByByte = (everyMs: number): Promise<FaultyListener> =>
  faultyListener((socket) => {
    const greeting = `SSH-2.0-${'s'.repeat(4_000)}`;
    let at = 0;
    const timer = setInterval(() => socket.write(greeting.charAt(at++ % greeting.length)), everyMs);
    socket.once('close', () => clearInterval(timer));
  });

/** Sends so many bytes in place of a greeting, in lines or without any line break, and waits. */
export const greetsWithFlood = (bytes: number, { inLines }: { readonly inLines: boolean }): Promise<FaultyListener> =>
  faultyListener((socket) => {
    const line = inLines ? `${'x'.repeat(79)}\n` : 'x'.repeat(80);
    socket.write(line.repeat(Math.ceil(bytes / line.length)).slice(0, bytes));
  });

async function faultyListener(onSocket: (socket: Socket) => void): Promise<FaultyListener> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    socket.resume();
    onSocket(socket);
  });
  const port = await listening(server);
  const stop = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    sockets.forEach((socket) => socket.destroy());
    await closed;
  };
  return { port, connections: () => connections, stop, [Symbol.asyncDispose]: stop };
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('the listener has no port');
  }
  return address.port;
}

/** Listens, tells its port and never looks again; the queue of the kernel holds one connection more than `backlog`. */
const deafWorker = `
  const { createServer } = require('node:net');
  const { parentPort } = require('node:worker_threads');
  const server = createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });`;
const queueLength = 2;

/**
 * A port of 127.0.0.1 to which every connect hangs, as to a host whose packets are dropped. A thread listens and sleeps, and
 * its queue is filled: Linux then drops what else wants to connect without an answer, which needs neither root nor a
 * network namespace.
 */
export async function blackHole(): Promise<Pick<FaultyListener, 'port' | 'stop'> & AsyncDisposable> {
  const worker = new Worker(deafWorker, { eval: true });
  const [port] = (await once(worker, 'message')) as [number];
  const fillers = Array.from({ length: queueLength }, () => connect(port, '127.0.0.1'));
  await Promise.all(
    fillers.map((socket) =>
      once(
        socket.on('error', () => undefined),
        'connect',
      ),
    ),
  );
  const stop = async (): Promise<void> => {
    fillers.forEach((socket) => socket.destroy());
    await worker.terminate();
  };
  return { port, stop, [Symbol.asyncDispose]: stop };
}

/** A TCP proxy on 127.0.0.1 in front of `to`, whose link can be held and cut. */
export class TestProxy implements AsyncDisposable {
  readonly #to: { readonly host: string; readonly port: number };
  readonly #server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => this.#link(socket));
  /** Both ends of every link, the client's and the server's in turn. */
  readonly #ends = new Set<Socket>();
  #isStalled = false;
  #bytesLeft = Number.POSITIVE_INFINITY;
  #port = 0;
  #passed = 0;

  private constructor(to: { readonly host: string; readonly port: number }) {
    this.#to = to;
  }

  static async start(to: { readonly host: string; readonly port: number }): Promise<TestProxy> {
    const proxy = new TestProxy(to);
    proxy.#port = await listening(proxy.#server);
    return proxy;
  }

  get port(): number {
    return this.#port;
  }

  /** Links that are up now. */
  get links(): number {
    return this.#ends.size / 2;
  }

  /** Bytes that went from the server to its clients. */
  get passed(): number {
    return this.#passed;
  }

  /** Nothing passes any more in either direction and nobody is told, as in a link that is half open. */
  stall(): void {
    this.#isStalled = true;
    this.#ends.forEach((socket) => socket.pause());
  }

  resume(): void {
    this.#isStalled = false;
    this.#ends.forEach((socket) => socket.resume());
  }

  /** Resets all links; new ones are taken. */
  cut(): void {
    this.#ends.forEach((socket) => socket.resetAndDestroy());
  }

  /** Closes the link that carries the last of so many more bytes from the server to its clients; then all passes again. */
  killAfterBytes(bytes: number): void {
    this.#bytesLeft = bytes;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.cut();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #link(client: Socket): void {
    const server = connect({ ...this.#to, noDelay: true, allowHalfOpen: true });
    const pass = (bytes: Buffer, from: Socket, into: Socket): void => {
      if (!into.write(bytes)) {
        from.pause();
        into.once('drain', () => void (this.#isStalled || from.resume()));
      }
    };
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#ends.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        this.#ends.delete(socket);
        other.destroy();
      });
      socket.once('end', () => other.end());
    }
    client.on('data', (bytes) => pass(bytes, client, server));
    server.on('data', (bytes) => {
      const taken = bytes.subarray(0, this.#bytesLeft);
      this.#bytesLeft -= taken.length;
      this.#passed += taken.length;
      pass(taken, server, client);
      if (this.#bytesLeft <= 0) {
        this.#bytesLeft = Number.POSITIVE_INFINITY;
        // Closed and not reset, which would take back what is still on its way.
        server.pause();
        client.destroySoon();
      }
    });
    if (this.#isStalled) {
      client.pause();
      server.pause();
    }
  }
}

/** Starts it on a free port; whoever starts it stops it, also by `await using`. */
export const startProxy = ({
  to,
}: {
  readonly to: { readonly host: string; readonly port: number };
}): Promise<TestProxy> => TestProxy.start(to);
