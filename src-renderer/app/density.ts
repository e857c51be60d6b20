import { useSyncExternalStore } from 'react';

export const densities = ['compact', 'comfortable'] as const;
export type Density = (typeof densities)[number];

const key = 'drover-density';
const changed = 'drover-density-changed';

const read = (): Density => {
  try {
    return localStorage.getItem(key) === 'comfortable' ? 'comfortable' : 'compact';
  } catch {
    return 'compact';
  }
};

function subscribe(listener: () => void): () => void {
  window.addEventListener(changed, listener);
  // Another tab has changed it.
  window.addEventListener('storage', listener);
  return () => {
    window.removeEventListener(changed, listener);
    window.removeEventListener('storage', listener);
  };
}

export const useDensity = (): Density => useSyncExternalStore(subscribe, read);

/** How much room rows take, in this browser and from now on. */
export function setDensity(density: Density): void {
  try {
    localStorage.setItem(key, density);
  } catch {
    // A forbidden store: nothing can be remembered, and the rows stay as they are.
  }
  window.dispatchEvent(new Event(changed));
}

/** Puts the chosen density where the style sheets see it, as it is now and as it changes. */
export function startDensity(): void {
  const put = (): void => {
    document.documentElement.dataset['density'] = read();
  };
  subscribe(put);
  put();
}

export type RowHeights = { readonly head: number; readonly wide: number; readonly narrow: number };

const heights: Record<Density, RowHeights> = {
  compact: { head: 28, wide: 32, narrow: 56 },
  comfortable: { head: 32, wide: 40, narrow: 64 },
};

const usualFontSize = 16;

/** Heights of a table's rows in pixels; they grow with the font size that the reader has set in the browser. */
export function rowHeights(density: Density, fontSize: number): RowHeights {
  const { head, wide, narrow } = heights[density];
  const grown = (height: number): number => Math.round((height * Math.max(fontSize, usualFontSize)) / usualFontSize);
  return { head: grown(head), wide: grown(wide), narrow: grown(narrow) };
}

export function useRowHeights(): RowHeights {
  return rowHeights(useDensity(), Number.parseFloat(getComputedStyle(document.documentElement).fontSize));
}
