import { useMemo, useSyncExternalStore } from 'react';
import type { DroverError } from '#contract/errors';
import type { HostRow, Run, RunDetail } from '#contract/run';
import { client, gate, liveRuns } from './index.ts';
import { RunHosts } from './run-hosts.ts';
import { useCall } from './use-call.ts';

export type KnownRun = {
  readonly run: Run | undefined;
  readonly detail: RunDetail | undefined;
  /** In the order of the plan; the first ones only until all have been read. */
  readonly hosts: readonly HostRow[];
  readonly error: DroverError | null;
};

/** A run with its targets, as it stands and as it changes. */
export function useRun(no: number): KnownRun {
  const detail = useCall('run.get', { run: no });
  const live = useSyncExternalStore(liveRuns.subscribe, () => liveRuns.byNumber(no));
  const { rows, error } = useRunHosts(no);
  const fetched = detail.data?.run;
  const run = live && (!fetched || live.rev > fetched.rev) ? live : fetched;
  return { run, detail: detail.data, hosts: rows, error: detail.error ?? error };
}

/** Begun with the first listener and ended with the last, so that nothing is asked for while a page is only drawn. */
class HeldHosts {
  readonly #no: number;
  #store: RunHosts;

  constructor(no: number) {
    this.#no = no;
    this.#store = newStore(no);
  }

  get state(): RunHosts['state'] {
    return this.#store.state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    const store = newStore(this.#no);
    this.#store = store;
    const forget = store.subscribe(listener);
    void store.start();
    return () => {
      forget();
      store.stop();
    };
  };
}

const newStore = (no: number): RunHosts =>
  new RunHosts(no, { client, gate, onChange: (change) => liveRuns.take(change) });

function useRunHosts(no: number): RunHosts['state'] {
  const held = useMemo(() => new HeldHosts(no), [no]);
  return useSyncExternalStore(held.subscribe, () => held.state);
}
