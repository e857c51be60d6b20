import { globSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import type { Dispatcher } from '#api/dispatcher';
import { attachment } from '#contract/content-disposition';
import { DroverError } from '#contract/errors';
import { parsePlainJson } from '#contract/plain-json';
import { securityHeaders } from '#contract/security-headers';
import type { Actor } from '#core/ports';

export const appScheme = 'app';
export const appOrigin = `${appScheme}://drover`;

type AppPages = { readonly rendererDir: string; readonly dispatcher: Dispatcher; readonly actor: Actor };

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
};

/**
 * Answers `app://drover/…`: the files that were there at the start, looked up by their whole name and never by a path
 * made of what was asked for, and downloads of the contract.
 */
export function createAppProtocol({
  rendererDir,
  dispatcher,
  actor,
}: AppPages): (request: Request) => Promise<Response> {
  const files = new Map(
    globSync('**/*.*', { cwd: rendererDir }).map((name) => [`/${name.split(sep).join('/')}`, join(rendererDir, name)]),
  );
  return async (request) => {
    const url = new URL(request.url);
    if (request.method !== 'GET' || url.protocol !== `${appScheme}:` || url.host !== 'drover') {
      return refuse(403);
    }
    if (url.pathname.startsWith('/api/')) {
      return download(dispatcher, {
        actor,
        name: url.pathname.slice('/api/'.length),
        query: url.searchParams.get('q'),
      });
    }
    const file = files.get(url.pathname === '/' ? '/index.html' : url.pathname);
    if (!file) {
      return refuse(404);
    }
    const type = types[extname(file)] ?? 'application/octet-stream';
    return new Response(readFileSync(file), { headers: { ...securityHeaders, 'content-type': type } });
  };
}

function refuse(status: number): Response {
  return new Response('', { status, headers: securityHeaders });
}

type Wanted = { readonly actor: Actor; readonly name: string; readonly query: string | null };

async function download(dispatcher: Dispatcher, { actor, name, query }: Wanted): Promise<Response> {
  const headers = { ...securityHeaders, 'cache-control': 'no-store' };
  try {
    const reply = await dispatcher.download({ name, input: parsePlainJson(query ?? ''), actor });
    if (!reply.ok) {
      return Response.json(reply, { status: 400, headers });
    }
    const { body, contentType, name: fileName } = reply.file;
    return new Response(ReadableStream.from(body as AsyncIterable<Uint8Array<ArrayBuffer>>), {
      headers: { ...headers, 'content-type': contentType, 'content-disposition': attachment(fileName) },
    });
  } catch (error) {
    if (error instanceof DroverError) {
      return Response.json({ ok: false, error: error.toWire() }, { status: 400, headers });
    }
    throw error;
  }
}
