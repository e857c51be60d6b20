import type { HostStatus, RunOptions } from '#contract/run';
import type { Clock, PlannedHost } from '#core/ports';
import { batchSizes, countOf } from '#contract/share';
import type { EarlyEnd } from './verdict.ts';

export type StepWork = {
  readonly hosts: readonly PlannedHost[];
  readonly options: RunOptions;
  readonly clock: Clock;
  /** Works on one target; never rejects. */
  readonly runHost: (host: PlannedHost) => Promise<HostStatus>;
  /** Aborts when nothing more may be started. */
  readonly halted: AbortSignal;
  readonly onPause?: (paused: boolean) => void;
};

export type StepEnd = { readonly early: EarlyEnd; readonly notStarted: readonly PlannedHost[] };

/**
 * Works through the targets of one step: batch by batch, at most `concurrency` at once, until all are through, too many
 * have failed or `halted` aborts. What was started is waited for; what was not is returned.
 */
export async function runStep(work: StepWork): Promise<StepEnd> {
  const { hosts, options, halted } = work;
  const limit =
    options.stopAfter === undefined ? Number.POSITIVE_INFINITY : Math.max(1, countOf(options.stopAfter, hosts.length));
  let failures = 0;
  let next = 0;
  const mayGoOn = (): boolean => !halted.aborted && failures < limit;
  const one = async (host: PlannedHost): Promise<void> => {
    const status = await work.runHost(host);
    failures += status === 'failed' || status === 'timeout' ? 1 : 0;
  };
  const sizes = batchSizes(hosts.length, options.batches);
  for (const [index, size] of sizes.entries()) {
    const end = next + size;
    const lane = async (): Promise<void> => {
      while (next < end && mayGoOn()) {
        const host = hosts[next];
        next += 1;
        if (host) {
          await one(host);
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(options.concurrency, size) }, lane));
    if (!mayGoOn()) {
      break;
    }
    if (options.pauseS > 0 && index < sizes.length - 1) {
      work.onPause?.(true);
      await sleep(options.pauseS * 1000, work);
      work.onPause?.(false);
    }
  }
  const notStarted = hosts.slice(next);
  return { early: failures >= limit && notStarted.length > 0 ? 'too-many-failures' : 'none', notStarted };
}

/** Resolves after `ms`, or at once when the work is halted. */
function sleep(ms: number, { clock, halted }: Pick<StepWork, 'clock' | 'halted'>): Promise<void> {
  return new Promise((resolve) => {
    if (halted.aborted) {
      resolve();
      return;
    }
    const wake = (): void => {
      cancel();
      halted.removeEventListener('abort', wake);
      resolve();
    };
    const cancel = clock.after(ms, wake);
    halted.addEventListener('abort', wake);
  });
}
