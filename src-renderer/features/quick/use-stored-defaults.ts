import { useEffect } from 'react';
import { useCall } from '../../client/use-call.ts';
import { quickDefaults } from './defaults.ts';
import { beginnings, type BegunFields, quickSettings } from './stored-defaults.ts';
import type { DraftStore } from './use-draft.ts';

const keptMs = 60_000;

function useQuickSettings(): ReturnType<typeof quickSettings> | undefined {
  const { data } = useCall('settings.get', {}, { staleTime: keptMs });
  return data && quickSettings(data.settings);
}

/** From how many targets on their number is typed; the built-in number until the node has answered. */
export const useTypedNumberFrom = (): number => useQuickSettings()?.typedNumberFrom ?? quickDefaults.typedNumberFrom;

/** An empty form begins with what the administrators have set. */
export function useStoredDefaults({ change }: DraftStore): void {
  const known = useQuickSettings();
  const key = known && JSON.stringify(known);
  useEffect(() => {
    if (key !== undefined) {
      const begun = JSON.parse(key) as BegunFields;
      change((draft) => beginnings(draft, begun));
    }
  }, [key, change]);
}
