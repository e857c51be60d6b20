import type { FastifyInstance } from 'fastify';
import type { Dispatcher } from '#api/dispatcher';
import type { Actor, Clock, Log } from '#core/ports';
import type { Operating } from '#core/ports-operating';
import { addApiRoutes } from './api-routes.ts';
import { createBaseServer } from './base-server.ts';
import { addOperatingRoutes } from './operating-routes.ts';

export type ControlOptions = {
  readonly dispatcher: Dispatcher;
  /** Who everybody is that can open the socket. */
  readonly owner: Actor;
  readonly log: Log;
  readonly operating: Operating;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly heartbeatMs?: number;
};

const defaultHeartbeatMs = 15_000;

/** The API for the command line of the same account, on connections that are handed to it. */
export async function createControlServer(options: ControlOptions): Promise<FastifyInstance> {
  const { dispatcher, owner, log, operating, clock, heartbeatMs = defaultHeartbeatMs } = options;
  const server = createBaseServer({ log, trustProxy: false });
  addApiRoutes(server, { dispatcher, log, findActor: () => owner, isLive: () => true, heartbeatMs });
  addOperatingRoutes(server, { operating, clock, isTrusted: true });
  await server.ready();
  return server;
}
