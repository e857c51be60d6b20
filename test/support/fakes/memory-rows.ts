import type { HostCounts, HostReason, HostRow, HostStatus } from '#contract/run';
import type { PlannedHost } from '#core/ports';

const neverReached = new Set<HostReason | null>(['unreachable', 'refused-connection', 'auth-failed', 'host-key']);

/** A target of a plan before its start. */
export function pendingRow({ host, targetId, name, address }: PlannedHost): HostRow {
  const nothing = { lines: 0, bytes: 0, omitted: 0, sha256: null };
  return {
    host,
    targetId,
    name,
    address,
    status: 'pending',
    reason: null,
    message: '',
    exitCode: null,
    attempt: 1,
    startedAt: null,
    endedAt: null,
    durationMs: null,
    stopped: null,
    lateResult: null,
    out: nothing,
    err: nothing,
  };
}

/** How the targets of a run stand. */
export function countsOf(rows: readonly HostRow[]): HostCounts {
  const count = (status: HostStatus): number => rows.filter((row) => row.status === status).length;
  return {
    total: rows.length,
    pending: count('pending'),
    running: count('running') + count('cancelling'),
    success: count('success'),
    failed: count('failed'),
    timeout: count('timeout'),
    cancelled: count('cancelled'),
    skipped: count('skipped'),
    unreachable: rows.filter((row) => row.status === 'failed' && neverReached.has(row.reason)).length,
  };
}
