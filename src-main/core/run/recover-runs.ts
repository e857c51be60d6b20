import type { Actor, Archive, HostResult, UnendedRun } from '#core/ports';
import type { RunServices } from './live-run.ts';
import { notStarted } from './not-started.ts';
import { nextState, type RunEvent, type RunState } from './run-state.ts';
import { type EarlyEnd, verdictOf, verdictReason } from './verdict.ts';

/** Why nobody works on a run any more, in words. */
const causes = { restart: 'the node was restarted', breakdown: 'Drover failed while it worked on this run' };

/**
 * Ends every run that had begun before this engine started, and starts nothing on any of their targets: a target with a
 * stored result keeps it, one that was started is lost, one that was not is not started. Gives the runs that had not
 * begun, oldest first: they may still start.
 */
export function recoverRuns(services: RunServices): UnendedRun[] {
  const waiting: UnendedRun[] = [];
  for (const unended of services.archive.unendedRuns()) {
    if (unended.run.status === 'pending') {
      waiting.push(unended);
      continue;
    }
    try {
      endLostRun(services, unended, 'restart');
    } catch (error) {
      // One run that cannot be ended, on a full disk for instance, keeps nobody from the others; the watchdog tries again.
      services.log.error('a run could not be ended after a restart', { runId: unended.run.id, error });
    }
  }
  return waiting;
}

/**
 * Ends one run that nobody works on any more, and its targets, in one transaction: a kill in between would leave a run
 * whose targets all have a result, and the next recovery would take it for one that had worked to its end.
 */
export function endLostRun(
  services: RunServices,
  lost: Pick<UnendedRun, 'run' | 'detail'>,
  cause: keyof typeof causes,
): void {
  const state = services.archive.together(() => writeEnd(services, lost, causes[cause]));
  if (state) {
    services.log.warn('a run that nobody worked on was ended', { runId: lost.run.id, cause, ...state });
  }
}

function writeEnd(
  services: RunServices,
  { run, detail }: Pick<UnendedRun, 'run' | 'detail'>,
  why: string,
): RunState | undefined {
  const { archive, clock, engine } = services;
  const lost = endOpenHosts(services, run, why);
  archive.finishHosts(run.id, ['pending'], notStarted(`Not started: ${why}`, clock.now()));
  const { counts } = archive.getDetail(run.id).run;
  // Everything had answered and only the last word was missing: that word is known.
  const early = lost === 0 && counts.skipped === 0 ? 'none' : 'lost';
  const verdict = verdictOf(counts, detail.options, early);
  const next = nextState(run, lastEvent(run, early, verdict));
  if (!next.ok) {
    return undefined;
  }
  const reason =
    early === 'none'
      ? verdictReason(counts, verdict)
      : `${capitalised(why)}: outcome unknown on ${lost} of ${counts.total}, ${counts.skipped} not started`;
  const cancel = run.status === 'cancelling' && run.cancel ? { cancel: { ...run.cancel, forced: true } } : {};
  archive.moveRun(
    run.id,
    run.status,
    { ...next.state, reason, endedAt: clock.now(), ...cancel },
    { actor: engine, action: 'run.recover', objectType: 'run', objectId: run.id, detail: { ...next.state, reason } },
  );
  return next.state;
}

/** Ends the targets that were started and have no result; gives their number. */
function endOpenHosts({ archive, clock }: RunServices, run: UnendedRun['run'], why: string): number {
  const open = archive.getHosts(run.id, { status: ['running'], after: -1, limit: run.counts.total });
  for (const { host, name } of open) {
    const end: Pick<HostResult, 'status' | 'reason' | 'message'> =
      run.status === 'cancelling'
        ? {
            status: 'cancelled',
            reason: 'cancelled',
            message: `Stopped without an answer: ${why}; it may still run on ${name}`,
          }
        : { status: 'failed', reason: 'lost', message: `Outcome unknown: ${why}; it may still run on ${name}` };
    archive.finishHost(run.id, host, {
      ...notStarted('', clock.now()),
      ...end,
      out: { omitted: 0, sha256: archive.streamDigest(run.id, host, 'out') },
      err: { omitted: 0, sha256: archive.streamDigest(run.id, host, 'err') },
    });
  }
  return open.length;
}

function lastEvent({ status }: UnendedRun['run'], early: EarlyEnd, verdict: ReturnType<typeof verdictOf>): RunEvent {
  if (status === 'pending') {
    return { type: 'dispatch-fail' };
  }
  return status === 'cancelling' || early === 'lost' ? { type: 'lose' } : { type: 'settle', verdict };
}

const capitalised = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

type Unstarted = { readonly actor: Actor; readonly now: number; readonly why: string };

/** Cancels every run that has not begun, so that no engine starts it; gives how many there were. */
export function endUnstarted(archive: Archive, { actor, now, why }: Unstarted): number {
  const waiting = archive.unendedRuns().filter(({ run }) => run.status === 'pending');
  for (const { run } of waiting) {
    const state = nextState(run, { type: 'drop', phase: 'expired' });
    if (!state.ok) {
      continue;
    }
    archive.together(() => {
      archive.moveRun(
        run.id,
        'pending',
        {
          ...state.state,
          endedAt: now,
          reason: `Not started: ${why}`,
          cancel: { by: actor.name, at: now, forced: false, level: 'all' },
        },
        { actor, action: 'run.cancel', objectType: 'run', objectId: run.id, detail: { no: run.no, why } },
      );
      archive.finishHosts(run.id, ['pending'], notStarted(`Not started: ${why}`, now));
    });
  }
  return waiting.length;
}
