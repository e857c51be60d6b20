import { describe, expect, it } from 'vitest';
import type { Target } from '#contract/target';
import { importTargets } from '#core/target/import-targets';
import { localTarget } from '#core/target/select-targets';
import { refusalOf, targetsNamed } from '../../support/fakes/engine-rig.ts';
import { newTargets, preview } from './import-rows.ts';

const [base] = targetsNamed(1);
const stored = (fields: Partial<Target>): Target => ({
  ...(base as Target),
  user: null,
  ...fields,
  id: fields.name ?? 'x',
});

const against = (text: string, existing: Target[], defaults = {}) =>
  importTargets(text, 'auto', { existing, defaults });
const kinds = (text: string, existing: Target[], defaults = {}): string[] =>
  against(text, existing, defaults).rows.map(({ name, kind, message }) => `${name} ${kind} ${message}`.trim());

describe('the format of an import', () => {
  it('is found out from the text', () => {
    const formats = {
      'web1\n10.0.0.5': 'addresses',
      '10.0.0.[1:3]': 'addresses',
      '[2001:db8::1]:22\n': 'addresses',
      '# mine\n  host = web1\n': 'ssh-config',
      '[web]\nweb1': 'ansible-ini',
      'web1 ansible_host=10.0.0.1': 'ansible-ini',
      '[all:vars]\na=b': 'ansible-ini',
      'all:\n  hosts:\n    web1:': 'ansible-yaml',
      '\uFEFF---\nweb:\n': 'ansible-yaml',
      '{"web": {"hosts": {"a": null}}}': 'ansible-yaml',
      '': 'addresses',
    };
    for (const [text, format] of Object.entries(formats)) {
      expect([text, preview(text).format]).toEqual([text, format]);
    }
  });

  it('is the one that was asked for', () => {
    expect(preview('web1\n', 'ansible-ini').format).toBe('ansible-ini');
    expect([...newTargets('web1\n', 'ansible-ini').keys()]).toEqual(['web1']);
  });
});

describe('pasted addresses', () => {
  it('become targets of their own name, each once', () => {
    const found = newTargets('anna@web1:2222, 10.0.0.5\n10.0.0.5;10.0.0.5:2022 2001:db8::1');
    expect([...found].map(([name, { address, port, user }]) => `${name} ${address} ${port} ${user}`)).toEqual([
      'web1 web1 2222 anna',
      '10.0.0.5 10.0.0.5 22 null',
      '10.0.0.5-2022 10.0.0.5 2022 null',
      '2001-db8--1 2001:db8::1 22 null',
    ]);
  });

  it('are taken but for the lines that cannot be read, and no password is shown', () => {
    const { rows } = preview('web1\nanna:S3cret@web2\nweb3:port\nweb4');
    expect(rows.map(({ line, kind, name }) => [line, kind, name])).toEqual([
      [1, 'new', 'web1'],
      [2, 'invalid', 'anna:…@web2'],
      [3, 'invalid', 'web3:port'],
      [4, 'new', 'web4'],
    ]);
    expect(JSON.stringify(rows)).not.toContain('S3cret');
  });
});

