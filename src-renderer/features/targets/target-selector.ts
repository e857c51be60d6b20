import type { Target } from '#contract/target';
import { quotedName } from '../../ui/where-of.ts';

/** Longer selectors and searches are refused by the engine. */
const longestSelector = 100_000;
const longestQuery = 10_000;

/** A selector of a run that means exactly these targets; null when it would be too long. */
export function selectorOf(targets: readonly Pick<Target, 'name'>[]): string | null {
  const selector = targets.map(({ name }) => quotedName(name)).join(',');
  return selector.length > longestSelector ? null : selector;
}

/** A search that finds targets of exactly these names; null when it would be too long. */
export function queryOfNames(names: readonly string[]): string | null {
  const query = `name:${names.map(quotedName).join(',')}`;
  return names.length === 0 || query.length > longestQuery ? null : query;
}
