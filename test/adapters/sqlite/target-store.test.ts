import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Target } from '#contract/target';
import type { Archive } from '#core/ports';
import type { NewTarget } from '#core/ports-reach';
import {
  auditOf,
  behind,
  bothArchives,
  find,
  forbidAudit,
  newArchive,
  newTarget,
  open,
  refusal,
  start,
  testFolder,
} from './archive-fixture.ts';

/** One that has something in every field. */
const full = (archive: Archive): NewTarget =>
  newTarget(archive, {
    name: 'Web 1.example',
    address: '2001:db8::1',
    port: 2222,
    os: 'windows',
    connection: 'ansible',
    user: String.raw`CORP\anna`,
    credentialId: 'credential-1',
    jump: [
      { address: 'bastion', port: 22, user: null, credentialId: null },
      { address: '192.0.2.9', port: 2200, user: 'jump', credentialId: 'credential-2' },
    ],
    become: { user: 'root' },
    tags: ['web', 'prod/eu'],
    attributes: { rack: 'r1', note: 'ü "quoted" \n' },
    maintenance: true,
    weakAlgorithms: true,
  });

const create = (archive: Archive, more: Partial<NewTarget> = {}): Target =>
  archive.createTarget(newTarget(archive, more), auditOf(archive, 'target.create'));

const list = (archive: Archive): Target[] => archive.listTargets(archive.builtIn.teamId);

const change = (archive: Archive, target: Target, fields: Partial<NewTarget>): Target | undefined =>
  archive.updateTarget(target.id, { rev: target.rev, fields, at: 9 }, auditOf(archive, 'target.update'));

describe.each(bothArchives)('%s keeps targets, which', (_which, newOne) => {
  it('come back with every field as it was given', () => {
    const { archive } = newOne();
    const { teamId: _team, createdBy: _by, at, ...fields } = full(archive);
    const created = archive.createTarget(full(archive), auditOf(archive));
    expect(created).toEqual({
      ...fields,
      id: created.id,
      no: 2,
      facts: {},
      lastReach: null,
      createdAt: at,
      updatedAt: at,
      rev: 1,
    });
    const plain = create(archive, { name: 'plain' });
    expect(list(archive)).toEqual([created, plain]);
    expect(list(archive).map((target) => Target.parse(target))).toEqual([created, plain]);
    expect(archive.listTargets('another team')).toEqual([]);
  });

  it('are numbered from 2 on, and a number is never given again', () => {
    const { archive } = newOne();
    const [one, two] = [create(archive, { name: 'one' }), create(archive, { name: 'two' })];
    expect([one.no, two.no]).toEqual([2, 3]);
    archive.removeTargets(archive.builtIn.teamId, [two.id], auditOf(archive));
    expect(create(archive, { name: 'two' }).no).toBe(4);
  });

  it('are changed field by field', () => {
    const { archive } = newOne();
    let target = create(archive);
    const whole = full(archive);
    const { id: _id, teamId: _team, createdBy: _by, at: _at, ...fields } = whole;
    for (const [name, value] of Object.entries(fields)) {
      const next = change(archive, target, { [name]: value });
      expect(next, name).toEqual({ ...target, [name]: value, updatedAt: 9, rev: target.rev + 1 });
      target = next ?? target;
    }
    expect(target).toMatchObject(fields);
    expect(list(archive)).toEqual([target]);
    const emptied = change(archive, target, { user: null, credentialId: null, become: null, jump: [], attributes: {} });
    expect(emptied).toMatchObject({ user: null, credentialId: null, become: null, jump: [], attributes: {} });
  });

  it('are not changed by who has seen an older revision, or none', () => {
    const { archive, auditRows } = newOne();
    const target = create(archive);
    change(archive, target, { port: 23 });
    expect(change(archive, target, { port: 24 })).toBeUndefined();
    expect(change(archive, { ...target, id: randomUUID() }, { port: 24 })).toBeUndefined();
    expect(list(archive)).toMatchObject([{ port: 23, rev: 2 }]);
    expect(auditRows()).toBe(2);
  });

  it('stay as they are when a change changes nothing', () => {
    const { archive, auditRows } = newOne();
    const target = create(archive, { attributes: { a: '1', b: '2' }, tags: ['x', 'y'] });
    expect(change(archive, target, { port: 22, attributes: { b: '2', a: '1' }, tags: ['x', 'y'] })).toEqual(target);
    expect(change(archive, target, {})).toEqual(target);
    expect(auditRows()).toBe(1);
    expect(change(archive, target, { tags: ['y', 'x'] })?.rev).toBe(2);
    expect(auditRows()).toBe(2);
  });

  it('have names of their own in their team, whatever their case', () => {
    const { archive, auditRows } = newOne();
    const [one, two] = [create(archive, { name: 'Web-1' }), create(archive, { name: 'web-2' })];
    const taken = refusal(() => create(archive, { name: 'WEB-1' }));
    expect(taken.code).toBe('name-taken');
    expect(taken.message).toBe('The name WEB-1 is taken by the target Web-1 at 192.0.2.1: choose another name');
    expect(taken.detail).toEqual({ name: 'WEB-1', id: one.id, no: one.no });
    expect(refusal(() => change(archive, two, { name: 'web-1' })).code).toBe('name-taken');
    expect(list(archive)).toEqual([one, two]);
    expect(auditRows()).toBe(2);
    expect(change(archive, one, { name: 'WEB-1' })).toMatchObject({ name: 'WEB-1', rev: 2 });
    archive.removeTargets(archive.builtIn.teamId, [one.id], auditOf(archive));
    expect(change(archive, two, { name: 'web-1' })).toMatchObject({ name: 'web-1' });
  });

  it('are removed together, once, by their own team only, with one audit row', () => {
    const { archive, auditRows } = newOne();
    const [one, two, three] = ['one', 'two', 'three'].map((name) => create(archive, { name }).id) as [
      string,
      string,
      string,
    ];
    expect(archive.removeTargets('another team', [one, two], auditOf(archive))).toBe(0);
    expect(archive.removeTargets(archive.builtIn.teamId, [one, three, three, 'nobody'], auditOf(archive))).toBe(2);
    expect(archive.removeTargets(archive.builtIn.teamId, [one], auditOf(archive))).toBe(0);
    expect(list(archive).map(({ id }) => id)).toEqual([two]);
    expect(auditRows()).toBe(4);
  });

  it('remember when they were last reached, which is no change by a person', () => {
    const { archive, auditRows } = newOne();
    const [one, two] = [create(archive, { name: 'one' }), create(archive, { name: 'two' })];
    const good = { at: 5, ok: true, reason: null, message: '' };
    const bad = { at: 6, ok: false, reason: 'unreachable', message: 'No route to host' };
    archive.saveReached([
      { targetId: one.id, reached: good },
      { targetId: two.id, reached: bad },
      { targetId: 'one that is gone', reached: bad },
    ]);
    archive.saveReached([]);
    expect(list(archive)).toEqual([
      { ...one, lastReach: good },
      { ...two, lastReach: bad },
    ]);
    archive.saveReached([{ targetId: two.id, reached: good }]);
    expect(change(archive, two, { port: 23 })).toMatchObject({ lastReach: good, rev: 2 });
    expect(auditRows()).toBe(3);
  });

  it('are written all or not at all when they are written together', () => {
    const { archive, auditRows } = newOne();
    const one = create(archive, { name: 'one' });
    const act = () =>
      archive.together(() => {
        change(archive, one, { port: 23 });
        create(archive, { name: 'two' });
        create(archive, { name: 'ONE' });
      });
    expect(refusal(act).code).toBe('name-taken');
    expect(list(archive)).toEqual([one]);
    expect(auditRows()).toBe(1);
    expect(create(archive, { name: 'two' }).no).toBe(one.no + 1);
  });

  it('may be ten thousand', () => {
    const { archive } = newOne();
    archive.together(() => {
      for (let n = 0; n < 10_000; n += 1) {
        create(archive, { name: `web-${n}`, tags: ['web', `rack-${n % 40}`], attributes: { n: String(n) } });
      }
    });
    const all = list(archive);
    expect(all).toHaveLength(10_000);
    expect(all.map(({ no }) => no)).toEqual(Array.from({ length: 10_000 }, (_, at) => at + 2));
    expect(all.at(-1)).toMatchObject({ name: 'web-9999', tags: ['web', 'rack-39'], attributes: { n: '9999' } });
    const ids = all.slice(1).map(({ id }) => id);
    expect(archive.removeTargets(archive.builtIn.teamId, ids, auditOf(archive))).toBe(9_999);
  });
});

