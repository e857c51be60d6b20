import type { HostKeys } from '#core/host-key/host-key-book';
import type { Handlers } from '../dispatcher.ts';

export type HostKeyHandlerServices = { readonly hostKeys: HostKeys };

export function createHostKeyHandlers({
  hostKeys,
}: HostKeyHandlerServices): Pick<Handlers, 'hostkey.list' | 'hostkey.accept' | 'hostkey.remove'> {
  return {
    'hostkey.list': (filter) => ({ keys: hostKeys.list(filter) }),
    'hostkey.accept': (choice, actor) => ({ keys: hostKeys.acceptOffered(choice, actor) }),
    'hostkey.remove': ({ ids }, actor) => ({ removed: hostKeys.remove(ids, actor) }),
  };
}
