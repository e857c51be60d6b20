import { describe, expect, it } from 'vitest';
import type { HostReason } from '#contract/run';
import {
  behind,
  find,
  hostRow,
  newArchive,
  open,
  refusal,
  result,
  running,
  start,
  testFolder,
} from './archive-fixture.ts';

describe('a target', () => {
  it('is pending, then running, then has its result', () => {
    const archive = newArchive();
    const { id } = start(archive, 2);
    const nothing = { lines: 0, bytes: 0, omitted: 0, sha256: null };
    const before = hostRow(archive, id, 1);
    expect(before).toEqual({
      host: 1,
      targetId: null,
      name: 'web-1',
      address: '192.0.2.1',
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
    });
    expect(archive.startHost(id, 1, 77)).toBe(true);
    expect(hostRow(archive, id, 1)).toEqual({ ...before, status: 'running', startedAt: 77 });
    const failed = result({
      status: 'failed',
      reason: 'exit-code',
      message: 'Exit code 3',
      exitCode: 3,
      stopped: 'killed',
      out: { omitted: 5, sha256: 'aa' },
      err: { omitted: 6, sha256: 'bb' },
    });
    expect(archive.finishHost(id, 1, failed)).toBe(true);
    expect(hostRow(archive, id, 1)).toEqual({
      ...before,
      ...failed,
      startedAt: 77,
      out: { lines: 0, bytes: 0, omitted: 5, sha256: 'aa' },
      err: { lines: 0, bytes: 0, omitted: 6, sha256: 'bb' },
    });
    expect(hostRow(archive, id, 0).status).toBe('pending');
  });

  it('is not passed over when its status is damaged', () => {
    const folder = testFolder();
    const archive = open(folder);
    const { id } = running(archive, 2);
    behind(folder).exec(
      `DROP TRIGGER host_results_transition; PRAGMA ignore_check_constraints = ON;
       UPDATE host_results SET status = 'runninG' WHERE host = 1`,
    );
    expect(refusal(() => archive.getHosts(id, { after: -1, limit: 10 })).code).toBe('archive-corrupt');
    expect(archive.getHosts(id, { after: -1, limit: 1 })).toHaveLength(1);
  });

  it('starts once and not after its end', () => {
    const archive = newArchive();
    const { id } = start(archive, 2);
    expect([archive.startHost(id, 0, 1), archive.startHost(id, 0, 2)]).toEqual([true, false]);
    archive.finishHost(id, 1, result({ status: 'skipped', reason: 'not-started', exitCode: null }));
    expect(archive.startHost(id, 1, 1)).toBe(false);
    expect(hostRow(archive, id, 0).startedAt).toBe(1);
    expect(() => archive.finishHost(id, 2, result())).toThrow('no target 2');
  });

  it('keeps its first late result beside its result, and nothing else of it', () => {
    const archive = newArchive();
    const { id } = running(archive);
    archive.finishHost(id, 0, result({ status: 'cancelled', reason: 'cancelled', exitCode: null, durationMs: null }));
    const before = { row: hostRow(archive, id), run: find(archive, id) };
    const late = result({ status: 'failed', reason: 'exit-code', exitCode: 7, message: 'Exit code 7' });
    expect(archive.finishHost(id, 0, late)).toBe(false);
    expect(archive.finishHost(id, 0, result())).toBe(false);
    const lateResult = 'failed (exit-code), exit code 7, Exit code 7, at 2027-01-15T08:00:01.000Z';
    expect(hostRow(archive, id)).toEqual({ ...before.row, lateResult });
    expect(find(archive, id)).toEqual({ ...before.run, rev: archive.currentRev() });
  });

  it('counts in its run from state to state', () => {
    const archive = newArchive();
    const { id } = start(archive, 12);
    const counts = () => find(archive, id).counts;
    for (let host = 0; host < 10; host += 1) {
      archive.startHost(id, host, 1);
    }
    expect(counts()).toMatchObject({ total: 12, pending: 2, running: 10 });
    const reasons: HostReason[] = ['unreachable', 'refused-connection', 'auth-failed', 'host-key', 'exit-code', 'lost'];
    for (const [host, reason] of reasons.entries()) {
      archive.finishHost(id, host, result({ status: 'failed', reason }));
    }
    archive.finishHost(id, 6, result({ status: 'timeout', reason: 'timed-out' }));
    archive.finishHost(id, 7, result());
    archive.finishHost(id, 10, result({ status: 'failed', reason: 'refused-by-guard', exitCode: null }));
    expect(counts()).toEqual({
      total: 12,
      pending: 1,
      running: 2,
      success: 1,
      failed: 7,
      timeout: 1,
      cancelled: 0,
      skipped: 0,
      unreachable: 4,
    });
    expect(archive.finishHosts(id, ['pending', 'running'], result({ status: 'cancelled', reason: 'cancelled' }))).toBe(
      3,
    );
    expect(archive.finishHosts(id, ['pending', 'running'], result({ status: 'failed', reason: 'unreachable' }))).toBe(
      0,
    );
    expect(counts()).toMatchObject({ pending: 0, running: 0, cancelled: 3, failed: 7, unreachable: 4 });
  });

  it('ends with many others in one go that leaves ended ones alone', () => {
    const archive = newArchive();
    const { id } = running(archive, 5);
    archive.finishHost(id, 2, result());
    const lost = result({ status: 'failed', reason: 'unreachable', message: 'No route', exitCode: null });
    expect(archive.finishHosts(id, ['running', 'success'], lost)).toBe(4);
    expect(archive.getHosts(id, { after: -1, limit: 10 }).map(({ status }) => status)).toEqual([
      'failed',
      'failed',
      'success',
      'failed',
      'failed',
    ]);
    expect(find(archive, id).counts).toMatchObject({ success: 1, failed: 4, unreachable: 4 });
  });
});

