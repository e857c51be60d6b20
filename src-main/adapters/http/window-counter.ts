import type { Clock } from '#core/ports';

/** Allows `limit` tries per key and window; all keys begin anew together, so that memory is bounded by the tries of one window. */
export function createWindowCounter(
  limit: number,
  windowMs: number,
  clock: Pick<Clock, 'monotonic'>,
): { allows(key: string): boolean } {
  const tries = new Map<string, number>();
  let began = clock.monotonic();
  return {
    allows(key) {
      if (clock.monotonic() - began >= windowMs) {
        tries.clear();
        began = clock.monotonic();
      }
      const count = (tries.get(key) ?? 0) + 1;
      tries.set(key, count);
      return count <= limit;
    },
  };
}
