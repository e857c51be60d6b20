import { beforeEach, describe, expect, it } from 'vitest';
import { type Target, TargetFields } from '#contract/target';
import type { Actor } from '#core/ports';
import { localTarget } from '#core/target/select-targets';
import { TargetService } from '#core/target/target-service';
import { anna, refusalOf } from '../../support/fakes/engine-rig.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';
import { MemoryArchive, noSpaceFor } from '../../support/fakes/memory-archive.ts';

const local = localTarget('node-1', 'linux');
const fieldsOf = (fields: Partial<TargetFields>): TargetFields =>
  TargetFields.parse({ name: 'w', address: 'w', ...fields });

let archive: MemoryArchive;
let service: TargetService;
/** How often all targets were read. */
let reads: number;

beforeEach(() => {
  reads = 0;
  archive = new MemoryArchive();
  let ids = 0;
  const next = (): string => {
    ids += 1;
    return `id-${ids}`;
  };
  const store: ConstructorParameters<typeof TargetService>[0]['store'] = {
    createTarget: (target, audit) => archive.createTarget(target, audit),
    updateTarget: (id, change, audit) => archive.updateTarget(id, change, audit),
    removeTargets: (teamId, all, audit) => archive.removeTargets(teamId, all, audit),
    saveReached: (all) => archive.saveReached(all),
    listCredentials: (teamId) => archive.listCredentials(teamId),
    together: (act) => archive.together(act),
    listTargets: (teamId) => {
      reads += 1;
      return archive.listTargets(teamId);
    },
  };
  service = new TargetService({ store, clock: new FakeClock(), ids: { next }, local });
});

const create = (fields: Partial<TargetFields> = {}, actor: Actor = anna): Target =>
  service.create(fieldsOf(fields), actor);
const lastAudit = () => archive.audits.at(-1);

function addCredential(id: string, teamId = anna.teamId): void {
  const credential: Parameters<MemoryArchive['createCredential']>[0] = {
    id,
    teamId,
    name: id,
    kind: 'password',
    user: null,
    become: null,
    publicKey: null,
    fingerprint: null,
    holds: [],
    sealed: new Uint8Array(),
    createdAt: 0,
    updatedAt: 0,
    createdBy: 'user-1',
  };
  const audit = { actor: anna, action: 'credential.create', objectType: 'credential', objectId: id, detail: {} };
  archive.createCredential(credential, audit);
}

describe('the targets of a team', () => {
  it('are the built-in one and those that are stored, of this team only', () => {
    create({ name: 'a' });
    create({ name: 'b' }, { ...anna, teamId: 'team-2' });
    expect(service.all('team-1').map(({ name }) => name)).toEqual(['local', 'a']);
    expect(service.all('team-2').map(({ name }) => name)).toEqual(['local', 'b']);
  });

  it('are read again only when something has changed', () => {
    const target = create();
    for (let n = 0; n < 100; n += 1) {
      service.all('team-1');
    }
    expect(reads).toBe(1);
    service.update({ id: target.id, rev: 1, change: { port: 2222 } }, anna);
    expect(service.all('team-1')[1]?.port).toBe(2222);
    service.remove([target.id], anna);
    expect(service.all('team-1')).toEqual([local]);
    expect(reads).toBe(3);
  });

  it('show new reachability without being read again', () => {
    const target = create();
    service.all('team-1');
    const reached = { at: 5, ok: false, reason: 'unreachable', message: 'No route' };
    service.saveReached(
      new Map([
        [target.id, reached],
        [local.id, reached],
      ]),
    );
    expect(service.all('team-1').map(({ lastReach }) => lastReach)).toEqual([null, reached]);
    expect(archive.listTargets('team-1')[0]?.lastReach).toEqual(reached);
    expect(reads).toBe(1);
  });

  it('are listed in pages by number, with the count of all that the query finds', () => {
    for (let n = 0; n < 5; n += 1) {
      create({ name: `t${n}`, tags: n % 2 ? ['odd'] : [] });
    }
    const names: string[] = [];
    let after: number | null = 0;
    while (after !== null) {
      const page: ReturnType<TargetService['list']> = service.list({ query: ' ', after, limit: 2 }, anna);
      expect(page.total).toBe(6);
      names.push(...page.targets.map(({ name }) => name));
      after = page.next;
    }
    expect(names).toEqual(['local', 't0', 't1', 't2', 't3', 't4']);
    expect(service.list({ query: 'tag:odd', after: 0, limit: 10 }, anna)).toMatchObject({ total: 2, next: null });
    expect(refusalOf(() => service.list({ query: 'tga:odd', after: 0, limit: 10 }, anna)).code).toBe('bad-selector');
  });

  it('are found by id, number and name', () => {
    const target = create({ name: 'Web1' });
    for (const key of [target.id, `#${target.no}`, String(target.no), 'Web1', 'web1']) {
      expect(service.get(key, anna)).toEqual(target);
    }
    expect(service.get('local', anna)).toBe(local);
    expect(refusalOf(() => service.get('nowhere', anna)).code).toBe('not-found');
    expect(refusalOf(() => service.get('Web1', { ...anna, teamId: 'team-2' })).code).toBe('not-found');
  });
});

