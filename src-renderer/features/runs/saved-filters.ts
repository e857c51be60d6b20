import { readRunFilter, type RunFilter } from './run-filter.ts';

export type SavedFilter = { readonly name: string; readonly filter: RunFilter };

const mostFilters = 50;
const longestName = 60;

/** What stands in this browser's storage; what nobody could have saved is left out. */
export function readSavedFilters(stored: unknown): SavedFilter[] {
  const list: readonly unknown[] = Array.isArray(stored) ? stored : [];
  return list.flatMap((entry) => {
    const { name, filter } = (entry ?? {}) as { name?: unknown; filter?: unknown };
    return typeof name === 'string' && name.trim() !== '' && typeof filter === 'object' && filter !== null
      ? [{ name, filter: readRunFilter(filter as Record<string, unknown>) }]
      : [];
  });
}

const nameOf = (name: string): string => name.trim().slice(0, longestName);
const same = (one: string, other: string): boolean => nameOf(one).toLowerCase() === nameOf(other).toLowerCase();

export const isSaved = (filters: readonly SavedFilter[], name: string): boolean =>
  filters.some((saved) => same(saved.name, name));

/** The list with a filter under a name, in the place of one of that name; the newest stands last. */
export function withFilter(filters: readonly SavedFilter[], { name, filter }: SavedFilter): readonly SavedFilter[] {
  if (nameOf(name) === '') {
    return filters;
  }
  return [...withoutFilter(filters, name), { name: nameOf(name), filter }].slice(-mostFilters);
}

export const withoutFilter = (filters: readonly SavedFilter[], name: string): readonly SavedFilter[] =>
  filters.filter((saved) => !same(saved.name, name));

/** The list with another name for one filter, which stays in its place; one of that name gives way. */
export function renamedFilter(
  filters: readonly SavedFilter[],
  { from, to }: { from: string; to: string },
): readonly SavedFilter[] {
  if (nameOf(to) === '') {
    return filters;
  }
  return filters
    .filter((saved) => same(saved.name, from) || !same(saved.name, to))
    .map((saved) => (same(saved.name, from) ? { ...saved, name: nameOf(to) } : saved));
}
