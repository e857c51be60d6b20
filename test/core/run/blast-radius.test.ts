import { describe, expect, it } from 'vitest';
import type { Target } from '#contract/target';
import { blastRadius, type BlastSources } from '#core/run/blast-radius';
import { freezeHosts } from '#core/run/freeze-hosts';
import { localTarget } from '#core/target/select-targets';
import { plainAccount, targetsNamed } from '../../support/fakes/engine-rig.ts';

const local = localTarget('node-1', 'linux');
const key = { id: 'c1', name: 'deploy key', kind: 'key', user: null, become: null } as const;

/** Of a start on `targets`, while `known` are all there are. */
function radius(targets: readonly Target[], { known = targets, ...some }: Partial<BlastSources> = {}) {
  const sources = { addresses: [], known, login: undefined, account: plainAccount, credentials: [key] };
  const hosts = freezeHosts({ targets, ...sources });
  return blastRadius({ hosts, known, credentials: [key], options: {}, ...some });
}

describe('the blast radius of a start', () => {
  it('counts accounts by where their secrets come from, the most frequent first', () => {
    const [one, other, ...rest] = targetsNamed(5).map((target) => ({ ...target, become: { user: 'www' } }));
    const special = [one, other].flatMap((target) => (target ? [{ ...target, credentialId: 'c1', user: 'ada' }] : []));
    const { logins, runAs, moreLogins } = radius([local, ...special, ...rest]);
    expect(logins).toEqual([
      { user: 'root', by: 'account', credential: null, count: 3 },
      { user: 'ada', by: 'stored', credential: 'deploy key', count: 2 },
      { user: '', by: 'local', credential: null, count: 1 },
    ]);
    expect(runAs).toEqual([{ user: 'www', count: 5 }]);
    expect(moreLogins).toBe(0);
  });

  it('counts targets under maintenance', () => {
    const targets = targetsNamed(4).map((target, n) => ({ ...target, maintenance: n === 3 }));
    expect(radius(targets).maintenance).toBe(1);
  });

  it('knows every saved target from all but one, and asks for no target that rests', () => {
    const known = [local, ...targetsNamed(4)];
    const resting = known.map((target) => (target.name === 't3' ? { ...target, maintenance: true } : target));
    expect(radius(known.slice(1), { known }).everyTarget).toBe(true);
    expect(radius(known.slice(1, 4), { known }).everyTarget).toBe(false);
    expect(radius(resting.slice(1, 4), { known: resting }).everyTarget).toBe(true);
    expect(radius([local], { known: [local] }).everyTarget).toBe(false);
    expect(radius(targetsNamed(1)).everyTarget).toBe(false);
  });

  it('stays small, however many targets and accounts there are', () => {
    const targets = targetsNamed(3_000).map((target, n) => ({ ...target, user: `user${n}` }));
    const found = radius(targets, { options: { batches: ['1'] } });
    expect(found.logins).toHaveLength(8);
    expect(found.moreLogins).toBe(2_992);
    expect(found.batches).toEqual({ sizes: Array.from({ length: 12 }, () => 1), count: 3_000 });
    expect(JSON.stringify(found).length).toBeLessThan(2_000);
  });

  it('says the batches as they will be', () => {
    expect(radius(targetsNamed(25), { options: { batches: ['1', '10%', '50%'] } }).batches).toEqual({
      sizes: [1, 3, 13, 8],
      count: 4,
    });
    expect(radius(targetsNamed(25)).batches).toEqual({ sizes: [25], count: 1 });
  });
});
