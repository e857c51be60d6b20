import type { ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import { errorCodes, fastify, type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import { maxMessageBytes, parsePlainJson } from '#contract/plain-json';
import { DroverError, type ErrorCode, type WireError } from '#contract/errors';
import type { Log } from '#core/ports';
import { statusOf } from './reply-status.ts';
import { securityHeaders } from '#contract/security-headers';

export type BaseOptions = {
  readonly log: Log;
  readonly tls?: Pick<ServerOptions, 'cert' | 'key'> | undefined;
  /** Believes `X-Forwarded-*` of whoever connects, one hop far. */
  readonly trustProxy: boolean;
};

/** Answers with the error in the envelope of every reply, and with the status that belongs to its code. */
export function sendError(reply: FastifyReply, error: WireError, status: number = statusOf(error.code)): FastifyReply {
  return reply
    .code(status)
    .headers({ 'cache-control': 'no-store', 'content-type': 'application/json; charset=utf-8' })
    .send(JSON.stringify({ ok: false, error }));
}

/** What the console's server and the control socket have in common: limits, headers, JSON only, one shape of errors. */
export function createBaseServer({ log, tls, trustProxy }: BaseOptions): FastifyInstance {
  const answerError = (error: unknown, reply: FastifyReply): FastifyReply => {
    // A file that fails before its first byte has set this already.
    reply.removeHeader('content-disposition').raw.removeHeader('content-disposition');
    const { wire, status } = describeError(error);
    if (wire.code === 'internal') {
      log.error('unexpected error in the HTTP server', { error });
    }
    return sendError(reply, wire, status);
  };
  const server = fastify({
    https: tls ?? null,
    // Only the nearest hop: what stands before it in X-Forwarded-For was written by the client.
    trustProxy: trustProxy && ((_address: string, hop: number) => hop === 0),
    bodyLimit: maxMessageBytes,
    requestTimeout: 60_000,
    connectionTimeout: 120_000,
    forceCloseConnections: true,
    // The hook below answers in our own envelope.
    return503OnClosing: false,
    exposeHeadRoutes: false,
    frameworkErrors: (error, _request, reply) => void answerError(error, reply.headers(securityHeaders)),
    clientErrorHandler: answerUnreadable,
  }) as unknown as FastifyInstance;

  let closing = false;
  server.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders);
    if (closing) {
      throw new DroverError('engine-stopping', 'The engine is stopping');
    }
    // Even without a body: what a plain form or beacon can send is never taken.
    if (request.method === 'POST' && request.mediaType !== 'application/json') {
      throw new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE();
    }
  });
  // After every check of who asks, and before the body: nothing is parsed for a route that is not there.
  server.addHook('preParsing', async (request) => {
    if (request.is404) {
      throw new DroverError('not-found', 'Nothing is here');
    }
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, async (_request: unknown, body: string) =>
    parsePlainJson(body),
  );
  server.setErrorHandler((error, _request, reply) => void answerError(error, reply));
  server.setNotFoundHandler((_request, reply) => sendError(reply, { code: 'not-found', message: 'Nothing is here' }));
  return server;
}

function describeError(error: unknown): { wire: WireError; status: number } {
  if (error instanceof DroverError) {
    return { wire: error.toWire(), status: statusOf(error.code) };
  }
  const { code, statusCode = 500 } = error as Partial<FastifyError>;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return refusal('too-large', 'The request is larger than is taken here', 413);
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return refusal('bad-input', 'Send the header content-type: application/json', 415);
  }
  if (statusCode >= 400 && statusCode < 500) {
    // The server's own words may quote what was sent.
    return refusal('bad-input', 'The request cannot be read', statusCode);
  }
  return refusal('internal', 'Internal error; the log of this node has the details', 500);
}

function refusal(code: ErrorCode, message: string, status: number): { wire: WireError; status: number } {
  return { wire: { code, message }, status };
}

/** For what is not even HTTP, where there is no reply to answer with. */
function answerUnreadable(error: { code?: string }, socket: Socket): void {
  if (error.code !== 'ECONNRESET' && socket.writable) {
    const { wire } = refusal('bad-input', 'The request is not valid HTTP', 400);
    const body = JSON.stringify({ ok: false, error: wire });
    const headers = { ...securityHeaders, 'content-type': 'application/json', connection: 'close' };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`HTTP/1.1 400 Bad Request\r\ncontent-length: ${body.length}\r\n${lines.join('')}\r\n${body}`);
  }
  socket.destroy();
}