describe('a change of a target', () => {
  it('is refused with the present revision when it is based on an older one', () => {
    const { id } = create();
    service.update({ id, rev: 1, change: { port: 1 } }, anna);
    const refusal = refusalOf(() => service.update({ id, rev: 1, change: { port: 2 } }, anna));
    expect(refusal).toMatchObject({ code: 'changed-meanwhile', detail: { rev: 2 } });
    expect(service.find(id, anna)?.port).toBe(1);
  });

  it('changes what it names and nothing else', () => {
    const before = create({ name: 'a', port: 2222, tags: ['x'], user: 'deploy' });
    const after = service.update({ id: before.id, rev: 1, change: { maintenance: true, tags: ['x'] } }, anna);
    expect(after).toMatchObject({ ...before, maintenance: true, rev: 2, updatedAt: after.updatedAt });
    expect(lastAudit()).toMatchObject({
      action: 'target.update',
      objectId: before.id,
      detail: { changed: ['maintenance'] },
    });
    expect(service.update({ id: before.id, rev: 2, change: { tags: ['x'] } }, anna).rev).toBe(2);
  });

  it.each([
    { address: 'evil.example.com' },
    { port: 2222 },
    { jump: [{ address: 'g', port: 22, user: null, credentialId: null }] },
  ])('to %o lets go of the stored secret, and says so', (change) => {
    addCredential('c1');
    const { id } = create({ credentialId: 'c1' });
    expect(service.update({ id, rev: 1, change }, anna).credentialId).toBeNull();
    expect(lastAudit()?.detail).toMatchObject({ letGoOfCredential: 'c1' });
  });

  it('keeps the secret when it names it again, or when the target is not moved', () => {
    addCredential('c1');
    const { id } = create({ credentialId: 'c1' });
    expect(service.update({ id, rev: 1, change: { address: 'v', credentialId: 'c1' } }, anna).credentialId).toBe('c1');
    expect(service.update({ id, rev: 2, change: { address: 'v', user: 'u' } }, anna).credentialId).toBe('c1');
  });

  it('takes credentials of the team only, for login and on the way', () => {
    addCredential('c1');
    addCredential('c2', 'team-2');
    expect(refusalOf(() => create({ credentialId: 'c2' })).code).toBe('unknown-credential');
    const jump = [{ address: 'g', port: 22, user: null, credentialId: 'c2' }];
    expect(refusalOf(() => create({ jump })).code).toBe('unknown-credential');
    const { id } = create({ credentialId: 'c1' });
    expect(refusalOf(() => service.update({ id, rev: 1, change: { jump } }, anna)).code).toBe('unknown-credential');
    expect(service.find(id, anna)?.jump).toEqual([]);
  });

  it('takes no name twice, nor that of the built-in target', () => {
    create({ name: 'a' });
    const { id } = create({ name: 'b' });
    expect(refusalOf(() => create({ name: 'A' })).code).toBe('name-taken');
    expect(refusalOf(() => service.update({ id, rev: 1, change: { name: 'a' } }, anna)).code).toBe('name-taken');
    expect(refusalOf(() => create({ name: 'Local' })).code).toBe('name-taken');
  });

  it('never reaches the built-in target or one of another team', () => {
    const { id } = create({}, { ...anna, teamId: 'team-2' });
    expect(refusalOf(() => service.update({ id: local.id, rev: 0, change: { port: 1 } }, anna)).code).toBe('bad-input');
    expect(refusalOf(() => service.update({ id, rev: 1, change: { port: 1 } }, anna)).code).toBe('not-found');
    expect(service.remove([id], anna)).toBe(0);
  });
});

