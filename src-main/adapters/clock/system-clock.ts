import type { Clock } from '#core/ports';

/** Longest wait a timer of Node can hold, in milliseconds. */
const longestWait = 2 ** 31 - 1;

/** The machine's clocks; timers follow the monotonic one, so a jump of the wall clock fires nothing. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, act) {
    if (ms <= 0) {
      const immediate = setImmediate(act);
      return () => clearImmediate(immediate);
    }
    const timer = setTimeout(act, Math.min(ms, longestWait));
    return () => clearTimeout(timer);
  },
};
