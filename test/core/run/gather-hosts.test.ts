import { describe, expect, it } from 'vitest';
import { RunLogin } from '#contract/run';
import { gatherHosts, selectorText } from '#core/run/gather-hosts';
import { anna, EngineRig, plainAccount, refusalOf, requestFor, targetsNamed } from '../../support/fakes/engine-rig.ts';

const login = (some: object) => RunLogin.parse(some);
const ofTeam = (teamId: string) => ({ ...anna, teamId });

describe('where a run shall go', () => {
  const hosts = gatherHosts({
    targets: (teamId) => (teamId === anna.teamId ? targetsNamed(3) : []),
    credentials: () => [],
    account: plainAccount,
  });

  it('is what the selector finds, then the addresses', () => {
    const chosen = hosts.choose({ targets: 't1,t0', addresses: '10.9.9.9 10.0.0.2', login: undefined }, anna);
    expect(chosen.map(({ name, targetId }) => [name, targetId])).toEqual([
      ['t0', 'target-0'],
      ['t1', 'target-1'],
      ['10.9.9.9', null],
      ['t2', 'target-2'],
    ]);
  });

  it('is never everything because nothing was said, and never another team’s', () => {
    expect(refusalOf(() => hosts.choose({ targets: ' ', addresses: ' ', login: undefined }, anna)).code).toBe(
      'no-targets',
    );
    expect(
      refusalOf(() => hosts.choose({ targets: 't0', addresses: '', login: undefined }, ofTeam('other'))).code,
    ).toBe('unknown-target');
  });

  it('is written down in words of a bounded length', () => {
    expect(selectorText(' tag:web ', '10.0.0.1\n10.0.0.2')).toBe('tag:web 10.0.0.1 10.0.0.2');
    expect(selectorText('', 'x'.repeat(50_000)).length).toBeLessThan(10_100);
  });
});

describe('a run by address that is run again', () => {
  const started = async (given?: object) => {
    const rig = new EngineRig();
    const request = { ...requestFor(''), addresses: '10.9.9.9:2222 10.0.0.1', ...(given && { login: login(given) }) };
    const { id } = rig.runs.start(request, anna);
    await rig.end(id);
    return { rig, id };
  };

  it('goes the same way, and to saved targets as they are stored now', async () => {
    const { rig, id } = await started();
    rig.targets = rig.targets.map((target) => ({ ...target, port: 2200 }));
    const again = rig.runs.rerun({ run: id, hosts: 'all' }, anna);
    expect(rig.archive.getPlan(again.id).map(({ address, reach }) => [address, reach?.port])).toEqual([
      ['10.9.9.9', 2222],
      ['10.0.0.1', 2200],
    ]);
  });

  it('needs the key again that was given and not stored', async () => {
    const { rig, id } = await started({ password: 'once' });
    const { code, message } = refusalOf(() => rig.runs.rerun({ run: id, hosts: 'all' }, anna));
    expect(code).toBe('unknown-credential');
    expect(message).toContain('10.9.9.9');
    const again = rig.runs.rerun({ run: id, hosts: [0], login: login({ password: 'twice', user: 'root' }) }, anna);
    const [host] = rig.archive.getPlan(again.id);
    expect(host?.reach).toMatchObject({ user: 'root', port: 2222, login: { kind: 'given' } });
    expect(JSON.stringify(rig.archive.getDetail(again.id))).not.toContain('twice');
  });

  it('keeps what was given in memory until it has ended, and no longer', async () => {
    const { rig, id } = await started({ password: 'once' });
    expect(rig.given).toEqual([]);
    const next = rig.runs.start({ ...requestFor(1), login: login({ password: 'x' }) }, anna);
    expect(rig.given).toEqual([next.id]);
    rig.runs.cancel(next.id, anna);
    expect(rig.given).toEqual([]);
    expect(rig.run(id).status).toBe('success');
  });
});
