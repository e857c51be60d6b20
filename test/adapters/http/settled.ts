import { vi } from 'vitest';

/** The number once it has stood still for a quarter of a second. */
export async function settled(read: () => number): Promise<number> {
  let last = -1;
  await vi.waitUntil(
    () => {
      const still = read() === last;
      last = read();
      return still;
    },
    { interval: 250, timeout: 10_000 },
  );
  return last;
}
