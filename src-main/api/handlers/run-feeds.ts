import type { OutputFrame, OutputQuery, Run, RunChange, RunKey } from '#contract/run';
import type { Actor, Archive, Clock, Signals } from '#core/ports';
import { Burst } from '#core/run/burst';
import { isFinal } from '#core/run/run-state';
import { pause, Waiter } from './waiter.ts';

export type FeedServices = {
  readonly archive: Archive;
  readonly signals: Signals;
  readonly clock: Clock;
  readonly find: (key: RunKey, actor: Actor) => Run;
  /** How often output is read at once, within how many milliseconds; more waits for its turn. */
  readonly outputPace?: { readonly count: number; readonly windowMs: number };
};

/** Lines of one frame at the most; the archive gives fewer long ones. */
const frameLines = 500;
const usualOutputPace = { count: 3, windowMs: 30 };
/** Changes are told at most this often. */
const changePaceMs = 50;
const changePage = 500;

/** A run's lines from `after` on, in stored order, live until the run has ended; the last item is its final state. */
export async function* runOutput(
  services: FeedServices,
  query: OutputQuery,
  { actor, signal }: { actor: Actor; signal: AbortSignal },
): AsyncGenerator<{ seq: number; item: OutputFrame }> {
  const { archive, signals, clock, outputPace = usualOutputPace } = services;
  const { id } = services.find(query.run, actor);
  const filter = {
    ...(query.host !== undefined && { host: query.host }),
    ...(query.stream !== undefined && { stream: query.stream }),
  };
  const burst = new Burst(outputPace.count, outputPace.windowMs);
  const waiter = new Waiter((listener) => signals.onRun(id, listener), signal);
  try {
    const tail = query.tail === undefined ? 0 : archive.seqBeforeTail(id, { ...filter, tail: query.tail });
    let after = Math.max(query.after, tail);
    while (!signal.aborted) {
      // The state is read before the lines: what a final run had stored is then all there.
      const run = services.find(id, actor);
      const lines = archive.getLines(id, { ...filter, after, limit: frameLines });
      const last = lines.at(-1);
      if (last) {
        after = last.seq;
        yield { seq: after, item: { kind: 'lines', lines } };
      } else if (isFinal(run.status)) {
        yield { seq: Math.max(after, run.lastSeq), item: { kind: 'final', run } };
        return;
      } else {
        burst.note(clock.monotonic());
        await waiter.next();
        const early = burst.waitMs(clock.monotonic());
        if (early > 0) {
          await pause(clock, early, signal);
        }
      }
    }
  } finally {
    waiter.close();
  }
}

/**
 * Runs whose state changed after revision `after` (from now on when absent), each as it stands; with `run`, that run and
 * its targets, from the beginning when `after` is absent. Several changes in a row may be told as one.
 */
export async function* runChanges(
  services: FeedServices,
  query: { run?: RunKey | undefined; after?: number | undefined },
  { actor, signal }: { actor: Actor; signal: AbortSignal },
): AsyncGenerator<{ seq: number; item: RunChange }> {
  const { archive, signals, clock } = services;
  const id = query.run === undefined ? undefined : services.find(query.run, actor).id;
  const subscribe = (listener: () => void): (() => void) =>
    id === undefined ? signals.onAny(listener) : signals.onRun(id, listener);
  const waiter = new Waiter(subscribe, signal);
  let after = query.after ?? (id === undefined ? archive.currentRev() : 0);
  try {
    while (!signal.aborted) {
      const items = id === undefined ? allSince(archive, actor, after) : oneSince(services, { id, actor, after });
      for (const item of items) {
        after = Math.max(after, item.seq);
        yield item;
      }
      if (items.length === 0) {
        await waiter.next();
      }
      await pause(clock, changePaceMs, signal);
    }
  } finally {
    waiter.close();
  }
}

type Change = { seq: number; item: RunChange };

function allSince(archive: Archive, actor: Actor, after: number): Change[] {
  return archive
    .runsSince(actor.teamId, after, changePage)
    .map((run) => ({ seq: run.rev, item: { kind: 'run', run } }));
}

/** Targets before their run: whoever has seen the run's revision has seen its targets as well. */
function oneSince(services: FeedServices, { id, actor, after }: { id: string; actor: Actor; after: number }): Change[] {
  const run = services.find(id, actor);
  const hosts = services.archive.hostsSince(id, after, changePage);
  const lastHost = hosts.at(-1);
  const changes: Change[] = [];
  if (lastHost) {
    changes.push({ seq: lastHost.rev, item: { kind: 'hosts', runId: id, hosts: hosts.map(({ row }) => row) } });
  }
  if (run.rev > after && hosts.length < changePage) {
    changes.push({ seq: Math.max(run.rev, lastHost?.rev ?? 0), item: { kind: 'run', run } });
  }
  return changes;
}
