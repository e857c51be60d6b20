import { describe, expect, it } from 'vitest';
import type Database from 'better-sqlite3';
import { runStatuses, type RunStatus } from '#contract/run';
import {
  auditOf,
  behind,
  chunk,
  hostRow,
  hosts,
  newCredential,
  newRun,
  newTarget,
  open,
  result,
  running,
  shownKey,
  start,
  testFolder,
} from './archive-fixture.ts';

const transitions: Record<RunStatus, readonly RunStatus[]> = {
  pending: ['pending', 'running', 'failed', 'cancelled'],
  running: ['running', 'cancelling', 'success', 'failed', 'timeout'],
  cancelling: ['cancelling', 'cancelled'],
  success: [],
  failed: [],
  timeout: [],
  cancelled: [],
};

const ways: Record<RunStatus, readonly RunStatus[]> = {
  pending: [],
  running: ['running'],
  cancelling: ['running', 'cancelling'],
  success: ['running', 'success'],
  failed: ['failed'],
  timeout: ['running', 'timeout'],
  cancelled: ['cancelled'],
};

describe('the archive itself', () => {
  it('allows the transitions of a run that there are and no others', () => {
    const archive = open(testFolder());
    for (const from of runStatuses) {
      for (const to of runStatuses) {
        const { id } = start(archive);
        let present: RunStatus = 'pending';
        for (const next of ways[from]) {
          archive.moveRun(id, present, { status: next, phase: 'queued' });
          present = next;
        }
        const move = () => archive.moveRun(id, from, { status: to, phase: 'lost' }, auditOf(archive, 'move'));
        const rows = archive.verifyAudit().rows;
        if (transitions[from].includes(to)) {
          expect(move(), `${from} → ${to}`).toMatchObject({ status: to });
        } else {
          expect(move, `${from} → ${to}`).toThrow(/transition|ended/);
          expect(archive.getDetail(id).run.status).toBe(from);
          expect(archive.verifyAudit().rows).toBe(rows);
        }
      }
    }
  });

  it('refuses to call a target that was never started a success', () => {
    const archive = open(testFolder());
    const { id } = start(archive);
    expect(() => archive.finishHost(id, 0, result())).toThrow('no such transition of a target');
    expect(hostRow(archive, id).status).toBe('pending');
  });

  const refusals: [string, string][] = [
    ['UPDATE runs SET status = status', 'a run that has ended never changes'],
    [`UPDATE runs SET status = 'running'`, 'no such transition of a run'],
    [`UPDATE runs SET reason = 'x'`, 'a run that has ended never changes'],
    ['UPDATE run_inputs SET final_text = final_text', 'what a run was started with never changes'],
    ['UPDATE steps SET ordinal = 2', 'a step never changes'],
    [`UPDATE host_results SET status = 'failed'`, 'no such transition of a target'],
    [`UPDATE host_results SET message = 'x'`, 'the result of a target never changes'],
    ['UPDATE host_results SET out_bytes = 0', 'the result of a target never changes'],
    [`UPDATE host_results SET late_result = 'another'`, 'a late result is kept once'],
    [`UPDATE host_results SET name = 'other'`, 'a frozen plan never changes'],
    [`UPDATE host_results SET reach = '{}'`, 'a frozen plan never changes'],
    ['UPDATE host_results SET reach = NULL', 'a frozen plan never changes'],
    ['UPDATE log_chunks SET first_seq = 7', 'stored output never changes'],
    [`UPDATE log_chunks SET bytes = x'00'`, 'stored output is packed once'],
    [`UPDATE log_chunks SET encoding = 'raw'`, 'stored output is packed once'],
    ['UPDATE audit_log SET at = 0', 'the audit log is only added to'],
    [`UPDATE counters SET value = value - 1 WHERE kind = 'runs'`, 'a counter only rises'],
    ['DELETE FROM runs', 'rows of runs are never deleted'],
    ['DELETE FROM run_inputs', 'rows of run_inputs are never deleted'],
    ['DELETE FROM run_progress', 'rows of run_progress are never deleted'],
    ['DELETE FROM steps', 'rows of steps are never deleted'],
    ['DELETE FROM host_results', 'rows of host_results are never deleted'],
    ['DELETE FROM log_chunks', 'rows of log_chunks are never deleted'],
    ['DELETE FROM audit_log', 'rows of audit_log are never deleted'],
    ['DELETE FROM counters', 'rows of counters are never deleted'],
    ['DELETE FROM node', 'rows of node are never deleted'],
    ['INSERT OR REPLACE INTO audit_log SELECT * FROM audit_log', 'added to at its end'],
    ['INSERT OR REPLACE INTO runs SELECT * FROM runs', 'a run begins as pending'],
    ['INSERT OR REPLACE INTO counters SELECT kind, 0 FROM counters', 'rows of counters are never deleted'],
    [`UPDATE run_progress SET success = success + 1`, 'CHECK constraint failed'],
    ['UPDATE targets SET no = 7', 'what targets are known by never changes'],
    [`UPDATE targets SET team_id = 'other'`, 'what targets are known by never changes'],
    [`UPDATE targets SET connection = 'local'`, 'CHECK constraint failed'],
    [`UPDATE targets SET tags = 'web'`, 'CHECK constraint failed'],
    ['UPDATE targets SET reached_at = 1', 'CHECK constraint failed'],
    [`UPDATE credentials SET id = 'other'`, 'what credentials are known by never changes'],
    [`UPDATE host_keys SET public_key = 'other'`, 'what host_keys are known by never changes'],
    [`UPDATE host_keys SET state = 'offered'`, 'what host_keys are known by never changes'],
    [`UPDATE settings SET name = 'other'`, 'what settings are known by never changes'],
  ];

  it('refuses what nobody may do to ended runs, their results, their output and the audit log', () => {
    const folder = testFolder();
    const archive = open(folder);
    const { id } = running(archive);
    archive.createTarget(newTarget(archive), auditOf(archive));
    archive.createCredential(newCredential(archive), auditOf(archive));
    archive.saveHostKey(shownKey(), auditOf(archive));
    archive.saveSetting({ name: 'ssh.channels', value: 4, rev: 0, at: 1 }, auditOf(archive));
    archive.appendOutput(id, [chunk('line\n'.repeat(200))]);
    archive.finishHost(id, 0, result());
    archive.finishHost(id, 0, result());
    archive.moveRun(id, 'running', { status: 'success', phase: 'ok' }, auditOf(archive));
    archive.packOutput(id);
    archive.close();
    const db: Database.Database = behind(folder);
    db.pragma('recursive_triggers = ON');
    for (const [sql, reason] of refusals) {
      expect(() => db.exec(sql), sql).toThrow(reason);
    }
    db.exec('UPDATE run_progress SET rev = rev + 1');
  });

  it('refuses a run that names a team that is not there', () => {
    const archive = open(testFolder());
    const stranger = newRun(archive, { teamId: 'nobody' });
    expect(() => archive.createRun(stranger, hosts(1), auditOf(archive))).toThrow('FOREIGN KEY');
    expect(archive.verifyAudit().rows).toBe(0);
  });
});
