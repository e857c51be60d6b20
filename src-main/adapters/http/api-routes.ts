import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { contract, type Name } from '#contract';
import { DroverError, type WireError } from '#contract/errors';
import { parsePlainJson } from '#contract/plain-json';
import type { Dispatcher } from '#api/dispatcher';
import type { Actor, Log } from '#core/ports';
import { sendError } from './base-server.ts';
import { attachment } from '#contract/content-disposition';
import { openEventStream } from './event-stream.ts';
import { statusOf } from './reply-status.ts';

export type ApiOptions = {
  readonly dispatcher: Dispatcher;
  readonly log: Log;
  /** Who asks, by the credential of the request; undefined when nobody has signed in. */
  readonly findActor: (request: FastifyRequest) => Actor | undefined;
  /** Whether a stream that this request opened may stay open. */
  readonly isLive: (request: FastifyRequest) => boolean;
  readonly heartbeatMs: number;
};

type ApiRequest = FastifyRequest<{ Params: { name: string }; Querystring: { q?: unknown } }>;

const notSignedIn: WireError = {
  code: 'not-signed-in',
  message: 'Sign in first: `drover link` prints a link that opens the console',
};

/** `POST /api/<call>`; `GET /api/<feed>?q=` as text/event-stream; `GET /api/<download>?q=` as a file. */
export function addApiRoutes(server: FastifyInstance, options: ApiOptions): void {
  const { dispatcher, findActor } = options;
  const open = new Set<AbortController>();
  server.addHook('preClose', async () => {
    open.forEach((stream) => stream.abort());
    // One turn in which readers get the clean end of their stream, before the connections are closed.
    await setImmediate();
  });
  server.decorateRequest('actor', undefined);

  /** Before the body is read: a stranger cannot make the server parse megabytes. */
  const signIn = async (request: FastifyRequest): Promise<void> => {
    const actor = findActor(request);
    const entry = entryOf((request as ApiRequest).params.name);
    if (!actor && entry?.role !== 'public') {
      throw new DroverError(notSignedIn.code, notSignedIn.message);
    }
    request.setDecorator('actor', actor);
  };

  server.post('/api/:name', { onRequest: signIn }, async (request, reply) => {
    const { name } = (request as ApiRequest).params;
    const answer = await dispatcher.call({ name, input: request.body, actor: actorOf(request) });
    return reply
      .code(answer.ok ? 200 : statusOf(answer.error.code))
      .header('cache-control', 'no-store')
      .send(answer);
  });
  server.get('/api/:name', { onRequest: signIn }, async (request, reply) => {
    const exchange = { request: request as ApiRequest, reply };
    const kind = entryOf(exchange.request.params.name)?.kind;
    if (kind === 'feed') {
      return follow(exchange, options, open);
    }
    if (kind === 'download') {
      return download(exchange, options);
    }
    throw new DroverError('not-found', 'No such feed or download; calls are sent by POST');
  });
}

type Exchange = { readonly request: ApiRequest; readonly reply: FastifyReply };

async function follow(
  { request, reply }: Exchange,
  { dispatcher, isLive, heartbeatMs }: ApiOptions,
  open: Set<AbortController>,
): Promise<FastifyReply> {
  const gone = new AbortController();
  const input = resumed(readQuery(request), request.headers['last-event-id']);
  const feed = dispatcher.follow({ name: request.params.name, input, actor: actorOf(request) }, gone.signal);
  open.add(gone);
  reply.raw.once('close', () => {
    gone.abort();
    open.delete(gone);
  });
  const check = (): WireError | undefined => (isLive(request) ? undefined : notSignedIn);
  const answer = await openEventStream(feed, { gone: gone.signal, heartbeatMs, check });
  if (!(answer instanceof Readable)) {
    return sendError(reply, answer);
  }
  // The last one keeps proxies from collecting the stream.
  reply.headers({ 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
  return reply.send(answer);
}

async function download({ request, reply }: Exchange, { dispatcher, log }: ApiOptions): Promise<FastifyReply> {
  const { name } = request.params;
  const answer = await dispatcher.download({ name, input: readQuery(request), actor: actorOf(request) });
  if (!answer.ok) {
    return sendError(reply, answer.error);
  }
  const { file } = answer;
  const body = Readable.from(file.body, { objectMode: false });
  body.once('error', (error) => log.error('download broke off', { name, error }));
  reply.headers({ 'content-type': file.contentType, 'content-disposition': attachment(file.name) });
  return reply.header('cache-control', 'no-store').send(body);
}

function actorOf(request: FastifyRequest): Actor | undefined {
  return request.getDecorator('actor');
}

function entryOf(name: string): (typeof contract)[Name] | undefined {
  return Object.hasOwn(contract, name) ? contract[name as Name] : undefined;
}

function readQuery(request: ApiRequest): unknown {
  const { q = '' } = request.query;
  if (typeof q !== 'string') {
    throw new DroverError('bad-input', 'The query has more than one q');
  }
  return parsePlainJson(q);
}

/** Where the reader stopped wins over where it once wished to begin. */
function resumed(input: unknown, lastEventId: string | string[] | undefined): unknown {
  if (!lastEventId || typeof input !== 'object' || input === null) {
    return input;
  }
  if (typeof lastEventId !== 'string' || !/^\d{1,15}$/.test(lastEventId)) {
    throw new DroverError('bad-input', 'Last-Event-ID is not a number');
  }
  const { tail: _tail, ...rest } = input as Record<string, unknown>;
  return { ...rest, after: Number(lastEventId) };
}
