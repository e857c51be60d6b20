import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DroverError } from '#contract/errors';
import { Target, TargetFields } from '#contract/target';
import { localTarget, searchTargets, selectTargets } from '#core/target/select-targets';
import { refusalOf } from '../../support/fakes/engine-rig.ts';

const target = (no: number, name: string, some: Partial<Target> = {}): Target => ({
  ...TargetFields.parse({ name, address: `10.0.0.${no}` }),
  id: `0198c0de-0000-7000-8000-${String(no).padStart(12, '0')}`,
  no,
  facts: {},
  lastReach: null,
  createdAt: 17,
  updatedAt: 17,
  rev: 1,
  ...some,
});

const reached = (ok: boolean, reason: string | null) => ({ at: 17, ok, reason, message: '' });
const local = localTarget('node-1', 'linux');
const targets: readonly Target[] = [
  local,
  target(1, 'web1', {
    tags: ['web', 'canary'],
    user: 'anna',
    attributes: { site: 'fra1' },
    lastReach: reached(true, null),
  }),
  target(2, 'web2', { tags: ['web'], port: 2222, lastReach: reached(false, 'auth-failed') }),
  target(3, 'db 3', { tags: ['db'], address: '2001:db8::3', os: 'windows', credentialId: 'cred-1' }),
  target(4, 'gate', { address: 'gate.example.com', connection: 'ansible', facts: { 'os.name': 'Debian' } }),
  target(5, 'web5', { tags: ['web'], maintenance: true }),
];
const web1 = String(targets[1]?.id);

const names = (found: readonly Target[]): string[] => found.map(({ name }) => name);
const selected = (selector: string): string[] => names(selectTargets(selector, targets));
const refusal = (selector: string): DroverError => refusalOf(() => selectTargets(selector, targets));
const all = ['web1', 'web2', 'db 3', 'gate'];

