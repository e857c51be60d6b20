import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DroverError } from '#contract/errors';
import { refusalOf } from '../../support/fakes/engine-rig.ts';
import { newTargets, preview } from './import-rows.ts';

const example = `; first
lone.example.com:2200 ansible_user=deploy  # a comment
[web]
web[01:03].example.com http_port=80 note="hello world" odd=a#b
[db]
db-[a:c]:2222
10.0.0.5 ansible_host=2001:db8::5 ansible_become=yes ansible_become_user=postgres ansible_password=hunter2
[2001:db8::7]:2022
[prod:children]
web
db  # with comment
[prod:vars]
env = "prod"
region=eu west
http_port=8080
[all:vars]
env=none
`;

describe('an Ansible inventory in INI form', () => {
  it('gives the hosts of all ranges, with their ports', () => {
    expect([...newTargets(example)].map(([name, { address, port }]) => `${name} ${address} ${port}`)).toEqual([
      'lone.example.com lone.example.com 2200',
      'web01.example.com web01.example.com 22',
      'web02.example.com web02.example.com 22',
      'web03.example.com web03.example.com 22',
      'db-a db-a 2222',
      'db-b db-b 2222',
      'db-c db-c 2222',
      '10.0.0.5 2001:db8::5 22',
      '2001-db8--7 2001:db8::7 2022',
    ]);
  });

  it('makes groups tags, those above them too, and lets the nearer value win as Ansible does', () => {
    const found = newTargets(example);
    expect(found.get('lone.example.com')).toMatchObject({ tags: [], user: 'deploy', attributes: { env: 'none' } });
    expect(found.get('web02.example.com')).toMatchObject({
      tags: ['prod', 'web'],
      attributes: { env: 'prod', region: 'eu west', http_port: '80', note: 'hello world', odd: 'a' },
    });
    expect(found.get('db-b')?.attributes).toEqual({ env: 'prod', region: 'eu west', http_port: '8080' });
    expect(found.get('10.0.0.5')?.become).toEqual({ user: 'postgres' });
  });

  it('lets the deeper group win, then the greater priority, then the later name', () => {
    const text = [
      '[a]\nhost1\nhost2\n[b]\nhost1\nhost2\n[c]\nhost2',
      '[a:vars]\nv=a\n[b:vars]\nv=b\n[c:vars]\nv=c\nansible_group_priority=1',
      '[z:children]\na\n[z:vars]\nv=z',
    ].join('\n');
    const found = newTargets(text);
    expect(found.get('host1')?.attributes).toEqual({ v: 'a' });
    const priority = newTargets('[a]\nh\n[a:vars]\nv=a\nansible_group_priority=10\n[b]\nh\n[b:vars]\nv=b\n');
    expect(priority.get('h')?.attributes).toEqual({ v: 'a' });
    expect(newTargets('[a]\nh\n[a:vars]\nv=a\n[b]\nh\n[b:vars]\nv=b\n').get('h')?.attributes).toEqual({ v: 'b' });
  });

  it('never takes a secret, neither as a field nor into a note', () => {
    const text = `[web]
w1 ansible_ssh_pass=S3cr-1 ansible_become_password=S3cr-2 api_key=S3cr-3 db_password=S3cr-4 vault_token=S3cr-5
[web:vars]
ansible_ssh_private_key_file=~/.ssh/shop
blob=$ANSIBLE_VAULT;1.1;AES256
`;
    const { writes, notes } = preview(text);
    expect(JSON.stringify([writes, notes])).not.toContain('S3cr');
    expect(writes[0]?.fields.attributes).toEqual({});
    expect(notes).toEqual([
      'Key files are not read: add them as credentials: ~/.ssh/shop',
      'Values that are encrypted with ansible-vault are left out: blob',
      'Secrets are never taken from an inventory: add them as credentials: ansible_ssh_pass, ansible_become_password, api_key, db_password, vault_token',
    ]);
  });

  it('understands how hosts are reached', () => {
    const found = newTargets(`gate ansible_host=10.0.0.1 ansible_port=2022 ansible_user=jumper
inner ansible_ssh_common_args='-o StrictHostKeyChecking=no -o ProxyJump=gate'
older ansible_ssh_common_args="-o ProxyCommand='ssh -W %h:%p -q ops@gate'"
win ansible_connection=winrm
switch ansible_connection=ansible.netcommon.network_cli
pwsh ansible_shell_type=powershell
off ansible_become=false
doas ansible_become=true ansible_become_method=doas
`);
    const gate = { address: '10.0.0.1', port: 2022, user: 'jumper', credentialId: null };
    expect(found.get('inner')?.jump).toEqual([gate]);
    expect(found.get('older')?.jump).toEqual([{ ...gate, user: 'ops' }]);
    expect(found.get('win')).toMatchObject({ connection: 'ansible', os: 'windows', port: 5986 });
    expect(found.get('switch')).toMatchObject({ connection: 'ansible', os: 'other' });
    expect(found.get('pwsh')).toMatchObject({ connection: 'ssh', os: 'windows' });
    expect(found.get('off')?.become).toBeNull();
    expect(found.get('doas')?.become).toBeNull();
  });

  it('says of each entry it cannot take why', () => {
    const { rows } = preview(`[x]
localhost ansible_connection=local
box ansible_connection=docker
tpl ansible_host={{ ip }}
quoted ansible_host="{{ ip }}"
web[1-3]
word another
open "quote
p ansible_port={{ x }}
web[3:1]
`);
    expect(Object.fromEntries(rows.map(({ name, kind, message }) => [name, `${kind}: ${message}`]))).toEqual({
      localhost: 'same: The machine Drover runs on is the built-in target local',
      box: 'invalid: Drover has no connection of the kind docker',
      tpl: 'invalid: After a host stand variables as name=value',
      quoted: 'invalid: Its address is a template: write the address itself',
      'web[1-3]': 'invalid: The range in web[1-3] cannot be read: write [1:20], [01:20], [a:f] or [0:20:5]',
      word: 'invalid: After a host stand variables as name=value',
      open: 'invalid: A quote is not closed',
      p: 'invalid: After a host stand variables as name=value',
      'web[3:1]': 'invalid: The range in web[3:1] cannot be read: write [1:20], [01:20], [a:f] or [0:20:5]',
    });
  });

  it('refuses groups that hold each other, and unknown sections, with what is wrong', () => {
    expect(refusalOf(() => preview('[a:children]\nb\n[b:children]\na\n')).message).toBe(
      'Groups hold each other: a → b → a',
    );
    expect(refusalOf(() => preview('[a:kids]\nb\n', 'ansible-ini')).message).toContain('Line 1');
    expect(refusalOf(() => preview('[a:vars]\nword\n')).message).toContain('Line 2');
    expect(refusalOf(() => preview('$ANSIBLE_VAULT;1.1;AES256\n6162\n')).message).toContain('ansible-vault view');
    expect(refusalOf(() => preview('#!/bin/sh\necho {}\n')).message).toContain('dynamic inventory');
  });

  it('refuses what would grow without bounds', () => {
    for (const text of [
      '[a]\nweb[1:20001]\n',
      '[a]\nw[1:999999999]\n',
      '[a]\nw[1:200]-[1:200]\n',
      `[a]\nw[1:20000] ${Array.from({ length: 200 }, (_, n) => `v${n}=1`).join(' ')}\n`,
      `[a]\nw[1:20000]\n[a:vars]\n${Array.from({ length: 200 }, (_, n) => `v${n}=1`).join('\n')}\n`,
      Array.from({ length: 6_000 }, (_, n) => `[g${n}]`).join('\n'),
      Array.from({ length: 100 }, (_, n) => `[g${n}:children]\ng${n + 1}`).join('\n'),
    ]) {
      expect(refusalOf(() => preview(text)).code).toBe('too-large');
    }
  });

  it('expands every range to just its members', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.nat(200), fc.integer({ min: 1, max: 9 }), (begin, count, step) => {
        const end = begin + count;
        const wanted: string[] = [];
        for (let n = begin; n <= end; n += step) {
          wanted.push(`h${n}x`);
        }
        expect([...newTargets(`[g]\nh[${begin}:${end}:${step}]x\n`).keys()]).toEqual(wanted);
        const pad = (n: number): string => String(n).padStart(4, '0');
        const padded = [...newTargets(`[g]\nh[${pad(begin)}:${pad(end)}]\n`).keys()];
        expect([padded[0], padded.at(-1), padded.length]).toEqual([`h${pad(begin)}`, `h${pad(end)}`, count + 1]);
      }),
    );
  });

  it('fails in no other way, whatever it is given', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '[',
        ']',
        ':',
        '=',
        'children',
        'vars',
        'a',
        'b',
        '"',
        "'",
        '\\',
        '{{',
        '#',
        '\n',
        ' ',
        'ansible_host=',
      ),
      fc.string({ maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        try {
          preview(`[g]\n${pieces.join('')}`, 'ansible-ini');
        } catch (error) {
          expect(error).toBeInstanceOf(DroverError);
        }
      }),
    );
  });
});
