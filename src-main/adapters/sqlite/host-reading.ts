import { z } from 'zod';
import { HostRow } from '#contract/run';
import { Become, Target } from '#contract/target';
import type { Archive, PlannedHost } from '#core/ports';
import { placeOf } from './run-rows.ts';
import type { Store } from './store.ts';

type StreamRow<S extends 'out' | 'err'> = {
  readonly [K in `${S}_lines` | `${S}_bytes` | `${S}_omitted`]: number;
} & { readonly [K in `${S}_sha256`]: string | null };

type ResultRow = StreamRow<'out'> &
  StreamRow<'err'> & {
    readonly host: number;
    readonly target_id: string | null;
    readonly name: string;
    readonly address: string;
    readonly status: string;
    readonly reason: string | null;
    readonly message: string;
    readonly exit_code: number | null;
    readonly attempt: number;
    readonly started_at: number | null;
    readonly ended_at: number | null;
    readonly duration_ms: number | null;
    readonly stopped: string | null;
    readonly late_result: string | null;
    readonly rev: number;
  };

/** Tells about the targets of runs. */
export function hostReading(store: Store): Pick<Archive, 'getHosts' | 'getPlan' | 'hostsSince'> {
  return {
    getHosts: (runId, { status, after, limit }) =>
      store.read('getHosts', () =>
        store
          .statement<[object], ResultRow>(
            // Unasked, no status is left out: a damaged one must be met, not passed over.
            `SELECT * FROM host_results
             WHERE step_no = @stepNo AND attempt = 1 AND host > @after
               AND (@status IS NULL OR status IN (SELECT value FROM json_each(@status)))
             ORDER BY host LIMIT @limit`,
          )
          .all({ stepNo: placeOf(store, runId).stepNo, after, status: status ? JSON.stringify(status) : null, limit })
          .map(toHostRow),
      ),
    getPlan: (runId) => store.read('getPlan', () => getPlan(store, runId)),
    hostsSince: (runId, rev, limit) =>
      store.read('hostsSince', () =>
        store
          .statement<[number, number, number], ResultRow>(
            `SELECT * FROM host_results WHERE run_no = ? AND rev > ? ORDER BY rev LIMIT ?`,
          )
          .all(placeOf(store, runId).runNo, rev, limit)
          .map((row) => ({ rev: row.rev, row: toHostRow(row) })),
      ),
  };
}

const LoginSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stored'), credentialId: z.string() }),
  z.object({ kind: z.literal('given') }),
  z.object({ kind: z.literal('account'), identityFiles: z.array(z.string()) }),
]);
const Stop = z.object({ address: z.string(), port: z.int(), user: z.string(), login: LoginSource });
const Reach = Stop.omit({ address: true }).extend({
  jumps: z.array(Stop),
  become: Become.nullable(),
  hostKeys: z.enum(['known', 'accept-new']),
  weakAlgorithms: z.boolean(),
});

const { os, connection } = Target.shape;
const Plan = z.array(
  z.object({
    host: z.int(),
    targetId: z.string().nullable(),
    name: z.string(),
    address: z.string(),
    os,
    connection,
    reach: Reach.nullable(),
  }),
);

/** The frozen plan of a run, in its order; plans of the time before targets could be reached have no `reach`. */
export function getPlan(store: Store, runId: string): PlannedHost[] {
  const rows = store
    .statement<[number], { reach: string | null }>(
      `SELECT host, target_id AS targetId, name, address, os, connection, reach FROM host_results
       WHERE step_no = ? AND attempt = 1 ORDER BY host`,
    )
    .all(placeOf(store, runId).stepNo);
  return Plan.parse(rows.map((row) => ({ ...row, reach: row.reach === null ? null : JSON.parse(row.reach) })));
}

function toHostRow(row: ResultRow): HostRow {
  return HostRow.parse({
    host: row.host,
    targetId: row.target_id,
    name: row.name,
    address: row.address,
    status: row.status,
    reason: row.reason,
    message: row.message,
    exitCode: row.exit_code,
    attempt: row.attempt,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    durationMs: row.duration_ms,
    stopped: row.stopped,
    lateResult: row.late_result,
    out: { lines: row.out_lines, bytes: row.out_bytes, omitted: row.out_omitted, sha256: row.out_sha256 },
    err: { lines: row.err_lines, bytes: row.err_bytes, omitted: row.err_omitted, sha256: row.err_sha256 },
  });
}
