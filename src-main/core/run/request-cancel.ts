import { DroverError } from '#contract/errors';
import type { CancelLevel, Run } from '#contract/run';
import type { Actor, RunChangeSet } from '#core/ports';
import type { RunServices } from './live-run.ts';
import { notStarted } from './not-started.ts';
import { isFinal, nextState, type RunState } from './run-state.ts';

type Request = {
  /** The run as it stands now. */
  readonly find: () => Run;
  readonly actor: Actor;
  readonly level: CancelLevel;
};

type Services = Pick<RunServices, 'archive' | 'clock' | 'hub'>;

/**
 * Writes the cancel by compare-and-set; of two at the same moment one wins and the other is refused. Throws DroverError
 * naming the state.
 */
export function requestCancel(services: Services, { find, actor, level }: Request): Run {
  for (let run = find(); ; run = find()) {
    const state = nextOf(run, level);
    const moved = write(services, { run, state, actor, level });
    if (moved) {
      services.hub.stateChanged(run.id);
      return moved;
    }
  }
}

/** A run that waits has nothing that works, so that both levels mean the same there. */
function nextOf(run: Run, level: CancelLevel): RunState {
  const halts = level === 'waiting' && run.status !== 'pending';
  const next = nextState(run, halts ? { type: 'halt' } : { type: 'cancel', by: 'by_user' });
  if (!next.ok) {
    throw new DroverError(next.code, `${next.message}: run ${run.no} cannot be cancelled`, {
      detail: { status: run.status },
    });
  }
  if (halts && run.counts.pending === 0) {
    throw new DroverError(
      'nothing-waits',
      `Every target of run ${run.no} was begun: nothing waits that could be kept back`,
    );
  }
  return next.state;
}

type Write = { readonly run: Run; readonly state: RunState; readonly actor: Actor; readonly level: CancelLevel };

function write({ archive, clock }: Services, { run, state, actor, level }: Write): Run | undefined {
  const now = clock.now();
  const atOnce = isFinal(state.status);
  const change: RunChangeSet = {
    ...state,
    cancel: { by: actor.name, at: now, forced: false, level },
    ...(atOnce && { endedAt: now, reason: 'Cancelled before it began' }),
  };
  const detail = { no: run.no, from: run.status, level };
  const audit = { actor, action: 'run.cancel', objectType: 'run', objectId: run.id, detail };
  return archive.together(() => {
    const after = archive.moveRun(run.id, run.status, change, audit);
    if (after && atOnce) {
      const why = notStarted('Not started: the run was cancelled before it began', now);
      archive.finishHosts(run.id, ['pending'], why);
    }
    if (after && state.status === 'running') {
      // At once: whoever reads the targets sees which of them are kept back, and none slips in between.
      archive.finishHosts(run.id, ['pending'], notStarted('Not started: nothing more was to begin', now));
    }
    return after;
  });
}
