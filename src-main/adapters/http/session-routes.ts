import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DroverError } from '#contract/errors';
import type { Actor, Clock, Sessions } from '#core/ports';
import { createWindowCounter } from './window-counter.ts';

export type SessionRoutesOptions = {
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly nodeId: string;
};

/** What the cookie of a request says. */
export type CookieSessions = {
  readonly findActor: (request: FastifyRequest) => Actor | undefined;
  readonly isLive: (request: FastifyRequest) => boolean;
};

const triesPerMinute = 30;

/** Of what anybody may send before signing in, in bytes. */
const longestBody = 1_024;

/** `POST /enter` changes a link's token for the session cookie, `POST /leave` ends the session; needs @fastify/cookie. */
export function addSessionRoutes(server: FastifyInstance, options: SessionRoutesOptions): CookieSessions {
  const { sessions, clock, nodeId } = options;
  // Cookies know no ports: two nodes on one machine must not overwrite each other's.
  const cookie = `drover-${nodeId}`;
  const attributes = { path: '/', httpOnly: true, sameSite: 'strict' } as const;
  const tries = createWindowCounter(triesPerMinute, 60_000, clock);

  /** Before the body is read: counting strangers must cost less than what they send. */
  const countTry = async (request: FastifyRequest): Promise<void> => {
    if (!tries.allows(request.ip)) {
      throw new DroverError('too-many-tries', 'Too many tries from this address; wait a minute');
    }
  };

  server.post('/enter', { onRequest: countTry, bodyLimit: longestBody }, async (request, reply) => {
    const agent = request.headers['user-agent'] ?? '';
    const { secret, expiresAt } = sessions.enter(tokenIn(request.body), { address: request.ip, agent });
    const secure = request.protocol === 'https';
    reply.setCookie(cookie, secret, { ...attributes, secure, expires: new Date(expiresAt) });
    return reply.header('cache-control', 'no-store').send({ ok: true, value: {} });
  });

  server.post('/leave', { bodyLimit: longestBody }, async (request, reply) => {
    const secret = request.cookies[cookie];
    if (secret) {
      sessions.leave(secret);
    }
    reply.clearCookie(cookie, { ...attributes, secure: request.protocol === 'https' });
    return reply.header('cache-control', 'no-store').send({ ok: true, value: {} });
  });

  return {
    findActor(request) {
      const secret = request.cookies[cookie];
      return secret ? sessions.find(secret, { address: request.ip }) : undefined;
    },
    isLive: (request) => sessions.isLive(request.cookies[cookie] ?? ''),
  };
}

function tokenIn(body: unknown): string {
  const token = typeof body === 'object' && body !== null && 'token' in body ? body.token : undefined;
  if (typeof token !== 'string' || token.length > 200) {
    throw new DroverError('bad-input', 'A token is expected');
  }
  return token;
}