describe('maintenance of many targets', () => {
  it('changes those that differ, each with its own audit row, whatever else was changed about them', () => {
    const [a, b, c] = [create({ name: 'a' }), create({ name: 'b', maintenance: true }), create({ name: 'c' })];
    service.update({ id: a.id, rev: 1, change: { port: 2222 } }, anna);
    const audits = archive.audits.length;
    expect(service.maintain({ ids: [a.id, b.id, 'gone'], maintenance: true }, anna)).toBe(1);
    expect(service.all('team-1').map(({ maintenance }) => maintenance)).toEqual([false, true, true, false]);
    expect(service.find(c.id, anna)?.rev).toBe(1);
    expect(archive.audits.slice(audits)).toMatchObject([
      { action: 'target.update', objectId: a.id, detail: { name: 'a', changed: ['maintenance'] } },
    ]);
  });

  it('changes none when the built-in target is among them', () => {
    const target = create({ name: 'a' });
    const refused = refusalOf(() => service.maintain({ ids: [target.id, local.id], maintenance: true }, anna));
    expect(refused.code).toBe('bad-input');
    expect(service.find(target.id, anna)?.maintenance).toBe(false);
  });
});

describe('removing targets', () => {
  it('counts those that were there, with one audit row that names them', () => {
    const [a, b] = [create({ name: 'a' }), create({ name: 'b' })];
    expect(service.remove([a.id, b.id, a.id, 'gone'], anna)).toBe(2);
    expect(lastAudit()).toMatchObject({ action: 'target.remove', detail: { targets: [{ name: 'a' }, { name: 'b' }] } });
  });

  it('removes none when the built-in target is among them', () => {
    const { id } = create();
    expect(refusalOf(() => service.remove([id, local.id], anna)).code).toBe('bad-input');
    expect(service.find(id, anna)).toBeDefined();
  });
});

describe('an import', () => {
  const text = 'Host a\n HostName 10.0.0.1\nHost b\nHost bad\n Port x\n';
  const request = { text, format: 'auto', defaults: {}, apply: false } as const;

  it('changes nothing until it is applied, and then does what the preview showed', () => {
    create({ name: 'a', address: 'old' });
    const shown = service.import(request, anna);
    expect(shown.rows.map(({ kind }) => kind)).toEqual(['changed', 'new', 'invalid']);
    expect(shown.written).toBe(0);
    expect(service.all('team-1')).toHaveLength(2);
    const done = service.import({ ...request, apply: true }, anna);
    expect(done).toEqual({ ...shown, written: 2, created: ['id-2'] });
    expect(service.all('team-1').map(({ name, address }) => [name, address])).toEqual([
      ['local', 'This machine'],
      ['a', '10.0.0.1'],
      ['b', 'b'],
    ]);
    expect(archive.audits.slice(1).map(({ action }) => action)).toEqual(['target.import', 'target.import']);
    expect(service.import({ ...request, apply: true }, anna).written).toBe(0);
  });

  it('writes all or nothing', () => {
    let writes = 0;
    archive.failure = (name) => {
      writes += name === 'createTarget' ? 1 : 0;
      return writes === 2 ? noSpaceFor()(name) : undefined;
    };
    expect(refusalOf(() => service.import({ ...request, apply: true }, anna)).code).toBe('no-space');
    expect(service.all('team-1')).toEqual([local]);
    expect(archive.audits).toEqual([]);
  });

  it('takes a credential of the team only', () => {
    const withCredential = { ...request, apply: true, defaults: { credentialId: 'c9' } };
    expect(refusalOf(() => service.import(withCredential, anna)).code).toBe('unknown-credential');
    expect(service.all('team-1')).toEqual([local]);
  });
});