describe('a selector', () => {
  it.each<[string, string[]]>([
    ['web1', ['web1']],
    ['WEB1', ['web1']],
    ['web2, web1,\n#1，10.0.0.1', ['web1', 'web2']],
    ['"db 3"', ['db 3']],
    [web1, ['web1']],
    ['#2', ['web2']],
    ['10.0.0.2', ['web2']],
    ['10.0.0.0/28', ['web1', 'web2']],
    ['10.0.0.[2-9]', ['web2']],
    ['2001:DB8:0::3', ['db 3']],
    ['GATE.example.com', ['gate']],
    ['web[1-2]', ['web1', 'web2']],
    ['*', all],
    ['web*', ['web1', 'web2']],
    ['/WEB[12]/', ['web1', 'web2']],
    ['* !tag:canary', ['web2', 'db 3', 'gate']],
    ['* !web1,gate', ['web2', 'db 3']],
    ['tag:web !web1', ['web2']],
    ['tag:web,db os:linux', ['web1', 'web2']],
    ['name:gate', ['gate']],
    ['ip:10.0.*', ['web1', 'web2']],
    ['mode:ssh', ['web1', 'web2', 'db 3']],
    ['connection:Ansible', ['gate']],
    ['user:anna', ['web1']],
    ['port:2222', ['web2']],
    ['credential:cred-1', ['db 3']],
    ['attr.site:fra*', ['web1']],
    ['fact.os.name:debian', ['gate']],
    ['no:1,#2', ['web1', 'web2']],
    [`id:${web1}`, ['web1']],
    ['reach:ok', ['web1']],
    ['reach:failed', ['web2']],
    ['reach:auth-failed', ['web2']],
    ['reach:never', ['db 3', 'gate']],
    ['maintenance:no', all],
  ])('%j finds exactly its targets, in their order', (selector, expected) => {
    expect(selected(selector)).toEqual(expected);
  });

  it('gives each target once, in the order of the targets, whatever the order and number of its names', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1 }), (chosen) => {
        const words = chosen.map((index) => (index % 2 ? `"${targets[index]?.name}"` : `#${index}`));
        expect(selected(words.join(','))).toEqual(names(targets.filter((_, index) => chosen.includes(index))));
      }),
    );
  });

  it('means only the target that is spelled just like it, where names differ in case alone', () => {
    const twins = [target(1, 'web'), target(2, 'WEB'), target(3, 'Web')];
    expect(names(selectTargets('WEB', twins))).toEqual(['WEB']);
    expect(names(selectTargets('* !web', twins))).toEqual(['WEB', 'Web']);
    expect(names(selectTargets('wEB', twins))).toEqual(['web', 'WEB', 'Web']);
  });

  it('never means all when it names nothing', () => {
    for (const empty of ['', ' ', ',', ' ， \n', '\u3000']) {
      expect(refusal(empty)).toMatchObject({
        code: 'no-targets',
        message: expect.stringContaining('No targets were named'),
      });
    }
    for (const negations of ['!tag:canary', '!web1 !web2', '!maintenance:no']) {
      expect(refusal(negations)).toMatchObject({
        code: 'bad-selector',
        message: expect.stringContaining("'*' is all"),
      });
    }
  });

  it('that matches nothing is refused, saying which and why', () => {
    expect(refusal('port:9')).toMatchObject({ code: 'no-targets', message: "No target matches 'port:9'" });
    expect(refusal('x*').message).toBe("No target matches 'x*'");
    expect(refusal('web1 web2').message).toContain('part names by commas');
    expect(refusal('attr.toString:*').code).toBe('no-targets');
    expect(refusal(`attr.x:${'x'.repeat(10_000)}`).message.length).toBeLessThan(200);
  });

  it('is refused when no target has one of its tags, also where that was meant for a name or to leave something out', () => {
    expect(refusal('tag:nowhere').code).toBe('unknown-target');
    expect(refusal('* !tag:nowhere').message).toMatch(/^No target has the tag 'nowhere'; the nearest tags are /);
    expect(refusal('tag:web,web2').message).toMatch(/'web2'; it is the name of a target, but a comma goes on with/);
  });

  it('is refused as a whole when one of its names is no target, and gives the nearest names', () => {
    expect(refusal('web1,wbe2')).toMatchObject({
      code: 'unknown-target',
      message: "No target 'wbe2'; the nearest names are web2, web1, web5, db 3, gate",
      detail: { unknown: ['wbe2'], nearest: ['web2', 'web1', 'web5', 'db 3', 'gate'] },
    });
    expect(refusal('web[1-9]').message).toContain("'web3'; ");
    expect(refusal('web[1-4] x,Y').message).toContain("Unknown as well: 'web4', 'x', 'Y'");
    expect(refusal(Array.from({ length: 9 }, (_, index) => `x${index}`).join(',')).message).toContain(
      "'x5' and 3 more",
    );
    for (const unknown of ['#9', 'name:web9', 'id:web1', 'no:9', '10.0.0.9', '"#1"', 'name:#1', '"This machine"']) {
      expect(refusal(unknown).code).toBe('unknown-target');
      expect(refusal(`* !${unknown}`).code).toBe('unknown-target');
    }
    expect(refusal('x'.repeat(10_000)).message.length).toBeLessThan(300);
    expect(refusalOf(() => selectTargets('web1', [])).message).toContain('no target is saved yet');
  });

  it.each([
    'tga:web',
    '* !oss:linux',
    '* !os:widnows',
    '* !reach:faild',
    '* !connection:shh',
    'web1,tag:web',
    'maintenance:maybe',
  ])('%j is refused before anything is found', (selector) => {
    expect(refusal(selector).code).toBe('bad-selector');
  });

  it('never grows by an exclusion, mistyped or not', () => {
    const positive = fc.constantFrom('*', 'web*', 'tag:web', 'web1,gate', 'local', 'maintenance:yes,no', '10.0.0.0/24');
    const word = fc.oneof(
      fc.constantFrom(
        'web1',
        'wbe1',
        'local',
        'lcoal',
        '#1',
        '#99',
        'tag:web',
        'os:linux',
        'maintenance:yes',
        'web*',
        'connection:local',
      ),
      fc.stringMatching(/^[a-z0-9]{1,6}$/),
    );
    fc.assert(
      fc.property(positive, word, (base, excluded) => {
        const before = selected(base);
        try {
          const after = selected(`${base} !${excluded}`);
          expect(before).toEqual(expect.arrayContaining(after));
          const isName = !/[:*]/.test(excluded);
          expect(isName && !targets.some(({ name, no }) => name === excluded || `#${no}` === excluded)).toBe(false);
        } catch (error) {
          expect(error).toBeInstanceOf(DroverError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('finds targets or is refused, whatever it is', () => {
    const parts = fc.array(
      fc.constantFrom('web1', 'tag', ':', ',', ' ', '!', '"', '/', '[1-9]', '*', '#1', 'local', '10.0.0.1', '-'),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          parts.map((some) => some.join('')),
        ),
        (selector) => {
          try {
            expect(selectTargets(selector, targets)).not.toEqual([]);
          } catch (error) {
            expect(error).toBeInstanceOf(DroverError);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('targets under maintenance', () => {
  it('are found by their own name, id and number, and by a term that says so', () => {
    for (const own of [
      'web5',
      'WEB5',
      'name:web5',
      '#5',
      'no:5',
      `id:${targets[5]?.id}`,
      'maintenance:yes',
      'tag:web web5',
    ]) {
      expect(selected(own)).toEqual(['web5']);
    }
    expect(selected('web5,web*')).toEqual(['web1', 'web2', 'web5']);
    expect(selected('tag:web maintenance:yes,no')).toEqual(['web1', 'web2', 'web5']);
  });

  it('are found by nothing else', () => {
    expect(selected('tag:web')).toEqual(['web1', 'web2']);
    expect(selected('web1,web[2,5]')).toEqual(['web1', 'web2']);
    for (const other of ['10.0.0.5', 'web5*', '10.0.0.5/32', 'web[5]', '/web5/', 'tag:web !web1,web2']) {
      expect(refusal(other)).toMatchObject({
        code: 'no-targets',
        message: expect.stringContaining(
          '1 that would are under maintenance; give their names, or add maintenance:yes',
        ),
      });
    }
  });
});

describe('the machine of the node itself', () => {
  it('is the complete target `local` under the id of the node', () => {
    // Its address is words, for it is never connected to.
    expect(Target.omit({ address: true }).strip().parse(local)).toEqual({ ...local, address: undefined });
    expect(local).toMatchObject({
      id: 'node-1',
      no: 1,
      name: 'local',
      os: 'linux',
      connection: 'local',
      createdAt: 0,
      rev: 0,
    });
    expect(localTarget('node-1', 'win32').os).toBe('windows');
    expect(localTarget('node-1', 'darwin').os).toBe('other');
  });

  it('is found by its own name or id and by `connection:local`', () => {
    for (const own of [
      'local',
      'LOCAL',
      'name:local',
      'node-1',
      'id:node-1',
      'connection:local',
      'mode:Local',
      '* local',
      'local os:linux',
    ]) {
      expect(selected(own)).toEqual(['local']);
    }
    expect(selected('local,web*')).toEqual(['local', 'web1', 'web2']);
  });

  it('is found by nothing else', () => {
    expect(selected('*')).toEqual(all);
    expect(selected('os:linux')).toEqual(['web1', 'web2', 'gate']);
    expect(selected('#1')).toEqual(['web1']);
    for (const other of ['l*', '/local/', 'connection:l*', 'id:node*', 'address:"This machine"', 'name:loca?']) {
      expect(refusal(other)).toMatchObject({
        code: 'no-targets',
        message: expect.stringContaining('only this machine would'),
      });
    }
    expect(refusalOf(() => selectTargets('#1', [local])).code).toBe('unknown-target');
  });
});

describe('the field credential', () => {
  const hop = { address: 'bastion', port: 22, user: null };
  const fleet = [
    target(1, 'web1', { credentialId: 'cred-1' }),
    target(2, 'web2', { jump: [{ ...hop, credentialId: 'cred-1' }] }),
    target(3, 'web3', { credentialId: 'cred-2', jump: [{ ...hop, credentialId: null }] }),
    target(4, 'web4'),
  ];
  const nameOf = (id: string): string | undefined =>
    new Map([
      ['cred-1', 'Deploy key'],
      ['cred-2', 'root'],
    ]).get(id);
  const listed = (query: string): string[] => names(searchTargets(query, fleet, nameOf));

  it('finds by id and by name what uses one for the login or on the way', () => {
    expect(listed('credential:cred-1')).toEqual(['web1', 'web2']);
    expect(listed('credential:"deploy key"')).toEqual(['web1', 'web2']);
    expect(listed('credential:dep*,ROOT')).toEqual(['web1', 'web2', 'web3']);
    expect(listed('credential:*')).toEqual(['web1', 'web2', 'web3']);
    expect(listed('!credential:root')).toEqual(['web1', 'web2', 'web4']);
    expect(names(selectTargets('web* !credential:cred-1', fleet, nameOf))).toEqual(['web3', 'web4']);
  });

  it('takes no part of a name for the whole', () => {
    expect(listed('credential:Deploy')).toEqual([]);
  });
});

describe('a query for a list', () => {
  const listed = (query: string): string[] => names(searchTargets(query, targets));

  it('finds parts of names and addresses, hides nothing and may find nothing', () => {
    expect(listed('')).toEqual(names(targets));
    expect(listed('eb')).toEqual(['web1', 'web2', 'web5']);
    expect(listed('example')).toEqual(['gate']);
    expect(listed('machine')).toEqual(['local']);
    expect(listed('!web')).toEqual(['local', 'db 3', 'gate']);
    expect(listed('tag:web maintenance:yes')).toEqual(['web5']);
    expect(listed('#2')).toEqual(['web2']);
    expect(listed(web1)).toEqual(['web1']);
    expect(listed('0198c0de')).toEqual([]);
    expect(listed('nowhere')).toEqual([]);
  });

  it('is refused like a selector when it cannot be read or asks for an unknown field', () => {
    expect(refusalOf(() => listed('tga:web')).code).toBe('bad-selector');
    expect(refusalOf(() => listed('"web')).code).toBe('bad-selector');
  });
});
