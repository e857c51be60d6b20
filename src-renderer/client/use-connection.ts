import { useSyncExternalStore } from 'react';
import type { Run } from '#contract/run';
import type { ConnectionState } from './connection.ts';
import { connection, liveRuns } from './index.ts';

export function useConnection(): ConnectionState {
  return useSyncExternalStore(connection.subscribe, () => connection.state);
}

/** Runs that have not ended, the newest first. */
export function useLiveRuns(): readonly Run[] {
  return useSyncExternalStore(liveRuns.subscribe, () => liveRuns.live);
}

/** The node's time, for durations that still grow. */
export const nodeNow = (): number => Date.now() + connection.state.clockOffsetMs;
