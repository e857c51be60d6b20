import { useEffect } from 'react';
import type { OutputOf } from '#contract';
import { useCall } from '../../client/use-call.ts';
import { quickDefaults } from './defaults.ts';
import { type Draft, emptyDraft } from './draft.ts';
import type { DraftStore } from './use-draft.ts';

/** Fields of the form that an administrator gives another beginning. */
type BegunFields = Pick<Draft, 'timeoutS' | 'concurrency' | 'stopAfter'>;

type Settings = OutputOf<'settings.get'>['settings'];

const keptMs = 60_000;

/** What the form begins with on this node, and from how many targets their number is typed. */
export function quickSettings(settings: Settings): BegunFields & { typedNumberFrom: number } {
  const valueOf = (name: Settings[number]['name']): string | undefined =>
    settings.find((setting) => setting.name === name)?.value.toString();
  return {
    timeoutS: valueOf('quick.timeoutS') ?? emptyDraft.timeoutS,
    concurrency: valueOf('quick.concurrency') ?? emptyDraft.concurrency,
    stopAfter: valueOf('quick.stopAfter') ?? emptyDraft.stopAfter,
    typedNumberFrom: Number(valueOf('quick.typedFrom') ?? quickDefaults.typedNumberFrom),
  };
}

/** What a form without a text still has as it came; what somebody wrote or brought back stays. */
export function beginnings(draft: Draft, begun: BegunFields): Partial<Draft> {
  if (draft.text !== '') {
    return {};
  }
  const names = ['timeoutS', 'concurrency', 'stopAfter'] as const;
  return Object.fromEntries(
    names
      .filter((name) => draft[name] === emptyDraft[name] && begun[name] !== draft[name])
      .map((name) => [name, begun[name]]),
  );
}

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
