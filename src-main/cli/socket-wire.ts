import type { IncomingMessage, RequestOptions } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Reply, Wire } from '#contract';
import { DroverError } from '#contract/errors';
import { type ConnectFeed, openResumingFeed } from '#contract/resuming-feed';

/** About eight seconds of trying, long enough for an engine that is started anew. */
const giveUpAfter = 5;

/** Calls and feeds over the control socket; what cannot be reached is the error `engine-unreachable`. */
export function socketWire(socketPath: string): Wire {
  return {
    async send(name, input) {
      const options = { method: 'POST', headers: { 'content-type': 'application/json' } };
      try {
        const response = await ask(socketPath, pathOf(name), { ...options, body: JSON.stringify(input ?? {}) });
        return await toReply(response);
      } catch (error) {
        return { ok: false, error: unreachable(socketPath, error).toWire() };
      }
    },
    open(name, input, onFrame) {
      const query = encodeURIComponent(JSON.stringify(input ?? {}));
      return openResumingFeed(connectBy(socketPath, `${pathOf(name)}?q=${query}`), { onFrame, giveUpAfter });
    },
  };
}

/** The bytes of a download; throws DroverError, at once or while they come. */
export async function socketDownload(
  socketPath: string,
  name: string,
  input: unknown,
): Promise<AsyncIterable<Uint8Array>> {
  const query = encodeURIComponent(JSON.stringify(input ?? {}));
  const response = await ask(socketPath, `${pathOf(name)}?q=${query}`, {}).catch((error: unknown) => {
    throw unreachable(socketPath, error);
  });
  if (response.statusCode === 200) {
    return wholeBody(response, socketPath);
  }
  const reply = await toReply(response);
  throw reply.ok ? unreachable(socketPath, undefined) : DroverError.fromWire(reply.error);
}

/** A body that breaks off is an error, never a short file. */
async function* wholeBody(response: IncomingMessage, socketPath: string): AsyncIterable<Uint8Array> {
  try {
    yield* response;
  } catch (error) {
    throw unreachable(socketPath, error);
  }
}

function unreachable(socketPath: string, cause: unknown): DroverError {
  const reason = cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined;
  return new DroverError('engine-unreachable', `No engine answers at ${socketPath}`, {
    cause,
    ...(reason && { detail: { reason } }),
  });
}

function connectBy(socketPath: string, path: string): ConnectFeed {
  return async (lastSeq, signal) => {
    const headers = lastSeq === undefined ? {} : { 'last-event-id': String(lastSeq) };
    const response = await ask(socketPath, path, { headers, signal });
    if (response.headers['content-type']?.startsWith('text/event-stream')) {
      response.setEncoding('utf8');
      return { chunks: response };
    }
    const reply = await toReply(response);
    if (reply.ok || reply.error.code === 'engine-stopping') {
      throw new Error('No feed was answered');
    }
    return { refused: reply.error };
  };
}

function ask(
  socketPath: string,
  path: string,
  { body, ...options }: RequestOptions & { body?: string },
): Promise<IncomingMessage> {
  // Not imported: as an ES module it brings all of undici, which costs a command some 35 ms.
  const { request } = process.getBuiltinModule('node:http');
  return new Promise((resolve, reject) => {
    // No agent: a connection kept for later could be closed by the engine just when it is used again.
    const asked = request({ ...options, socketPath, path, agent: false }, resolve);
    asked.on('error', reject);
    asked.end(body);
  });
}

async function toReply(response: IncomingMessage): Promise<Reply> {
  return JSON.parse(await text(response)) as Reply;
}

function pathOf(name: string): string {
  return `/api/${encodeURIComponent(name)}`;
}
