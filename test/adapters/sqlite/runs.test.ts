import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  auditOf,
  behind,
  find,
  hosts,
  newArchive,
  newRun,
  open,
  refusal,
  result,
  running,
  start,
  testFolder,
  listed,
} from './archive-fixture.ts';

const emptyCounts = { running: 0, success: 0, failed: 0, timeout: 0, cancelled: 0, skipped: 0, unreachable: 0 };

describe('a new run', () => {
  it('is stored whole, with its plan and its audit row', () => {
    const archive = newArchive();
    const wanted = newRun(archive, { rerunOf: { id: randomUUID(), no: 7 } });
    const run = archive.createRun(wanted, hosts(3), auditOf(archive));
    const {
      task,
      options,
      finalText,
      textSha256,
      planSha256,
      leftAlone,
      teamId: _team,
      createdBy: _by,
      ...plain
    } = wanted;
    expect(run).toEqual({
      ...plain,
      no: 1,
      kind: 'quick',
      taskType: 'script',
      language: 'shell',
      status: 'pending',
      reason: '',
      firstTarget: 'web-0',
      purged: null,
      counts: { ...emptyCounts, total: 3, pending: 3 },
      cancel: null,
      startedAt: null,
      endedAt: null,
      durationMs: null,
      lastSeq: 0,
      outputBytes: 0,
      omittedBytes: 0,
      rev: archive.currentRev(),
    });
    expect(archive.getDetail(run.id)).toEqual({ run, task, options, finalText, textSha256, planSha256, leftAlone });
    expect(archive.getPlan(run.id)).toEqual(hosts(3));
    expect(archive.verifyAudit()).toMatchObject({ rows: 1, brokenAt: null });
  });

  it('keeps text exactly: quotes, NUL, emoji and a megabyte of it', () => {
    const archive = newArchive();
    const finalText = `'";--\0 😀 \u202e ${'x'.repeat(1_000_000)}`;
    const { id } = start(archive, 1, { finalText, name: `O'Brien "quoted" \0`, summary: '{{ x }}' });
    expect(archive.getDetail(id)).toMatchObject({
      finalText,
      run: { name: `O'Brien "quoted" \0`, summary: '{{ x }}' },
    });
  });

  it('is not stored at all when its audit row cannot be', () => {
    const archive = newArchive();
    const unwritable = { ...auditOf(archive), detail: { big: 10n } };
    expect(() => archive.createRun(newRun(archive), hosts(2), unwritable)).toThrow('BigInt');
    expect(listed(archive)).toEqual([]);
    expect(archive.countLive()).toBe(0);
  });

  it('is found by its id and by its number, and by nobody of another team', () => {
    const archive = newArchive();
    const [first, second] = [start(archive), start(archive)];
    const { teamId } = archive.builtIn;
    expect([first.no, second.no]).toEqual([1, 2]);
    expect(archive.findRun(teamId, second.id)).toEqual(second);
    expect(archive.findRun(teamId, 2)).toEqual(second);
    expect(archive.findRun(teamId, '1')).toEqual(first);
    expect(archive.findRun(teamId, 3)).toBeUndefined();
    expect(archive.findRun(teamId, '9999999999999999')).toBeUndefined();
    expect(archive.findRun(teamId, randomUUID())).toBeUndefined();
    expect(archive.findRun(randomUUID(), second.id)).toBeUndefined();
    expect(refusal(() => archive.getDetail(randomUUID())).code).toBe('not-found');
  });

  it('has a number that was never given before, also after a refused run, after its row was lost and after a restart', () => {
    const folder = testFolder();
    const archive = open(folder);
    const first = start(archive);
    expect(() => archive.createRun({ ...newRun(archive), id: first.id }, hosts(1), auditOf(archive))).toThrow('UNIQUE');
    const second = start(archive);
    archive.close();
    const db = behind(folder);
    db.pragma('foreign_keys = OFF');
    db.exec('DROP TRIGGER runs_are_kept; DROP TRIGGER run_progress_are_kept;');
    db.prepare('DELETE FROM run_progress WHERE run_no = ?').run(second.no);
    db.prepare('DELETE FROM runs WHERE no = ?').run(second.no);
    db.exec(`
      CREATE TRIGGER runs_are_kept BEFORE DELETE ON runs
BEGIN SELECT RAISE(ABORT, 'rows of runs are never deleted'); END;
      CREATE TRIGGER run_progress_are_kept BEFORE DELETE ON run_progress
BEGIN SELECT RAISE(ABORT, 'rows of run_progress are never deleted'); END;`);
    db.close();
    expect(start(open(folder)).no).toBe(second.no + 1);
  });

  it('stays the same node with the same team and user after a restart', () => {
    const folder = testFolder();
    const archive = open(folder);
    const { nodeId, builtIn } = archive;
    archive.close();
    archive.close();
    expect(open(folder)).toMatchObject({ nodeId, builtIn });
  });
});

