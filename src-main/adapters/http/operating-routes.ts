import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DroverError } from '#contract/errors';
import type { Clock } from '#core/ports';
import type { Ailment, Operating } from '#core/ports-operating';
import { sendError } from './base-server.ts';
import { createWindowCounter } from './window-counter.ts';

type OperatingRoutesOptions = {
  readonly operating: Operating;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Whether who asks needs no token: the owner on the control socket. */
  readonly isTrusted: boolean;
};

/** Says nothing that a stranger could use: whoever may know more asks `node.info`. */
const words: Record<Ailment, string> = {
  'archive-read-only': 'The archive cannot be written',
  'engine-stopping': 'The engine is stopping',
  'no-space': 'Too little of the disk is free',
};

const wrongTokensPerMinute = 30;

/**
 * `GET /healthz` for whoever asks: 200, or 503 with the class of what ails the node. `GET /metrics` with the token as
 * bearer: Prometheus' text.
 */
export function addOperatingRoutes(server: FastifyInstance, options: OperatingRoutesOptions): void {
  const { operating, clock, isTrusted } = options;
  const wrong = createWindowCounter(wrongTokensPerMinute, 60_000, clock);

  server.get('/healthz', async (_request, reply) => {
    const code = operating.ailment();
    return code === null
      ? reply.header('cache-control', 'no-store').send({ ok: true })
      : sendError(reply, { code, message: words[code] }, 503);
  });

  server.get('/metrics', async (request, reply) => {
    if (!isTrusted && !operating.metrics.isToken(tokenIn(request))) {
      if (!wrong.allows(request.ip)) {
        throw new DroverError('too-many-tries', 'Too many wrong tokens from this address; wait a minute');
      }
      reply.header('www-authenticate', 'Bearer realm="metrics"');
      throw new DroverError(
        'not-signed-in',
        'Send the token that `drover metrics token` prints: Authorization: Bearer TOKEN',
      );
    }
    const { contentType, text } = await operating.metrics.text();
    return reply.header('cache-control', 'no-store').type(contentType).send(text);
  });
}

const tokenIn = ({ headers }: FastifyRequest): string =>
  /^Bearer +(\S{1,200})$/i.exec(headers.authorization ?? '')?.[1] ?? '';
