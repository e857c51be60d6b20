/** The search as it stands in the address. */
export type TargetSearchParams = { q?: string };

/** The search of an address that anybody may have typed. */
export function readTargetSearch(search: Record<string, unknown>): TargetSearchParams {
  const asked = search['q'];
  // A number alone comes out of the address as one.
  const q = typeof asked === 'string' || typeof asked === 'number' ? String(asked).slice(0, 10_000) : '';
  return q.trim() === '' ? {} : { q };
}
