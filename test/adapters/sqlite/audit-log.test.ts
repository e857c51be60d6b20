import { describe, expect, it } from 'vitest';
import { actorOf, auditOf, behind, newArchive, open, start, testFolder } from './archive-fixture.ts';

/** Lets a test do what the archive forbids, as somebody with the file in his hands could. */
const unguarded = 'DROP TRIGGER audit_log_frozen; DROP TRIGGER audit_log_chain; DROP TRIGGER audit_log_are_kept;';

function ten(folder: string) {
  const archive = open(folder);
  for (let n = 1; n <= 10; n += 1) {
    archive.recordAudit({ ...auditOf(archive, `act-${n}`), detail: { n, nested: { b: 1, a: [null, 'ü"'] } } });
  }
  return archive;
}

describe('the audit log', () => {
  it('tells who did what to which object, from where and when', () => {
    const folder = testFolder();
    const archive = open(folder, { now: () => 1234 });
    const actor = {
      ...actorOf(archive),
      origin: { transport: 'http' as const, address: '127.0.0.1' },
      sessionId: 's1',
    };
    archive.recordAudit({ actor, action: 'run.cancel', objectType: 'run', objectId: 'r1', detail: { no: 7 } });
    const row = behind(folder, { readonly: true })
      .prepare<[], Record<string, unknown>>('SELECT * FROM audit_log')
      .get();
    expect(row).toMatchObject({
      no: 1,
      team_id: archive.builtIn.teamId,
      created_by: archive.builtIn.userId,
      at: 1234,
      action: 'run.cancel',
      object_type: 'run',
      object_id: 'r1',
      detail: '{"no":7}',
      prev_hash: '',
    });
    expect(JSON.parse(String(row?.['actor']))).toEqual({
      name: 'owner',
      role: 'owner',
      team: 'Default',
      origin: actor.origin,
      sessionId: 's1',
    });
  });

  it('is whole as it was written, also over a restart', () => {
    const folder = testFolder();
    const archive = ten(folder);
    const before = archive.verifyAudit();
    expect(before).toEqual({ rows: 10, head: expect.stringMatching(/^[0-9a-f]{64}$/), brokenAt: null });
    archive.close();
    const again = open(folder);
    expect(again.verifyAudit()).toEqual(before);
    start(again);
    expect(again.verifyAudit()).toMatchObject({ rows: 11, brokenAt: null });
    expect(newArchive().verifyAudit()).toEqual({ rows: 0, head: '', brokenAt: null });
  });

  it.each([
    ['a changed word', `UPDATE audit_log SET action = 'x' WHERE no = 4`, 4],
    ['a changed time', 'UPDATE audit_log SET at = at + 1 WHERE no = 1', 1],
    ['a changed detail', `UPDATE audit_log SET detail = replace(detail, '3', '4') WHERE no = 3`, 3],
    ['a changed actor', `UPDATE audit_log SET created_by = 'x' WHERE no = 10`, 10],
    ['a removed row', 'DELETE FROM audit_log WHERE no = 5', 6],
    ['a removed first row', 'DELETE FROM audit_log WHERE no = 1', 2],
    [
      'two rows that changed places',
      'UPDATE audit_log SET no = 99 WHERE no = 4; UPDATE audit_log SET no = 4 WHERE no = 5; UPDATE audit_log SET no = 5 WHERE no = 99',
      4,
    ],
    [
      'a row put in between',
      `UPDATE audit_log SET no = no + 100 WHERE no > 6;
       INSERT INTO audit_log SELECT 7, 'new', team_id, created_by, at, actor, action, object_type, object_id, detail, prev_hash, hash
       FROM audit_log WHERE no = 6`,
      7,
    ],
    ['a tail that was cut off', 'DELETE FROM audit_log WHERE no > 8', 9],
    ['a log that was emptied', 'DELETE FROM audit_log', 1],
  ])('shows %s', (_what, sql, brokenAt) => {
    const folder = testFolder();
    const archive = ten(folder);
    behind(folder).exec(`${unguarded} ${sql}`);
    expect(archive.verifyAudit().brokenAt).toBe(brokenAt);
  });

  it('lets nothing happen that it cannot tell about', () => {
    const folder = testFolder();
    const archive = open(folder);
    const { id } = start(archive);
    behind(folder).exec(
      `CREATE TRIGGER no_audit BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'no audit'); END`,
    );
    const move = () => archive.moveRun(id, 'pending', { status: 'running', phase: 'running' }, auditOf(archive));
    expect(move).toThrow('no audit');
    expect(() => start(archive)).toThrow('no audit');
    expect(archive.getDetail(id).run.status).toBe('pending');
    expect(archive.countLive()).toBe(1);
  });
});
