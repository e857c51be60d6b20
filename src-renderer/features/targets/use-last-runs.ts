import { useEffect, useState } from 'react';
import { DroverError } from '#contract/errors';
import type { Target } from '#contract/target';
import type { LastRun } from '#contract/target-runs';
import { client } from '../../client/index.ts';

export type LastRuns = ReadonlyMap<string, LastRun>;

const none: LastRuns = new Map();

/** What one call of the contract takes. */
const mostIds = 1_000;

/** The newest run of each row, asked for anew whenever the rows were; nothing is asked while nobody looks. */
export function useLastRuns(rows: readonly Target[]): {
  readonly last: LastRuns;
  readonly look: (wanted: boolean) => void;
} {
  const [last, setLast] = useState(none);
  const [wanted, look] = useState(false);
  useEffect(() => {
    const left = new AbortController();
    if (wanted) {
      void ask(rows, left.signal).then((found) => found && setLast(found));
    }
    return () => left.abort();
  }, [rows, wanted]);
  return { last, look };
}

/** Undefined when nobody waits for it any more, or the engine does not answer: what was known stays. */
async function ask(rows: readonly Target[], signal: AbortSignal): Promise<LastRuns | undefined> {
  const found = new Map<string, LastRun>();
  try {
    for (let from = 0; from < rows.length && !signal.aborted; from += mostIds) {
      const ids = rows.slice(from, from + mostIds).map(({ id }) => id);
      const { runs } = await client.call('target.lastRuns', { ids });
      runs.forEach((run) => found.set(run.targetId, run));
    }
  } catch (error) {
    if (error instanceof DroverError) {
      return undefined;
    }
    throw error;
  }
  return signal.aborted ? undefined : found;
}
