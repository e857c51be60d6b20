import { useEffect, useEffectEvent } from 'react';
import type { RunChange } from '#contract/run';
import { liveRuns } from './index.ts';

/** Hears of every change of every run while the component stands. */
export function useRunChanges(onChange: (change: RunChange) => void): void {
  const current = useEffectEvent(onChange);
  useEffect(() => liveRuns.watch((change) => current(change)), []);
}
