import type { OutputOf } from '#contract';
import { quickDefaults } from './defaults.ts';
import { type Draft, emptyDraft } from './draft.ts';

/** Fields of the form that an administrator gives another beginning. */
export type BegunFields = Pick<Draft, 'timeoutS' | 'concurrency' | 'stopAfter'>;

type Settings = OutputOf<'settings.get'>['settings'];

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
