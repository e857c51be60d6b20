import type { HostResult } from '#core/ports';

/** The result of a target that was never contacted: no exit code, no duration, no output. */
export function notStarted(message: string, endedAt: number): HostResult {
  const nothing = { omitted: 0, sha256: null };
  return {
    status: 'skipped',
    reason: 'not-started',
    message,
    exitCode: null,
    stopped: null,
    endedAt,
    durationMs: null,
    out: nothing,
    err: nothing,
  };
}
