import type { ErrorCode } from '#contract/errors';
import type { RunPhase, RunStatus } from '#contract/run';

/** Where a run stands: the status decides, the phase explains. */
export type RunState = { readonly status: RunStatus; readonly phase: RunPhase };

/** Everything that can happen to a run. */
export type RunEvent =
  /** It must wait for something before it may start. */
  | { readonly type: 'wait'; readonly phase: 'queued' | 'waiting_slot' | 'waiting_approval' }
  /** A slot is free and its work begins. */
  | { readonly type: 'claim' }
  /** The first target was started, or work goes on after a pause between batches. */
  | { readonly type: 'work' }
  /** It pauses between two batches. */
  | { readonly type: 'pause' }
  | { readonly type: 'cancel'; readonly by: 'by_user' | 'by_api' }
  /** Nothing more is begun; what works comes to its end. */
  | { readonly type: 'halt' }
  /** The stop was handed to every open target. */
  | { readonly type: 'stop-sent' }
  /** Targets that did not stop are being killed. */
  | { readonly type: 'stop-harder' }
  /** The time for an answer to the stop is over. */
  | { readonly type: 'give-up' }
  /** It must not start: a rule, a missing right, nothing to work on. */
  | { readonly type: 'refuse' }
  | { readonly type: 'dispatch-fail' }
  /** It waited in vain, or another run took its place. */
  | { readonly type: 'drop'; readonly phase: 'superseded' | 'dependency' | 'expired' }
  /** All targets have ended, with this as the verdict over them. */
  | { readonly type: 'settle'; readonly verdict: Verdict }
  /** The node was gone while it worked. */
  | { readonly type: 'lose' };

/** The outcome of a run whose targets have all ended. */
export type Verdict =
  | { readonly status: 'success'; readonly phase: 'ok' | 'tolerated' }
  | { readonly status: 'failed'; readonly phase: 'task_failed' | 'stopped_early' | 'lost' }
  | { readonly status: 'timeout'; readonly phase: 'run_limit' | 'task_limit' };

type Refusal = Extract<ErrorCode, 'run-is-final' | 'run-is-cancelling' | 'run-is-live'>;

export type Transition =
  | { readonly ok: true; readonly state: RunState }
  | { readonly ok: false; readonly code: Refusal; readonly message: string };

const finals: ReadonlySet<RunStatus> = new Set(['success', 'failed', 'timeout', 'cancelled']);

/** A final status never changes again. */
export function isFinal(status: RunStatus): boolean {
  return finals.has(status);
}

const to = (status: RunStatus, phase: RunPhase): Transition => ({ ok: true, state: { status, phase } });

const words: Record<RunStatus, string> = {
  pending: 'pending',
  running: 'in progress',
  cancelling: 'being cancelled already',
  success: 'finished: success',
  failed: 'finished: failed',
  timeout: 'finished: timed out',
  cancelled: 'finished: cancelled',
};

function refuse(state: RunState): Transition {
  const message = `The run is ${words[state.status]}`;
  if (isFinal(state.status)) {
    return { ok: false, code: 'run-is-final', message };
  }
  return { ok: false, code: state.status === 'cancelling' ? 'run-is-cancelling' : 'run-is-live', message };
}

/** The transition table of product §5.7: everything that is not listed is refused, naming the present state. */
export function nextState(state: RunState, event: RunEvent): Transition {
  switch (state.status) {
    case 'pending':
      return fromPending(state, event);
    case 'running':
      return fromRunning(state, event);
    case 'cancelling':
      return fromCancelling(state, event);
    case 'success':
    case 'failed':
    case 'timeout':
    case 'cancelled':
      return refuse(state);
  }
}

function fromPending(state: RunState, event: RunEvent): Transition {
  switch (event.type) {
    case 'wait':
      return to('pending', event.phase);
    case 'claim':
      return to('running', 'dispatching');
    case 'cancel':
      return to('cancelled', event.by);
    case 'drop':
      return to('cancelled', event.phase);
    case 'refuse':
      return to('failed', 'refused');
    case 'dispatch-fail':
      return to('failed', 'dispatch_failed');
    default:
      return refuse(state);
  }
}

function fromRunning(state: RunState, event: RunEvent): Transition {
  switch (event.type) {
    // Nothing starts any more, so nothing goes on after a pause either.
    case 'work':
      return to('running', state.phase === 'finishing' ? 'finishing' : 'running');
    case 'pause':
      return to('running', state.phase === 'finishing' ? 'finishing' : 'paused');
    case 'halt':
      return state.phase === 'finishing'
        ? { ok: false, code: 'run-is-cancelling', message: 'The run begins nothing more already' }
        : to('running', 'finishing');
    case 'cancel':
      return to('cancelling', 'requested');
    case 'settle':
      return to(event.verdict.status, event.verdict.phase);
    case 'lose':
      return to('failed', 'lost');
    default:
      return refuse(state);
  }
}

function fromCancelling(state: RunState, event: RunEvent): Transition {
  switch (event.type) {
    case 'stop-sent':
      return to('cancelling', 'sent');
    case 'stop-harder':
      return to('cancelling', 'forcing');
    case 'settle':
      return to('cancelled', 'by_user');
    case 'give-up':
    case 'lose':
      return to('cancelled', 'forced');
    default:
      return refuse(state);
  }
}
