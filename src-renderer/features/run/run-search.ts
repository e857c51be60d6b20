/** What the address of a run's page says beside its number. */
type RunSearch = { tab?: 'plan'; host?: number };

/** `host` is the place of a target in the plan, whose output is shown first. */
export function readRunSearch(search: Record<string, unknown>): RunSearch {
  const host = search['host'];
  return {
    ...(search['tab'] === 'plan' && { tab: 'plan' }),
    ...(typeof host === 'number' && Number.isSafeInteger(host) && host >= 0 && { host }),
  };
}
