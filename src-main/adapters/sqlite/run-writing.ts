import type { Run } from '#contract/run';
import { DroverError } from '#contract/errors';
import type { Archive, AuditEntry, NewRun, PlannedHost } from '#core/ports';
import type { AuditLog } from './audit-log.ts';
import type { Numbers } from './numbers.ts';
import { placeOf, selectRun } from './run-rows.ts';
import type { Store } from './store.ts';

export type Writing = { readonly store: Store; readonly numbers: Numbers; readonly audit: AuditLog };

/** Starts and moves runs. */
export function runWriting(writing: Writing): Pick<Archive, 'createRun' | 'moveRun' | 'addOmitted'> {
  const { store } = writing;
  return {
    createRun: (run, hosts, audit) =>
      // A full disk refuses new runs: the reserve is for those that are under way.
      store.write('createRun', 'request', () => createRun(writing, { run, hosts, audit })),
    moveRun: (...[id, from, change, audit]) =>
      store.write('moveRun', 'state', () => moveRun(writing, { id, from, change, audit })),
    addOmitted: (runId, bytes) =>
      store.write('addOmitted', 'state', () => {
        const { runNo } = placeOf(store, runId);
        addOmittedBytes(writing, { runNo, bytes });
      }),
  };
}

type Start = { readonly run: NewRun; readonly hosts: readonly PlannedHost[]; readonly audit: AuditEntry };

function createRun(writing: Writing, { run, hosts, audit }: Start): Run {
  const { store, numbers } = writing;
  const runNo = numbers.next('runs');
  insertRun(store, { run, runNo, firstTarget: hosts[0]?.name ?? '' });
  const stepNo = numbers.next('steps');
  store
    .statement<[number, string, string, string, number, number]>(
      `INSERT INTO steps (no, id, team_id, created_by, run_no, ordinal, created_at) VALUES (?, ?, ?, ?, ?, 1, ?)`,
    )
    .run(stepNo, store.newId(), run.teamId, run.createdBy, runNo, run.createdAt);
  const firstRev = numbers.revs(hosts.length + 1);
  store
    .statement<[number, number, number, number]>(
      `INSERT INTO run_progress
         (run_no, total, pending, running, success, failed, timeout, cancelled, skipped, unreachable,
          last_seq, output_bytes, omitted_bytes, packed_seq, packed, rev)
       VALUES (?, ?, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ?)`,
    )
    .run(runNo, hosts.length, hosts.length, firstRev + hosts.length);
  insertHosts(store, hosts, { runNo, stepNo, firstRev });
  writing.audit.append(audit);
  return theRun(store, run.id);
}

function insertRun(
  store: Store,
  { run, runNo, firstTarget }: { run: NewRun; runNo: number; firstTarget: string },
): void {
  const { task, options, finalText, textSha256, planSha256, leftAlone, executor, rerunOf, ...plain } = run;
  store
    .statement(
      `INSERT INTO runs
         (no, id, team_id, created_by, name, kind, task_type, language, summary, status, phase, reason, source, executor,
          selector, first_target, rerun_of_id, rerun_of_no, created_at)
       VALUES
         (@runNo, @id, @teamId, @createdBy, @name, 'quick', @taskType, @language, @summary, 'pending', @phase, '', @source,
          @executor, @selector, @firstTarget, @rerunOfId, @rerunOfNo, @createdAt)`,
    )
    .run({
      ...plain,
      runNo,
      firstTarget,
      taskType: task.type,
      language: task.language,
      executor: JSON.stringify(executor),
      rerunOfId: rerunOf?.id ?? null,
      rerunOfNo: rerunOf?.no ?? null,
    });
  store
    .statement(
      `INSERT INTO run_inputs (run_no, task, options, final_text, text_sha256, plan_sha256, left_alone)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      runNo,
      JSON.stringify(task),
      JSON.stringify(options),
      finalText,
      textSha256,
      planSha256,
      JSON.stringify(leftAlone),
    );
  store
    .statement(
      `INSERT INTO run_search (rowid, name, summary, first_target, selector) VALUES (CAST(? AS INTEGER), ?, ?, ?, ?)`,
    )
    .run(runNo, run.name, run.summary, firstTarget, run.selector);
}

function insertHosts(
  store: Store,
  hosts: readonly PlannedHost[],
  { runNo, stepNo, firstRev }: { runNo: number; stepNo: number; firstRev: number },
): void {
  const insert = store.statement(
    `INSERT INTO host_results
       (run_no, step_no, attempt, host, target_id, name, address, os, connection, reach, status, message,
        out_lines, out_bytes, out_omitted, err_lines, err_bytes, err_omitted, rev)
     VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, 'pending', '', 0, 0, 0, 0, 0, 0, ?)`,
  );
  for (const [index, { host, targetId, name, address, os, connection, reach }] of hosts.entries()) {
    const way = reach === null ? null : JSON.stringify(reach);
    insert.run(runNo, stepNo, host, targetId, name, address, os, connection, way, firstRev + index);
  }
}

type Move = {
  readonly id: string;
  readonly from: Run['status'];
  readonly change: Parameters<Archive['moveRun']>[2];
  readonly audit: AuditEntry | undefined;
};

function moveRun(writing: Writing, { id, from, change, audit }: Move): Run | undefined {
  const { store, numbers } = writing;
  const { changes } = store
    .statement(
      `UPDATE runs SET
         status = @status, phase = @phase, reason = coalesce(@reason, reason),
         started_at = coalesce(@startedAt, started_at), ended_at = coalesce(@endedAt, ended_at),
         duration_ms = coalesce(@durationMs, duration_ms), cancel = coalesce(@cancel, cancel)
       WHERE id = @id AND status = @from`,
    )
    .run({
      id,
      from,
      status: change.status,
      phase: change.phase,
      reason: change.reason ?? null,
      startedAt: change.startedAt ?? null,
      endedAt: change.endedAt ?? null,
      durationMs: change.durationMs ?? null,
      cancel: change.cancel ? JSON.stringify(change.cancel) : null,
    });
  if (changes === 0) {
    return undefined;
  }
  store
    .statement<[number, string]>(`UPDATE run_progress SET rev = ? WHERE run_no = (SELECT no FROM runs WHERE id = ?)`)
    .run(numbers.revs(1), id);
  if (audit) {
    writing.audit.append(audit);
  }
  return theRun(store, id);
}

/** Inside a transaction. */
export function addOmittedBytes({ store, numbers }: Writing, { runNo, bytes }: { runNo: number; bytes: number }): void {
  store
    .statement<[number, number, number]>(
      `UPDATE run_progress SET omitted_bytes = omitted_bytes + ?, rev = ? WHERE run_no = ?`,
    )
    .run(bytes, numbers.revs(1), runNo);
}

function theRun(store: Store, id: string): Run {
  const [run] = selectRun(store, 'WHERE r.id = ?', id);
  if (!run) {
    throw new DroverError('not-found', `No run ${id}`);
  }
  return run;
}
