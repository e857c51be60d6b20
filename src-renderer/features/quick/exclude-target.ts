import type { ResolvedTarget } from '#contract/run-preview';
import { isNameList, quotedName, type Where, withoutName } from '../../ui/where-of.ts';

const wordOf = /[^\s,;，；、]+/g;

/** The list of addresses without one of its words; null when the word stands in none of its places. */
function withoutAddress(addresses: string, name: string): string | null {
  const places = [...addresses.matchAll(wordOf)].filter(([word]) => word.toLowerCase() === name.toLowerCase());
  if (places.length === 0) {
    return null;
  }
  const rest = places.reduceRight(
    (text, { index, 0: word }) =>
      text.slice(0, index) + text.slice(index + word.length).replace(/^[ \t]*[,;，；、]?/, ''),
    addresses,
  );
  return rest.trim().replace(/[\s,;，；、]+$/, '');
}

/**
 * Where the run goes without this target: `!name` behind the selector, or the address taken out of the list. Null when it
 * stands in a range of addresses, which only a person can write anew.
 */
export function excludeTarget(
  { targets, addresses }: Where,
  { name, address, byAddress }: Pick<ResolvedTarget, 'name' | 'address' | 'byAddress'>,
): Where | null {
  const rest = withoutAddress(addresses, name) ?? withoutAddress(addresses, address);
  if (byAddress) {
    return rest === null ? null : { targets, addresses: rest };
  }
  const selector = targets.trim().replace(/[\s,，、]+$/, '');
  const fewer = isNameList(selector) ? withoutName(selector, name) : selector;
  const narrowed = fewer !== selector && fewer !== '' ? fewer : `${selector} !${quotedName(name)}`;
  return { targets: narrowed, addresses: rest ?? addresses };
}
