import type { Metrics } from '#core/ports-operating';
import type { MetricsToken } from '#core/operating/metrics-token';
import type { Handlers } from '../dispatcher.ts';

export type OperatingHandlerServices = {
  readonly metrics: Pick<Metrics, 'text'>;
  readonly metricsToken: Pick<MetricsToken, 'make' | 'revoke'>;
};

type OperatingCalls = 'metrics.token' | 'metrics.revoke' | 'metrics.read';

export function createOperatingHandlers(services: OperatingHandlerServices): Pick<Handlers, OperatingCalls> {
  const { metrics, metricsToken } = services;
  return {
    'metrics.token': (_input, actor) => metricsToken.make(actor),
    'metrics.revoke': (_input, actor) => ({ revoked: metricsToken.revoke(actor) }),
    'metrics.read': () => metrics.text(),
  };
}