describe('the targets of a run', () => {
  it('are listed in the order of the plan, in pages, by status', () => {
    const archive = newArchive();
    const { id } = running(archive, 9);
    for (const host of [1, 4, 8]) {
      archive.finishHost(id, host, result());
    }
    const ordinals = (query: Parameters<typeof archive.getHosts>[1]) =>
      archive.getHosts(id, query).map(({ host }) => host);
    expect(ordinals({ after: -1, limit: 4 })).toEqual([0, 1, 2, 3]);
    expect(ordinals({ after: 3, limit: 4 })).toEqual([4, 5, 6, 7]);
    expect(ordinals({ status: ['success'], after: 1, limit: 10 })).toEqual([4, 8]);
    expect(ordinals({ status: ['success', 'running'], after: 5, limit: 2 })).toEqual([6, 7]);
    expect(ordinals({ status: [], after: -1, limit: 10 })).toEqual([]);
  });

  it('are found by what changed, page by page, also when thousands changed at once', () => {
    const archive = newArchive();
    const { id } = start(archive, 1000);
    const other = start(archive, 3);
    const seen = archive.currentRev();
    archive.startHost(id, 500, 1);
    archive.startHost(other.id, 1, 1);
    archive.startHost(id, 3, 1);
    expect(archive.hostsSince(id, seen, 10).map(({ row }) => row.host)).toEqual([500, 3]);
    archive.finishHosts(id, ['pending'], result({ status: 'skipped', reason: 'not-started' }));
    const told: number[] = [];
    for (let rev = seen; ;) {
      const page = archive.hostsSince(id, rev, 100);
      const last = page.at(-1);
      if (!last) {
        break;
      }
      expect(last.rev).toBeGreaterThan(rev);
      told.push(...page.map(({ row }) => row.host));
      rev = last.rev;
    }
    expect(told).toHaveLength(1000);
    expect(new Set(told).size).toBe(1000);
    expect(find(archive, id).rev).toBe(archive.currentRev());
    expect(archive.hostsSince(id, archive.currentRev(), 10)).toEqual([]);
  });

  it('are counted without looking at all of them', () => {
    const folder = testFolder();
    const archive = open(folder);
    const { id } = running(archive, 300);
    const db = behind(folder, { readonly: true });
    for (let host = 0; host < 300; host += 11) {
      archive.finishHost(id, host, result({ status: host % 2 === 0 ? 'success' : 'failed', reason: 'exit-code' }));
      // Another connection sees the counts and the targets agree after every single commit.
      const seen = db
        .prepare<[string], { failed: number; counted: number }>(
          `SELECT p.failed, (SELECT count(*) FROM host_results h WHERE h.run_no = r.no AND h.status = 'failed') AS counted
           FROM runs r JOIN run_progress p ON p.run_no = r.no WHERE r.id = ?`,
        )
        .get(id);
      expect(seen?.failed).toBe(seen?.counted);
    }
  });
});
