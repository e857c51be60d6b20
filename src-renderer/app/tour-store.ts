import { useSyncExternalStore } from 'react';

/** The four things that a first run is made of, in their order. */
export const tourSteps = ['target', 'type', 'run', 'watch'] as const;
export type TourStep = (typeof tourSteps)[number];

const key = 'drover-tour';
let step: TourStep | null = null;
const listeners = new Set<() => void>();

function put(next: TourStep | null): void {
  step = next;
  for (const listener of listeners) {
    listener();
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where the tour stands; null while there is none. */
export const useTourStep = (): TourStep | null => useSyncExternalStore(subscribe, () => step);

/** Somebody has seen or skipped the tour in this browser. */
export function tourIsKnown(): boolean {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    // Nothing can be remembered here, and a tour at every visit is worse than none.
    return true;
  }
}

export const startTour = (): void => put(tourSteps[0]);

export const goToStep = (next: TourStep): void => put(next);

/** Ends the tour; it is not offered again by itself. */
export function endTour(): void {
  try {
    localStorage.setItem(key, 'known');
  } catch {
    // It then ends for this visit only.
  }
  put(null);
}
