import { useState, useSyncExternalStore } from 'react';
import { holdsAny, noSecrets, type RunSecrets } from './run-secrets.ts';

type State = {
  readonly secrets: RunSecrets;
  /** The last start has used some up: whoever runs again has to give them again. */
  readonly areSpent: boolean;
};

/** Holds the secrets of the next start outside of rendering, and nowhere that outlives the page. */
export class SecretStore {
  readonly #listeners = new Set<() => void>();
  #state: State = { secrets: noSecrets, areSpent: false };

  get current(): State {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly change = (change: Partial<RunSecrets>): void =>
    this.#set({ secrets: { ...this.#state.secrets, ...change }, areSpent: false });

  /** After a start: what was given is the run's now. */
  readonly spend = (): void => {
    if (holdsAny(this.#state.secrets)) {
      this.#set({ secrets: noSecrets, areSpent: true });
    }
  };

  #set(state: State): void {
    this.#state = state;
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

/** The secrets as they are typed; gone when the page is left. */
export function useSecrets(): State & { store: SecretStore } {
  const [store] = useState(() => new SecretStore());
  const state = useSyncExternalStore(store.subscribe, () => store.current);
  return { ...state, store };
}
