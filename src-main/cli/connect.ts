import { DroverError } from '#contract/errors';

/** The two ways to an engine; each gives undefined when it is not open at the moment and throws when it never will be. */
export type Ways<C> = {
  /** Asks the engine that listens on the control socket; undefined when nobody answers. */
  trySocket(): Promise<C | undefined>;
  /** Takes the archive and runs the engine here; undefined or DroverError `archive-locked` when another process has it. */
  tryRun(): Promise<C | undefined>;
  /** Who has the archive, for the message. */
  holder(): Promise<{ readonly pid: number | null; readonly folder: string }>;
  wait(ms: number): Promise<void>;
};

const patienceMs = 2_000;
const pauseMs = 100;
/** In all. A busy engine may take a while to answer; one that was halted takes the question and never does. */
const longestMs = 7_000;

/**
 * The running engine, else one in this process. An engine that starts has the archive before it listens, and one that
 * stops ends listening before it lets go, so both ways are tried for two seconds; then DroverError `engine-unreachable`,
 * as after seven for an engine that takes the question and does not answer.
 */
export async function connectOrRun<C>(ways: Ways<C>): Promise<C> {
  const tooLate = ways.wait(longestMs).then(() => 'too late' as const);
  for (let waited = 0; ; waited += pauseMs) {
    const asked = await Promise.race([ways.trySocket(), tooLate]);
    if (asked === 'too late') {
      break;
    }
    const found = asked ?? (await runUnlessLocked(ways));
    if (found !== undefined) {
      return found;
    }
    if (waited >= patienceMs) {
      break;
    }
    await ways.wait(pauseMs);
  }
  const { pid, folder } = await ways.holder();
  const who = pid === null ? 'another process' : `process ${pid}`;
  throw new DroverError('engine-unreachable', `The data folder ${folder} is in use by ${who}, which does not answer`, {
    detail: { pid, folder, remedy: `End ${who} if it hangs, or name another data folder: --data DIR.` },
  });
}

async function runUnlessLocked<C>(ways: Ways<C>): Promise<C | undefined> {
  try {
    return await ways.tryRun();
  } catch (error) {
    if (error instanceof DroverError && error.code === 'archive-locked') {
      return undefined;
    }
    throw error;
  }
}
