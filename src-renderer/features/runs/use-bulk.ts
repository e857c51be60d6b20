import { useEffect, useRef, useState } from 'react';
import { DroverError } from '#contract/errors';
import type { Run, RunRef } from '#contract/run';
import { client, liveRuns } from '../../client/index.ts';
import { type BulkKind, type BulkPlan, bulkPlan } from './bulk-plan.ts';
import { type BulkResult, bulkWork } from './bulk-work.ts';

export type BulkState =
  | { readonly phase: 'asking'; readonly plan: BulkPlan }
  | { readonly phase: 'working'; readonly plan: BulkPlan; readonly asked: number }
  | { readonly phase: 'done'; readonly plan: BulkPlan; readonly result: BulkResult<Run, RunRef> };

export type Bulk = {
  readonly state: BulkState | null;
  /** Shows what would be done. */
  readonly propose: (kind: BulkKind) => void;
  readonly start: () => Promise<BulkResult<Run, RunRef> | null>;
  readonly stop: () => void;
  readonly close: () => void;
};

async function askOne(kind: BulkKind, run: Run): Promise<RunRef> {
  if (kind === 'cancel') {
    const changed = await client.call('run.cancel', { run: run.no });
    liveRuns.take({ kind: 'run', run: changed });
    return changed;
  }
  return client.call('run.rerun', { run: run.no, hosts: kind });
}

/** One action on many ticked runs: proposed, confirmed, done one by one, told with what was refused. */
export function useBulk(ticked: readonly Run[]): Bulk {
  const [state, setState] = useState<BulkState | null>(null);
  const stopping = useRef(new AbortController());
  useEffect(() => () => stopping.current.abort(), []);
  const start = async (): Promise<BulkResult<Run, RunRef> | null> => {
    if (state?.phase !== 'asking') {
      return null;
    }
    const { plan } = state;
    stopping.current = new AbortController();
    setState({ phase: 'working', plan, asked: 0 });
    const result = await bulkWork(plan.runs, {
      ask: (run) => askOne(plan.kind, run),
      signal: stopping.current.signal,
      onProgress: (asked) => setState({ phase: 'working', plan, asked }),
    });
    setState({ phase: 'done', plan, result });
    return result;
  };
  return {
    state,
    propose: (kind) => setState({ phase: 'asking', plan: bulkPlan(kind, ticked) }),
    start,
    stop: () => stopping.current.abort(),
    close: () => setState(null),
  };
}

/** The sentence of the engine. */
export const refusalText = (error: unknown): string => (error instanceof DroverError ? error.message : String(error));
