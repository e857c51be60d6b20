import type { HostReason, HostStatus } from '#contract/run';
import type { Archive, HostResult } from '#core/ports';
import { placeOf, type RunPlace } from './run-rows.ts';
import type { Writing } from './run-writing.ts';
import type { Store } from './store.ts';

/** Starts and ends the targets of runs. */
export function hostWriting(writing: Writing): Pick<Archive, 'startHost' | 'finishHost' | 'finishHosts'> {
  const { store } = writing;
  return {
    startHost: (runId, host, at) =>
      store.write('startHost', 'state', () => startHost(writing, { place: placeOf(store, runId), host, at })),
    finishHost: (runId, host, result) =>
      store.write('finishHost', 'state', () => finishHost(writing, { place: placeOf(store, runId), host, result })),
    finishHosts: (runId, from, result) =>
      store.write('finishHosts', 'state', () => finishHosts(writing, { place: placeOf(store, runId), from, result })),
  };
}

type Start = { readonly place: RunPlace; readonly host: number; readonly at: number };

function startHost({ store, numbers }: Writing, { place, host, at }: Start): boolean {
  const { changes } = store
    .statement(
      `UPDATE host_results SET status = 'running', started_at = @at
       WHERE step_no = @stepNo AND attempt = 1 AND host = @host AND status = 'pending'`,
    )
    .run({ stepNo: place.stepNo, host, at });
  if (changes === 0) {
    return false;
  }
  const rev = numbers.revs(2);
  stampHost(store, { place, host, rev });
  shiftCounts(store, place, { rev: rev + 1, shift: { pending: -1, running: 1 } });
  return true;
}

type End = { readonly place: RunPlace; readonly host: number; readonly result: HostResult };

function finishHost(writing: Writing, { place, host, result }: End): boolean {
  const { store, numbers } = writing;
  const found = store
    .statement<[number, number], { status: HostStatus; late: number }>(
      `SELECT status, late_result IS NOT NULL AS late FROM host_results
       WHERE step_no = ? AND attempt = 1 AND host = ?`,
    )
    .get(place.stepNo, host);
  if (!found) {
    throw new Error(`no target ${host} in run number ${place.runNo}`);
  }
  if (!isOpen(found.status)) {
    if (found.late === 0) {
      keepLate(writing, { place, host, result });
    }
    return false;
  }
  store
    .statement(`UPDATE host_results SET ${resultColumns} WHERE step_no = @stepNo AND attempt = 1 AND host = @host`)
    .run({ ...resultValues(result), stepNo: place.stepNo, host });
  const rev = numbers.revs(2);
  stampHost(store, { place, host, rev });
  shiftCounts(store, place, { rev: rev + 1, shift: shiftOf(new Map([[found.status, 1]]), result) });
  return true;
}

/** The first result that comes after the final one, for people to read; it changes nothing else. */
function keepLate({ store, numbers }: Writing, { place, host, result }: End): void {
  store
    .statement<[string, number, number]>(
      `UPDATE host_results SET late_result = ? WHERE step_no = ? AND attempt = 1 AND host = ?`,
    )
    .run(lateText(result), place.stepNo, host);
  const rev = numbers.revs(2);
  stampHost(store, { place, host, rev });
  shiftCounts(store, place, { rev: rev + 1, shift: {} });
}

type EndAll = { readonly place: RunPlace; readonly from: readonly HostStatus[]; readonly result: HostResult };

function finishHosts({ store, numbers }: Writing, { place, from, result }: EndAll): number {
  const which = { stepNo: place.stepNo, from: JSON.stringify(from.filter(isOpen)) };
  const where = `step_no = @stepNo AND attempt = 1 AND status IN (SELECT value FROM json_each(@from))`;
  const found = store
    .statement<[object], { status: HostStatus; count: number; last: number }>(
      `SELECT status, count(*) AS count, max(host) AS last FROM host_results WHERE ${where} GROUP BY status`,
    )
    .all(which);
  if (found.length === 0) {
    return 0;
  }
  const span = Math.max(...found.map(({ last }) => last)) + 1;
  const rev = numbers.revs(span + 1);
  const { changes } = store
    .statement(`UPDATE host_results SET ${resultColumns}, rev = @rev + host WHERE ${where}`)
    .run({ ...resultValues(result), ...which, rev });
  const left = new Map(found.map(({ status, count }) => [status, count]));
  shiftCounts(store, place, { rev: rev + span, shift: shiftOf(left, result) });
  return changes;
}

const resultColumns = `status = @status, reason = @reason, message = @message, exit_code = @exitCode,
  stopped = @stopped, ended_at = @endedAt, duration_ms = @durationMs,
  out_omitted = @outOmitted, out_sha256 = @outSha256, err_omitted = @errOmitted, err_sha256 = @errSha256`;

const resultValues = ({ out, err, ...plain }: HostResult): Record<string, unknown> => ({
  ...plain,
  outOmitted: out.omitted,
  outSha256: out.sha256,
  errOmitted: err.omitted,
  errSha256: err.sha256,
});

const isOpen = (status: HostStatus): boolean => ['pending', 'running', 'cancelling'].includes(status);

/** Every target has a revision of its own, so that a page of changes can end between any two of them. */
function stampHost(store: Store, { place, host, rev }: { place: RunPlace; host: number; rev: number }): void {
  store
    .statement<[number, number, number]>(
      `UPDATE host_results SET rev = ? WHERE step_no = ? AND attempt = 1 AND host = ?`,
    )
    .run(rev, place.stepNo, host);
}

type CountName = 'pending' | 'running' | 'success' | 'failed' | 'timeout' | 'cancelled' | 'skipped' | 'unreachable';
type Shift = { readonly [N in CountName]?: number };

/** A target that is being cancelled still runs. */
const countOf = (status: HostStatus): CountName => (status === 'cancelling' ? 'running' : status);

const neverReached: ReadonlySet<HostReason | null> = new Set<HostReason>([
  'unreachable',
  'refused-connection',
  'auth-failed',
  'host-key',
]);

function shiftOf(left: ReadonlyMap<HostStatus, number>, { status, reason }: HostResult): Shift {
  const shift: { [N in CountName]?: number } = {};
  let moved = 0;
  for (const [from, count] of left) {
    const name = countOf(from);
    shift[name] = (shift[name] ?? 0) - count;
    moved += count;
  }
  shift[status] = (shift[status] ?? 0) + moved;
  if (status === 'failed' && neverReached.has(reason)) {
    shift.unreachable = moved;
  }
  return shift;
}

function shiftCounts(store: Store, { runNo }: RunPlace, { rev, shift }: { rev: number; shift: Shift }): void {
  store
    .statement(
      `UPDATE run_progress SET
         pending = pending + @pending, running = running + @running, success = success + @success,
         failed = failed + @failed, timeout = timeout + @timeout, cancelled = cancelled + @cancelled,
         skipped = skipped + @skipped, unreachable = unreachable + @unreachable, rev = @rev
       WHERE run_no = @runNo`,
    )
    .run({
      pending: 0,
      running: 0,
      success: 0,
      failed: 0,
      timeout: 0,
      cancelled: 0,
      skipped: 0,
      unreachable: 0,
      ...shift,
      rev,
      runNo,
    });
}

function lateText({ status, reason, exitCode, message, stopped, endedAt }: HostResult): string {
  const parts = [
    reason === null || reason === status ? status : `${status} (${reason})`,
    exitCode === null ? '' : `exit code ${exitCode}`,
    message,
    stopped ?? '',
    `at ${new Date(endedAt).toISOString()}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}
