import type { RetentionService } from '#core/retention/retention-service';
import type { Handlers } from '../dispatcher.ts';

export type RetentionHandlerServices = { readonly retention: RetentionService };

type RetentionCalls = 'retention.preview' | 'retention.state' | 'retention.sweep' | 'retention.stop';

export function createRetentionHandlers({ retention }: RetentionHandlerServices): Pick<Handlers, RetentionCalls> {
  return {
    'retention.preview': () => retention.preview(),
    'retention.state': () => retention.state(),
    'retention.sweep': (_input, actor) => retention.sweep(actor),
    'retention.stop': () => retention.stop(),
  };
}
