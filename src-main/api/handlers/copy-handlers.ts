import type { CopyKeeper } from '#core/copies/copy-keeper';
import type { Handlers } from '../dispatcher.ts';

export type CopyHandlerServices = { readonly copies: CopyKeeper };

export function createCopyHandlers({ copies }: CopyHandlerServices): Pick<Handlers, 'copy.list' | 'copy.make'> {
  return {
    'copy.list': () => copies.list(),
    'copy.make': (_input, actor) => copies.make(actor),
  };
}
