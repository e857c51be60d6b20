import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Draft } from './draft.ts';
import { keepDraft, readDraft } from './draft-storage.ts';

export type DraftChange = Partial<Draft> | ((draft: Draft) => Partial<Draft>);

const keepAfterMs = 150;

/** Holds the form's content outside of rendering: a key pressed right after the last letter must run with that letter. */
export class DraftStore {
  readonly #listeners = new Set<() => void>();
  #draft: Draft;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  get current(): Draft {
    return this.#draft;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly change = (change: DraftChange): void => {
    this.#draft = { ...this.#draft, ...(typeof change === 'function' ? change(this.#draft) : change) };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.keep, keepAfterMs);
    for (const listener of this.#listeners) {
      listener();
    }
  };

  /** For a reload of the page. */
  readonly keep = (): void => {
    clearTimeout(this.#timer);
    keepDraft(sessionStorage, this.#draft);
  };
}

/** The form's content; it outlives a reload of the page and a look at other pages. */
export function useDraft(): { draft: Draft; store: DraftStore } {
  const [store] = useState(() => new DraftStore(readDraft(sessionStorage)));
  const draft = useSyncExternalStore(store.subscribe, () => store.current);
  useEffect(() => {
    window.addEventListener('pagehide', store.keep);
    return () => {
      window.removeEventListener('pagehide', store.keep);
      store.keep();
    };
  }, [store]);
  return { draft, store };
}
