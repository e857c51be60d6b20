import type { HostRow } from '#contract/run';

const nothing: HostRow['out'] = { lines: 0, bytes: 0, omitted: 0, sha256: null };

export function hostOf(host: number, change: Partial<HostRow> = {}): HostRow {
  return {
    host,
    targetId: `target-${host}`,
    name: `t${host}`,
    address: `10.0.0.${host}`,
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
    ...change,
  };
}
