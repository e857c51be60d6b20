import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RunStatus, runStatuses } from '#contract/run';
import { isFinal, nextState, type RunEvent, type RunState, type Verdict } from '#core/run/run-state';

const verdicts: Verdict[] = [
  { status: 'success', phase: 'ok' },
  { status: 'success', phase: 'tolerated' },
  { status: 'failed', phase: 'task_failed' },
  { status: 'failed', phase: 'stopped_early' },
  { status: 'failed', phase: 'lost' },
  { status: 'timeout', phase: 'run_limit' },
  { status: 'timeout', phase: 'task_limit' },
];

const events: RunEvent[] = [
  { type: 'wait', phase: 'queued' },
  { type: 'wait', phase: 'waiting_slot' },
  { type: 'claim' },
  { type: 'work' },
  { type: 'pause' },
  { type: 'cancel', by: 'by_user' },
  { type: 'cancel', by: 'by_api' },
  { type: 'halt' },
  { type: 'stop-sent' },
  { type: 'stop-harder' },
  { type: 'give-up' },
  { type: 'refuse' },
  { type: 'dispatch-fail' },
  { type: 'drop', phase: 'superseded' },
  { type: 'drop', phase: 'expired' },
  ...verdicts.map((verdict): RunEvent => ({ type: 'settle', verdict })),
  { type: 'lose' },
];

/** The product's table (§5.7), written down a second time by hand. */
const allowed: Record<RunStatus, readonly RunStatus[]> = {
  pending: ['pending', 'running', 'cancelled', 'failed'],
  running: ['running', 'cancelling', 'success', 'failed', 'timeout'],
  cancelling: ['cancelling', 'cancelled'],
  success: [],
  failed: [],
  timeout: [],
  cancelled: [],
};

const start: RunState = { status: 'pending', phase: 'queued' };

function walk(
  sequence: readonly RunEvent[],
  visit: (before: RunState, event: RunEvent, after: RunState) => void,
): RunState {
  let state = start;
  for (const event of sequence) {
    const next = nextState(state, event);
    if (next.ok) {
      visit(state, event, next.state);
      state = next.state;
    }
  }
  return state;
}

describe('the state machine of a run', () => {
  it('makes only the transitions of the product, whatever happens in whatever order', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 40 }), (sequence) => {
        walk(sequence, (before, _event, after) => {
          expect(allowed[before.status]).toContain(after.status);
        });
      }),
      { numRuns: 2_000 },
    );
  });

  it('never leaves a final status', () => {
    for (const status of runStatuses.filter(isFinal)) {
      for (const event of events) {
        expect(nextState({ status, phase: 'ok' }, event)).toMatchObject({ ok: false, code: 'run-is-final' });
      }
    }
  });

  it('reaches all seven statuses, and from each of them an end', () => {
    const seen = new Set<RunStatus>([start.status]);
    let frontier: RunState[] = [start];
    while (frontier.length > 0) {
      frontier = frontier.flatMap((state) =>
        events.flatMap((event) => {
          const next = nextState(state, event);
          if (!next.ok || seen.has(next.state.status)) {
            return [];
          }
          seen.add(next.state.status);
          return [next.state];
        }),
      );
    }
    expect([...seen].sort()).toEqual([...runStatuses].sort());
    expect(runStatuses.filter((status) => allowed[status].length === 0)).toEqual(runStatuses.filter(isFinal));
  });

  it('cancels a pending run at once and a running one over cancelling', () => {
    expect(nextState(start, { type: 'cancel', by: 'by_user' })).toMatchObject({
      state: { status: 'cancelled', phase: 'by_user' },
    });
    expect(nextState({ status: 'running', phase: 'running' }, { type: 'cancel', by: 'by_user' })).toMatchObject({
      state: { status: 'cancelling', phase: 'requested' },
    });
  });

  it('refuses a second cancel and names the state', () => {
    const again = nextState({ status: 'cancelling', phase: 'sent' }, { type: 'cancel', by: 'by_user' });
    expect(again).toEqual({ ok: false, code: 'run-is-cancelling', message: 'The run is being cancelled already' });
    const late = nextState({ status: 'timeout', phase: 'task_limit' }, { type: 'cancel', by: 'by_user' });
    expect(late).toEqual({ ok: false, code: 'run-is-final', message: 'The run is finished: timed out' });
  });

  it('goes on in a run that begins nothing more, once, and can still be cancelled', () => {
    const halted = nextState({ status: 'running', phase: 'paused' }, { type: 'halt' });
    expect(halted).toEqual({ ok: true, state: { status: 'running', phase: 'finishing' } });
    const finishing: RunState = { status: 'running', phase: 'finishing' };
    expect(nextState(finishing, { type: 'work' })).toMatchObject({ state: finishing });
    expect(nextState(finishing, { type: 'pause' })).toMatchObject({ state: finishing });
    expect(nextState(finishing, { type: 'halt' })).toMatchObject({ ok: false, code: 'run-is-cancelling' });
    expect(nextState(finishing, { type: 'cancel', by: 'by_user' })).toMatchObject({ state: { status: 'cancelling' } });
    expect(nextState({ status: 'cancelling', phase: 'sent' }, { type: 'halt' }).ok).toBe(false);
  });

  it('ends a cancelling run as cancelled whatever its targets answered', () => {
    for (const verdict of verdicts) {
      expect(nextState({ status: 'cancelling', phase: 'sent' }, { type: 'settle', verdict })).toMatchObject({
        ok: true,
        state: { status: 'cancelled' },
      });
    }
    expect(nextState({ status: 'cancelling', phase: 'forcing' }, { type: 'give-up' })).toMatchObject({
      state: { status: 'cancelled', phase: 'forced' },
    });
  });

  it('never turns a restart of the node into a success', () => {
    for (const status of ['running', 'cancelling'] as const) {
      const next = nextState({ status, phase: 'running' }, { type: 'lose' });
      expect(next.ok && next.state.status).not.toBe('success');
    }
    expect(nextState(start, { type: 'lose' }).ok).toBe(false);
  });
});
