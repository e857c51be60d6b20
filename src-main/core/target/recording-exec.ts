import type { HostReason } from '#contract/run';
import type { Clock, Exec } from '#core/ports';
import type { ReachRecorder } from './reach-recorder.ts';

/** Reasons that tell that a target was not reached; every other result came from the target itself. */
const notReached: ReadonlySet<HostReason> = new Set(['unreachable', 'refused-connection', 'auth-failed', 'host-key']);

/** Notes of every saved target that was contacted whether it could be reached. */
export function recordingExec(
  exec: Exec,
  { recorder, clock }: { readonly recorder: Pick<ReachRecorder, 'record'>; readonly clock: Pick<Clock, 'now'> },
): Exec {
  return {
    async run(request, sink, stop) {
      const result = await exec.run(request, sink, stop);
      const { targetId } = request.target;
      const wasContacted = result.kind === 'exited' || result.reason !== 'cancelled';
      if (targetId !== null && wasContacted) {
        const reason = result.kind === 'failed' && notReached.has(result.reason) ? result.reason : null;
        const message = reason === null ? '' : result.message;
        recorder.record(targetId, { at: Math.round(clock.now()), ok: reason === null, reason, message });
      }
      return result;
    },
  };
}