describe('a stored target', () => {
  it('is there after a restart, and numbers go on where they stood', () => {
    const folder = testFolder();
    const archive = open(folder);
    const [one, two] = [create(archive, { name: 'one' }), create(archive, { name: 'two' })];
    archive.saveReached([{ targetId: one.id, reached: { at: 5, ok: true, reason: null, message: '' } }]);
    archive.removeTargets(archive.builtIn.teamId, [two.id], auditOf(archive));
    archive.close();
    const again = open(folder);
    expect(list(again)).toEqual([{ ...one, lastReach: { at: 5, ok: true, reason: null, message: '' } }]);
    expect(create(again, { name: 'three' }).no).toBe(two.no + 1);
  });

  it('changes only together with its audit row', () => {
    const folder = testFolder();
    const archive = open(folder);
    const target = create(archive);
    forbidAudit(folder);
    expect(() => create(archive, { name: 'another' })).toThrow('no audit');
    expect(() => change(archive, target, { port: 23 })).toThrow('no audit');
    expect(() => archive.removeTargets(archive.builtIn.teamId, [target.id], auditOf(archive))).toThrow('no audit');
    expect(list(archive)).toEqual([target]);
    archive.saveReached([{ targetId: target.id, reached: { at: 5, ok: true, reason: null, message: '' } }]);
    expect(list(archive)).toMatchObject([{ lastReach: { at: 5 } }]);
  });

  it('leaves the runs that were done on it as they were when it is removed', () => {
    const archive = newArchive();
    const target = create(archive);
    const run = start(archive, 3);
    const plan = archive.getPlan(run.id);
    archive.removeTargets(archive.builtIn.teamId, [target.id], auditOf(archive));
    expect(archive.getPlan(run.id)).toEqual(plan);
    expect(find(archive, run.id)).toEqual(run);
  });

  it('is not taken for another one when its row is damaged', () => {
    const folder = testFolder();
    const archive = open(folder);
    create(archive);
    const db = behind(folder);
    db.pragma('ignore_check_constraints = ON');
    db.exec(`UPDATE targets SET jump = '['`);
    expect(refusal(() => list(archive)).code).toBe('archive-corrupt');
  });
});
