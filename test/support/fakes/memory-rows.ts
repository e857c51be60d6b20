import type { HostCounts, HostReason, HostRow, HostStatus, Run } from '#contract/run';
import type { Archive, PlannedHost } from '#core/ports';

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

type Ended = {
  readonly no: number;
  readonly given: { readonly teamId: string; readonly textSha256: string };
  readonly state: { readonly durationMs: number | null };
};

/** How many of the runs of one text have ended, and the duration in the middle. */
export function medianOf(runs: readonly Ended[], teamId: string, of: Parameters<Archive['earlierRuns']>[1]) {
  const { textSha256, before = Number.MAX_SAFE_INTEGER } = of;
  const same = runs.filter(
    ({ no, given }) => no < before && given.teamId === teamId && given.textSha256 === textSha256,
  );
  const durations = same.flatMap(({ state }) => state.durationMs ?? []).toSorted((one, other) => one - other);
  const durationMs = durations[Math.floor(durations.length / 2)];
  return durationMs === undefined ? null : { runs: durations.length, durationMs };
}

/** The newest run of each target under its name. */
export function lastOf(
  runs: readonly { readonly run: Pick<Run, 'no' | 'createdAt'>; readonly rows: readonly HostRow[] }[],
  targets: Parameters<Archive['lastRuns']>[0],
): ReturnType<Archive['lastRuns']> {
  const newest = runs.toSorted((one, other) => other.run.no - one.run.no);
  return targets.flatMap(({ id, name }) => {
    for (const { run, rows } of newest) {
      const row = rows.find(
        ({ targetId, name: known }) => targetId === id && known.toLowerCase() === name.toLowerCase(),
      );
      if (row) {
        return [{ targetId: id, no: run.no, status: row.status, at: row.startedAt ?? run.createdAt }];
      }
    }
    return [];
  });
}

/** The transitions of a run that the archive's triggers let pass. */
export const allowedMoves: Record<Run['status'], readonly Run['status'][]> = {
  pending: ['pending', 'running', 'cancelled', 'failed'],
  running: ['running', 'cancelling', 'success', 'failed', 'timeout'],
  cancelling: ['cancelling', 'cancelled'],
  success: [],
  failed: [],
  timeout: [],
  cancelled: [],
};
