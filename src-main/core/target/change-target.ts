import type { Target, TargetFields } from '#contract/target';

/** Some fields of a target, as a request gives them. */
export type TargetChange = { readonly [K in keyof TargetFields]?: TargetFields[K] | undefined };

/** Whether two values are the same plain data, whatever the order of their names. */
export function sameData(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) {
    return true;
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return false;
  }
  const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  return (
    Array.isArray(a) === Array.isArray(b) &&
    left.size === right.size &&
    [...left].every(([key, value]) => right.has(key) && sameData(value, right.get(key)))
  );
}

/**
 * The fields that differ from the target's own. A target that is moved lets go of its stored secret, lest whoever may
 * edit targets has it sent to a machine of their own; naming the credential again in the same change keeps it.
 */
export function changedFields(
  target: Target,
  change: TargetChange,
): { fields: Partial<TargetFields>; letsGo: boolean } {
  const differing = (Object.keys(change) as (keyof TargetFields)[]).filter(
    (key) => change[key] !== undefined && !sameData(change[key], target[key]),
  );
  const fields: Partial<TargetFields> = Object.fromEntries(differing.map((key) => [key, change[key]]));
  const isMoved = differing.some((key) => key === 'address' || key === 'port' || key === 'jump');
  const letsGo = isMoved && target.credentialId !== null && change.credentialId === undefined;
  return { fields: letsGo ? { ...fields, credentialId: null } : fields, letsGo };
}
