import { type EventEmitter, once } from 'node:events';
import { lstatSync, mkdirSync, statSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DroverError } from '#contract/errors';

/** What answers the connections that the socket takes. */
export type ControlServer = { readonly server: EventEmitter; close(): Promise<unknown> };

export type ControlSocket = {
  /** Resolves when nobody is connected and nobody has come back for a moment, after two seconds in any case. */
  left(): Promise<void>;
  close(): Promise<void>;
};

/** Between two questions of one command. */
const comesBackMs = 200;
const longestLeaveMs = 2_000;

/**
 * Listens on a socket that only this account can open (a named pipe on Windows). `makeServer` is called when somebody
 * comes for the first time: its code takes longer to load than most commands take, and most are never asked anything.
 * Throws DroverError `archive-locked` when a living engine answers there and `data-folder` when the place cannot be
 * trusted.
 */
export async function listenControl(path: string, makeServer: () => Promise<ControlServer>): Promise<ControlSocket> {
  const visitors = new Visitors();
  let made: Promise<ControlServer> | undefined;
  // As Node's HTTP server has it; nothing is read before that server is there.
  const door = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
    visitors.add(socket);
    made ??= makeServer();
    made.then(
      ({ server }) => {
        server.emit('connection', socket);
        socket.resume();
      },
      () => socket.destroy(),
    );
  });
  await listen(door, path);
  return {
    left: () => visitors.left(),
    async close() {
      const closed = once(door, 'close');
      door.close();
      await made?.then(
        (server) => server.close(),
        () => undefined,
      );
      // The server does not know connections that it was handed as its own to close.
      visitors.dismiss();
      await closed;
    },
  };
}

/** Who is connected, and when the last one left. */
class Visitors {
  readonly #here = new Set<Socket>();
  #lastLeft = Number.NEGATIVE_INFINITY;

  add(socket: Socket): void {
    this.#here.add(socket);
    socket.once('close', () => {
      this.#here.delete(socket);
      this.#lastLeft = performance.now();
    });
  }

  async left(): Promise<void> {
    const deadline = performance.now() + longestLeaveMs;
    for (let now = performance.now(); now < deadline; now = performance.now()) {
      const waitMs = this.#here.size > 0 ? comesBackMs : this.#lastLeft + comesBackMs - now;
      if (waitMs <= 0) {
        return;
      }
      await pause(Math.min(waitMs, deadline - now));
    }
  }

  dismiss(): void {
    this.#here.forEach((socket) => socket.destroy());
  }
}

async function listen(door: Server, path: string): Promise<void> {
  if (path.startsWith('\\\\.\\pipe\\')) {
    door.listen(path);
  } else {
    prepareFolder(dirname(path));
    await clearStale(path);
    // Bound within this turn, so that nothing else is created under this umask.
    const before = process.umask(0o177);
    try {
      door.listen(path);
    } finally {
      process.umask(before);
    }
  }
  await once(door, 'listening');
}

function prepareFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (statSync(folder).mode & 0o022) {
    throw new DroverError('data-folder', `Other accounts may write to ${folder}: run chmod go-w on it`);
  }
}

async function clearStale(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) {
    return;
  }
  if (!found.isSocket()) {
    throw new DroverError('data-folder', `${path} is in the way: it is not a socket`);
  }
  if (await isAnswered(path)) {
    throw new DroverError('archive-locked', `Another engine answers at ${path}`);
  }
  unlinkSync(path);
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    // Anything else, such as a full queue, comes from a socket that somebody holds.
    socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT'));
  });
}
