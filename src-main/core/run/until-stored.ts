import { DroverError } from '#contract/errors';
import type { Clock, Log } from '#core/ports';

type Services = { readonly clock: Clock; readonly log: Log };

const paceMs = 1_000;
/** Tries for a failure that room on the disk would not mend. */
const mostTries = 5;

/**
 * Writes at once and again every second while the disk is full, so that a full disk delays what was done and never loses
 * it. Rejects when the write fails five times for another reason; resolves with undefined once `halted` has aborted.
 */
export async function untilStored<T>(
  { clock, log }: Services,
  write: () => T | Promise<T>,
  halted?: AbortSignal,
): Promise<T | undefined> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await write();
    } catch (error) {
      const full = error instanceof DroverError && error.code === 'no-space';
      if (!full && tries >= mostTries) {
        throw error;
      }
      if (tries === 1) {
        log.warn('a write to the archive is repeated until it succeeds', { error });
      }
    }
    await wait(clock, halted);
    if (halted?.aborted) {
      return undefined;
    }
  }
}

function wait(clock: Clock, halted: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      cancel();
      halted?.removeEventListener('abort', wake);
      resolve();
    };
    const cancel = clock.after(paceMs, wake);
    halted?.addEventListener('abort', wake);
  });
}