describe('what is stored already', () => {
  it('is known by its name first, whatever its address was', () => {
    expect(kinds('Host web1\n HostName 10.9.9.9\n', [stored({ name: 'WEB1', address: '10.0.0.1' })])).toEqual([
      'WEB1 changed address 10.0.0.1 → 10.9.9.9',
    ]);
  });

  it('is known by address, port and account else, and keeps its name', () => {
    const db = stored({ name: 'db1', address: 'DB.example.com', port: 2222, user: 'deploy' });
    expect(kinds('db.example.com:2222', [db])).toEqual(['db1 same']);
    expect(kinds('deploy@db.example.com:2222', [db])).toEqual(['db1 same']);
    expect(kinds('other@db.example.com:2222', [db])).toEqual(['db.example.com new']);
    expect(kinds('db.example.com', [db])).toEqual(['db.example.com new']);
    expect(kinds('Host base\n HostName db.example.com\n Port 2222\n', [db])).toEqual(['db1 same is there as db1']);
    const six = stored({ name: 'six', address: '2001:DB8:0::1' });
    expect(kinds('2001:db8::1', [six])).toEqual(['six same']);
  });

  it('is claimed once: two names of one machine stay two targets', () => {
    const a = stored({ name: 'a', address: '10.0.0.1' });
    expect(kinds('Host b\n HostName 10.0.0.1\nHost a\n HostName 10.0.0.1\n', [a])).toEqual(['b new', 'a same']);
  });

  it('loses no tag, attribute or jump credential, and gains what the text says', () => {
    const gate = { address: '10.0.0.1', port: 22, user: null, credentialId: 'c1' };
    const web = stored({ name: 'w', address: 'w', tags: ['mine'], attributes: { a: '1' }, jump: [gate] });
    const text = '[web]\nw a=2 b=3 ansible_user=deploy ansible_ssh_common_args="-J 10.0.0.1"\n';
    const { rows, writes } = against(text, [web]);
    expect(rows[0]?.message).toBe('user none → deploy, tags +web, attributes a, b');
    expect(writes).toEqual([
      {
        kind: 'changed',
        target: web,
        fields: { user: 'deploy', tags: ['mine', 'web'], attributes: { a: '2', b: '3' } },
        letsGo: false,
      },
    ]);
    const after = { ...web, user: 'deploy', tags: ['mine', 'web'], attributes: { a: '2', b: '3' } };
    expect(kinds(text, [after])).toEqual(['w same']);
  });

  it('lets go of its credential when it is moved, unless the import names one', () => {
    const web = stored({ name: 'w', address: 'w', credentialId: 'c1' });
    const moved = 'Host w\n HostName evil.example.com\n';
    expect(against(moved, [web]).writes).toMatchObject([
      { fields: { address: 'evil.example.com', credentialId: null }, letsGo: true },
    ]);
    expect(kinds(moved, [web])).toEqual(['w changed address w → evil.example.com; lets go of its credential']);
    expect(against('Host w\n Port 2222\n', [web]).writes).toMatchObject([
      { fields: { port: 2222, credentialId: null } },
    ]);
    expect(against('Host w\n User u\n', [web]).writes).toMatchObject([{ fields: { user: 'u' }, letsGo: false }]);
  });

  it('never is the built-in target', () => {
    const local = localTarget('node-1', 'linux');
    expect(kinds('Host local\n HostName 10.0.0.1\n', [local])).toEqual(['local-2 new']);
  });
});

describe('the defaults of an import', () => {
  it('go to whatever the text leaves open', () => {
    const defaults = { user: 'deploy', port: 2022, tags: ['new'], credentialId: 'c1' };
    const { writes } = against('a\nroot@b:22', [], defaults);
    expect(
      writes.map(({ fields: { name, user, port, tags, credentialId } }) => [name, user, port, tags, credentialId]),
    ).toEqual([
      ['a', 'deploy', 2022, ['new'], 'c1'],
      ['b', 'root', 22, ['new'], 'c1'],
    ]);
  });

  it('fill what a stored target has not, and change nothing that it has', () => {
    const defaults = { user: 'deploy', os: 'windows' as const, tags: ['new'], credentialId: 'c1' };
    const bare = stored({ name: 'a', address: 'a' });
    const full = stored({ name: 'b', address: 'b', user: 'root', tags: ['old'], credentialId: 'c2' });
    const { writes } = against('Host a\nHost b\n', [bare, full], defaults);
    expect(writes).toMatchObject([{ target: bare, fields: { user: 'deploy', tags: ['new'], credentialId: 'c1' } }]);
    expect(writes).toHaveLength(1);
  });
});

describe('the preview of an import', () => {
  it('says as whom each row logs in and as whom its commands run afterwards', () => {
    const rows = (text: string, existing: Target[] = [], defaults = {}) =>
      against(text, existing, defaults).rows.map(({ user, become }) => [user, become]);
    expect(rows('[g]\nweb1 ansible_user=ada ansible_become=true\nweb2')).toEqual([
      ['ada', 'root'],
      [null, null],
    ]);
    expect(rows('web3', [], { user: 'deploy', become: { user: 'app' } })).toEqual([['deploy', 'app']]);
    const known = stored({ name: 'web4', address: 'web4', user: 'old', become: { user: 'root' } });
    expect(rows('web4', [known])).toEqual([['old', 'root']]);
    expect(rows('web5:port')).toEqual([[null, null]]);
  });
});

describe('the names of an import', () => {
  it('are made valid and unique', () => {
    expect([...newTargets('Host a/b\nHost a:b\nHost .c.\nHost __\nHost äö\n HostName x\n').keys()]).toEqual([
      'a-b',
      'c',
      '__',
      'target',
    ]);
    const named = newTargets('Host a+b\n HostName x\nHost a=b\n HostName x\nHost A-B\n HostName x\n');
    expect([...named.keys()]).toEqual(['a-b', 'a-b-2', 'A-B-3']);
  });
});

describe('an import of more than twenty thousand targets', () => {
  it('is refused whatever its format', () => {
    const names = Array.from({ length: 20_001 }, (_, n) => `h${n}`);
    expect(refusalOf(() => preview(names.join('\n'))).code).toBe('too-large');
    expect(refusalOf(() => preview(`[g]\n${names.join('\n')}`)).code).toBe('too-large');
    expect(refusalOf(() => preview(`all:\n hosts:\n${names.map((name) => `  ${name}:\n`).join('')}`)).code).toBe(
      'too-large',
    );
  });
});
