import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Log } from '#core/ports';

type WatchNeeds = {
  readonly log: Pick<Log, 'warn' | 'debug'>;
  /** What is known of the second that has passed, the longest first. */
  readonly take: () => readonly { readonly name: string; readonly ms: number }[];
};

const slowMs = 50;
const resolutionMs = 25;
const everyMs = 1_000;

/**
 * Logs when the main loop let nothing through for more than 50 ms, with the names of what is known to have run in that
 * second. Without a name it was mostly the machine that gave this process no time, which is told at level debug only. The
 * returned function ends the watch.
 */
export function watchLoop({ log, take }: WatchNeeds): () => void {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  const timer = setInterval(() => {
    const ms = Math.round(histogram.max / 1e6) - resolutionMs;
    histogram.reset();
    const by = take();
    if (ms > slowMs) {
      const tell = by.some((work) => work.ms >= ms / 2) ? log.warn : log.debug;
      tell('the main loop was blocked', { ms, by });
    }
  }, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    histogram.disable();
  };
}
