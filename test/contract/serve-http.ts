import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dispatcher } from '#api/dispatcher';
import { createControlServer } from '#adapters/http/control-server';
import { listenControl } from '#adapters/http/control-socket';
import { createHttpServer, type HttpOptions } from '#adapters/http/http-server';
import type { Actor, Clock, Log } from '#core/ports';
import type { Operating } from '#core/ports-operating';
import type { SessionService } from '#core/session/session-service';

/** What a transport needs of an engine, be it the real one. */
export type Served = {
  readonly dispatcher: Dispatcher;
  readonly sessions: SessionService;
  readonly clock: Clock;
  readonly log: Log;
  readonly owner: (transport: Actor['origin']['transport']) => Actor;
};

/** A node that is well and has no token. */
const well: Operating = {
  ailment: () => null,
  metrics: { isToken: () => false, text: async () => ({ contentType: 'text/plain', text: 'drover_healthy 1\n' }) },
};

export type TestConsole = AsyncDisposable & {
  readonly port: number;
  /** Such as `http://127.0.0.1:40000`. */
  readonly base: string;
  readonly rendererDir: string;
  /** Opens a session by a fresh link; gives the Cookie header. */
  readonly signIn: () => Promise<string>;
  readonly close: () => Promise<void>;
};

export const testNodeId = 'node-1';

/** The console's server on a free port of the loopback, with a page of two files. */
export async function serveHttp(engine: Served, options: Partial<HttpOptions> = {}): Promise<TestConsole> {
  const folder = mkdtempSync(join(tmpdir(), 'drover-http-'));
  const rendererDir = join(folder, 'renderer');
  mkdirSync(join(rendererDir, 'assets'), { recursive: true });
  writeFileSync(join(rendererDir, 'index.html'), '<!doctype html><title>Drover</title>');
  writeFileSync(join(rendererDir, 'assets', 'index-a1b2c3.js'), 'export {};\n');
  writeFileSync(join(folder, 'secret.txt'), 'TOP-SECRET');
  const { dispatcher, sessions, clock, log } = engine;
  const server = await createHttpServer({
    dispatcher,
    operating: well,
    sessions,
    clock,
    log,
    nodeId: testNodeId,
    names: ['console.example.com'],
    rendererDir,
    trustProxy: false,
    ...options,
  });
  await server.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.server.address() as AddressInfo;
  const base = `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  const close = async (): Promise<void> => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    port,
    base,
    rendererDir,
    close,
    [Symbol.asyncDispose]: close,
    async signIn() {
      const reply = await enter(base, sessions.createLinkToken().token);
      return (reply.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
    },
  };
}

export function enter(base: string, token: string): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${base}/enter`, { method: 'POST', headers, body: JSON.stringify({ token }) });
}

/** A fetch that has the cookie a browser would send. */
export function fetchWith(cookie: string): typeof fetch {
  return (url, init) => fetch(url, { ...init, headers: { ...(init?.headers as Record<string, string>), cookie } });
}

export type TestControl = AsyncDisposable & { readonly path: string; readonly close: () => Promise<void> };

/** The control socket of an engine in a folder of its own, or at the path given. */
export async function serveControl(engine: Served, at?: string): Promise<TestControl> {
  const folder = mkdtempSync(join(tmpdir(), 'drover-control-'));
  const path = at ?? join(folder, 'data', 'control.sock');
  const { dispatcher, log, clock } = engine;
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const owner = engine.owner('control');
    const socket = await listenControl(path, () =>
      createControlServer({ dispatcher, log, owner, clock, operating: well }),
    );
    const close = async (): Promise<void> => {
      await socket.close();
      remove();
    };
    return { path, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    remove();
    throw error;
  }
}
