import { basename } from 'node:path';
import { fastifyCookie } from '@fastify/cookie';
import { fastifyStatic } from '@fastify/static';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DroverError } from '#contract/errors';
import { addApiRoutes } from './api-routes.ts';
import { type BaseOptions, createBaseServer } from './base-server.ts';
import { refuseOrigin } from './host-guard.ts';
import type { Dispatcher } from '#api/dispatcher';
import type { Operating } from '#core/ports-operating';
import { createWindowCounter } from './window-counter.ts';
import { addOperatingRoutes } from './operating-routes.ts';
import { addSessionRoutes, type SessionRoutesOptions } from './session-routes.ts';

export type HttpOptions = BaseOptions &
  SessionRoutesOptions & {
    readonly dispatcher: Dispatcher;
    readonly operating: Operating;
    /** The built pages; read once, what is not there at the start is never served. */
    readonly rendererDir: string;
    /** Host names the console may be reached under, beside those of this machine. */
    readonly names: readonly string[];
    readonly heartbeatMs?: number;
  };

const defaultHeartbeatMs = 15_000;
const reportsPerMinute = 30;
const longestReported = 200;

/** The console for browsers: pages, session cookie and API; not listening yet. */
export async function createHttpServer(options: HttpOptions): Promise<FastifyInstance> {
  const { dispatcher, operating, clock, log, names, heartbeatMs = defaultHeartbeatMs } = options;
  const server = createBaseServer(options);
  const reports = createWindowCounter(reportsPerMinute, 60_000, clock);
  server.addHook('onRequest', async (request) => {
    const refused = refuseOrigin(describe(request), names);
    if (refused) {
      // A page that keeps asking must not fill the disk with what it says.
      if (reports.allows('refused')) {
        log.warn('request of a foreign origin refused', {
          address: request.ip,
          host: request.headers.host?.slice(0, longestReported),
          origin: request.headers.origin?.slice(0, longestReported),
        });
      }
      throw refused === 'host'
        ? new DroverError('foreign-origin', 'This address is not one of the names of this node', {
            detail: { remedy: 'Add the name to the names of this node, or use localhost' },
          })
        : new DroverError('foreign-origin', 'Requests from pages of other origins are refused');
    }
  });
  await server.register(fastifyCookie);
  const { findActor, isLive } = addSessionRoutes(server, options);
  addApiRoutes(server, { dispatcher, log, findActor, isLive, heartbeatMs });
  addOperatingRoutes(server, { operating, clock, isTrusted: false });
  await server.register(fastifyStatic, {
    root: options.rendererDir,
    // One route for each file there is, instead of paths made of what was asked for.
    wildcard: false,
    cacheControl: false,
    setHeaders: (reply, path) => void reply.header('cache-control', cachingOf(path)),
  });
  await server.ready();
  return server;
}

function describe(request: FastifyRequest): Parameters<typeof refuseOrigin>[0] {
  const { host = '', origin, 'sec-fetch-site': site } = request.headers;
  return {
    host,
    visibleScheme: request.protocol,
    visibleHost: request.host,
    origin,
    // By the route and not by the address, in which `%61pi` is `api` as well.
    site: request.routeOptions.url?.startsWith('/api/') && typeof site === 'string' ? site : undefined,
  };
}

function cachingOf(path: string): string {
  if (basename(path) === 'index.html') {
    return 'no-store';
  }
  // The build puts a digest into the name of everything below assets.
  return /[\\/]assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';
}