describe('a transition', () => {
  it('writes what it is told and leaves the rest', () => {
    const archive = newArchive();
    const { id, rev } = start(archive);
    const begun = archive.moveRun(id, 'pending', { status: 'running', phase: 'dispatching', startedAt: 5 });
    expect(begun).toMatchObject({ status: 'running', phase: 'dispatching', startedAt: 5, reason: '', endedAt: null });
    expect(begun?.rev).toBeGreaterThan(rev);
    const cancel = { by: 'owner', at: 6, forced: false, level: 'all' } as const;
    archive.moveRun(id, 'running', { status: 'cancelling', phase: 'requested', cancel, reason: 'Asked to' });
    archive.moveRun(id, 'cancelling', { status: 'cancelling', phase: 'forcing' });
    const ended = archive.moveRun(id, 'cancelling', {
      status: 'cancelled',
      phase: 'by_user',
      endedAt: 9,
      durationMs: 4,
    });
    expect(ended).toMatchObject({
      status: 'cancelled',
      cancel,
      reason: 'Asked to',
      startedAt: 5,
      endedAt: 9,
      durationMs: 4,
    });
    expect(find(archive, id)).toEqual(ended);
  });

  it('writes nothing, not even its audit row, when the run stands elsewhere', () => {
    const archive = newArchive();
    const run = start(archive);
    const audit = auditOf(archive, 'run.end');
    expect(archive.moveRun(run.id, 'running', { status: 'failed', phase: 'lost' }, audit)).toBeUndefined();
    expect(archive.moveRun(randomUUID(), 'pending', { status: 'running', phase: 'running' }, audit)).toBeUndefined();
    expect(find(archive, run.id)).toEqual(run);
    expect(archive.verifyAudit().rows).toBe(1);
    expect(archive.moveRun(run.id, 'pending', { status: 'failed', phase: 'refused' }, audit)?.status).toBe('failed');
    expect(archive.verifyAudit().rows).toBe(2);
  });

  it('is written together with its targets, or neither is', () => {
    const archive = newArchive();
    const { id } = running(archive, 2);
    const before = { run: find(archive, id), hosts: archive.getHosts(id, { after: -1, limit: 10 }) };
    const end = { status: 'failed', phase: 'lost', reason: 'lost', endedAt: 5 } as const;
    const write = (fails: boolean): void =>
      archive.together(() => {
        archive.finishHosts(id, ['pending', 'running'], result({ status: 'failed', reason: 'lost' }));
        archive.moveRun(id, 'running', end);
        if (fails) {
          throw new Error('killed');
        }
      });
    expect(() => write(true)).toThrow('killed');
    expect({ run: find(archive, id), hosts: archive.getHosts(id, { after: -1, limit: 10 }) }).toEqual(before);
    write(false);
    expect(find(archive, id)).toMatchObject({ ...end, counts: { failed: 2, running: 0, pending: 0 } });
  });

  it('ends a run once, however often a cancel meets its result in the same moment', () => {
    const archive = newArchive();
    for (let round = 0; round < 100; round += 1) {
      const { id } = running(archive);
      const cancel = () => {
        const asked = archive.moveRun(
          id,
          'running',
          { status: 'cancelling', phase: 'requested' },
          auditOf(archive, 'cancel'),
        );
        return (
          asked && archive.moveRun(id, 'cancelling', { status: 'cancelled', phase: 'by_user' }, auditOf(archive, 'end'))
        );
      };
      const settle = () =>
        archive.finishHost(id, 0, result()) &&
        archive.moveRun(id, 'running', { status: 'success', phase: 'ok' }, auditOf(archive, 'end'));
      const acts = round % 2 === 0 ? [cancel, settle, cancel, settle] : [settle, cancel, settle, cancel];
      const winners = acts.map((act) => act()).filter(Boolean);
      expect(winners).toHaveLength(1);
      expect(find(archive, id).status).toBe(round % 2 === 0 ? 'cancelled' : 'success');
    }
    expect(archive.verifyAudit().brokenAt).toBeNull();
  });
});

describe('what changed', () => {
  it('is found by a revision that rises over the whole archive and never falls, also after a restart', () => {
    const folder = testFolder();
    const archive = open(folder);
    const { teamId } = archive.builtIn;
    const [one, two] = [start(archive), running(archive)];
    const seen = archive.currentRev();
    expect(archive.runsSince(teamId, seen, 10)).toEqual([]);
    archive.addOmitted(one.id, 12);
    archive.moveRun(two.id, 'running', { status: 'running', phase: 'paused' });
    archive.addOmitted(one.id, 30);
    const changed = archive.runsSince(teamId, seen, 10);
    expect(changed.map(({ no }) => no)).toEqual([two.no, one.no]);
    expect(changed[1]).toMatchObject({ omittedBytes: 42, rev: archive.currentRev() });
    expect(archive.runsSince(teamId, seen, 1)).toEqual(changed.slice(0, 1));
    expect(archive.runsSince(randomUUID(), 0, 10)).toEqual([]);
    const last = archive.currentRev();
    archive.close();
    expect(open(folder).currentRev()).toBeGreaterThan(last);
  });

  it('names the runs that have not ended, oldest first', () => {
    const archive = newArchive();
    const [waiting, ended, working] = [start(archive, 2), start(archive), running(archive, 1)];
    archive.moveRun(ended.id, 'pending', { status: 'failed', phase: 'refused' });
    expect(archive.countLive()).toBe(2);
    expect(archive.liveCounts()).toEqual([
      { status: 'pending', runs: 1, targetsRunning: 0, targetsPending: 2 },
      { status: 'running', runs: 1, targetsRunning: 1, targetsPending: 0 },
    ]);
    const [first, second] = archive.unendedRuns();
    expect(first).toEqual({ run: waiting, detail: archive.getDetail(waiting.id), hosts: hosts(2) });
    expect(second?.run).toEqual(find(archive, working.id));
    expect(archive.unendedRuns()).toHaveLength(2);
  });
});
