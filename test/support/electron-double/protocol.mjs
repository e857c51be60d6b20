// protocol and net, and the loopback server that lets the app's own protocol handlers answer Chromium.
import { openAsBlob } from 'node:fs';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { lifecycle } from './lifecycle.mjs';
import { inward, schemes } from './schemes.mjs';
import { covered, notAvailable } from './uncovered.mjs';
import { receiveHeaders } from './web-request.mjs';

const types = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mjs': 'text/javascript',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/** @param {string} url */
function handlerFor(url) {
  return schemes.get(url.slice(0, url.indexOf(':')))?.handler;
}

/** @param {import('node:http').IncomingMessage} incoming @param {string} url @param {AbortSignal} signal */
function toRequest(incoming, url, signal) {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (name !== 'host' && name !== 'connection') {
      headers.set(name, name === 'origin' || name === 'referer' ? inward(String(value)) : String(value));
    }
  }
  const bare = incoming.method === 'GET' || incoming.method === 'HEAD';
  return new Request(url, {
    method: incoming.method,
    headers,
    signal,
    ...(!bare && { body: Readable.toWeb(incoming), duplex: 'half' }),
  });
}

/** @param {import('node:http').IncomingMessage} incoming @param {import('node:http').ServerResponse} outgoing */
async function answer(incoming, outgoing) {
  const url = inward(`http://${incoming.headers.host}${incoming.url}`);
  const handler = handlerFor(url);
  if (!handler || incoming.url === '/favicon.ico') {
    // Unlike Electron, Chromium asks for an icon by itself; the page's console must not complain of its absence.
    outgoing.writeHead(handler ? 204 : 404).end();
    return;
  }
  const gone = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) {
      gone.abort();
    }
  });
  const response = await handler(toRequest(incoming, url, gone.signal));
  if (response.type === 'error') {
    outgoing.destroy();
    return;
  }
  const headers = Object.fromEntries([...response.headers].map(([name, value]) => [name, [value]]));
  const received = await receiveHeaders({ url, method: incoming.method, statusCode: response.status, headers });
  for (const [name, value] of Object.entries(received)) {
    if (!/^(content-encoding|content-length|transfer-encoding)$/i.test(name)) {
      outgoing.setHeader(name, value);
    }
  }
  // Electron keeps no HTTP cache for such schemes; the kept profile must not serve yesterday's bundle.
  outgoing.setHeader('cache-control', 'no-store');
  outgoing.writeHead(response.status, response.statusText || undefined);
  if (response.body && incoming.method !== 'HEAD') {
    await pipeline(Readable.fromWeb(response.body), outgoing);
  } else {
    outgoing.end();
  }
}

/** @returns {Promise<number>} port on loopback */
export async function serveSchemes() {
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch((error) => {
      // A page that goes away in the middle of an answer is no fault.
      if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE' && error.name !== 'AbortError') {
        console.error('electron double: a protocol handler failed', error);
      }
      outgoing.destroy();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  server.unref();
  return /** @type {import('node:net').AddressInfo} */ (server.address()).port;
}

export const protocol = covered('protocol', {
  /** @param {{ scheme: string, privileges?: { standard?: boolean, secure?: boolean } }[]} list */
  registerSchemesAsPrivileged(list) {
    if (lifecycle.ready) {
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    }
    for (const { scheme, privileges } of list) {
      if (!privileges?.standard || !privileges.secure) {
        throw notAvailable(`a scheme that is not standard and secure (${scheme})`);
      }
      schemes.set(scheme, {});
    }
  },
  /** @param {string} scheme @param {(request: Request) => Response | Promise<Response>} handler */
  handle(scheme, handler) {
    if (!lifecycle.ready) {
      throw new Error('protocol.handle can only be called after app is ready');
    }
    const known = schemes.get(scheme);
    if (!known) {
      throw notAvailable(`protocol.handle for a scheme not registered as privileged (${scheme})`);
    }
    if (known.handler) {
      throw new Error(`Failed to register protocol: ${scheme}`);
    }
    known.handler = handler;
  },
  unhandle(/** @type {string} */ scheme) {
    if (!protocol.isProtocolHandled(scheme)) {
      throw new Error(`Failed to unhandle protocol: ${scheme}`);
    }
    schemes.set(scheme, {});
  },
  isProtocolHandled: (/** @type {string} */ scheme) => schemes.get(scheme)?.handler !== undefined,
});

export const net = covered('net', {
  /** @param {string | URL | Request} input @param {RequestInit} [init] @returns {Promise<Response>} */
  async fetch(input, init) {
    const url = input instanceof Request ? input.url : String(input);
    const handler = handlerFor(url);
    if (handler) {
      return handler(new Request(input, init));
    }
    if (!url.startsWith('file:')) {
      return fetch(input, init);
    }
    const path = fileURLToPath(url);
    const file = await openAsBlob(path).catch(() => {
      throw new Error('net::ERR_FILE_NOT_FOUND');
    });
    return new Response(file.stream(), {
      headers: { 'content-type': types[extname(path)] ?? 'application/octet-stream' },
    });
  },
  isOnline: () => true,
  online: true,
});
