import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../support/fakes/engine-rig.ts';
import { newTargets, preview } from './import-rows.ts';

describe('an ssh configuration', () => {
  it('gives every name without wildcards, with what all matching blocks say, the first value winning', () => {
    const found = newTargets(
      [
        'user=early',
        'Host web1 web2 # the shop',
        '  HOSTNAME %h.example.com',
        '  Port 2222',
        '  User "late one"',
        'Host db',
        '\tHostName = 10.0.0.9',
        'Host web* !web2',
        '  Port 1',
        'Host *',
        '  Port 2022',
        '',
      ].join('\r\n'),
    );
    expect([...found.keys()]).toEqual(['web1', 'web2', 'db']);
    expect(found.get('web1')).toMatchObject({ address: 'web1.example.com', port: 2222, user: 'early' });
    expect(found.get('web2')).toMatchObject({ address: 'web2.example.com', port: 2222 });
    expect(found.get('db')).toMatchObject({ address: '10.0.0.9', port: 2022, user: 'early' });
  });

  it('takes wildcard and negated patterns as defaults only', () => {
    const found = newTargets('Host app-? !app-x\n Port 77\nHost app-1 app-x app-10\n');
    expect([...found].map(([name, { port }]) => [name, port])).toEqual([
      ['app-1', 77],
      ['app-x', 22],
      ['app-10', 22],
    ]);
  });

  it('looks the machines of a ProxyJump up in the same text, the nearest first', () => {
    const found = newTargets(
      [
        'Host gate',
        '  HostName gate.example.com',
        '  User jumper',
        'Host inner',
        '  HostName 10.0.0.2',
        '  Port 2200',
        '  ProxyJump gate',
        'Host deep',
        '  ProxyJump inner,ops@10.9.9.9:2022',
        'Host old',
        '  ProxyCommand ssh -q -W %h:%p gate',
        'Host direct',
        '  ProxyJump none',
        'Host *',
        '  ProxyJump gate',
      ].join('\n'),
    );
    const gate = { address: 'gate.example.com', port: 22, user: 'jumper', credentialId: null };
    expect(found.get('gate')?.jump).toEqual([]);
    expect(found.get('inner')?.jump).toEqual([gate]);
    expect(found.get('deep')?.jump).toEqual([
      gate,
      { address: '10.0.0.2', port: 2200, user: null, credentialId: null },
      { address: '10.9.9.9', port: 2022, user: 'ops', credentialId: null },
    ]);
    expect(found.get('old')?.jump).toEqual([gate]);
    expect(found.get('direct')?.jump).toEqual([]);
  });

  it('says why a host cannot be taken, and takes the others', () => {
    const { rows } = preview(
      'Host a\n ProxyJump b\nHost b\n ProxyJump a\nHost c\n Port many\nHost d\n HostName "has blanks"\nHost e\n ProxyJump ::bad::\nHost f\n',
    );
    expect(rows.map(({ name, kind, line }) => [name, kind, line])).toEqual([
      ['a', 'invalid', 1],
      ['b', 'invalid', 3],
      ['c', 'invalid', 5],
      ['d', 'invalid', 7],
      ['e', 'invalid', 9],
      ['f', 'new', 11],
    ]);
    expect(rows[0]?.message).toBe('Its ProxyJump goes in a circle: a → b → a');
    expect(rows[3]?.message).toBe('address: a host name or an IP address');
  });

  it('refuses ways through more than eight machines', () => {
    const chain = Array.from({ length: 12 }, (_, n) => `Host h${n}\n ProxyJump h${n + 1}\n`).join('');
    const { rows } = preview(chain);
    expect(rows[0]).toMatchObject({ name: 'h0', kind: 'invalid', message: 'More than 8 machines are on its way' });
    expect(rows[4]).toMatchObject({ name: 'h4', kind: 'new' });
  });

  it('runs nothing and reads no file, but says what it leaves out', () => {
    const { rows, notes } = preview(
      [
        'Include ~/.ssh/work/*',
        'Match exec "touch /tmp/never"',
        '  Port 9',
        'Host web1',
        '  IdentityFile ~/.ssh/shop',
        '  ProxyCommand nc --evil %h %p',
        '  ForwardAgent yes',
        '  User "never closed',
        'Match all',
        '  Port 99',
      ].join('\n'),
    );
    expect(rows).toHaveLength(1);
    expect(newTargets('Match exec x\n Port 9\nHost a\nMatch all\n Port 99\n').get('a')?.port).toBe(99);
    expect(notes).toEqual([
      'Included files are not read: import them by themselves: ~/.ssh/work/*',
      'Match blocks are left out: write what they say as Host blocks: line 2',
      'Lines whose quotes are not closed are left out: line 8',
      'ProxyCommand is never run: give these targets a jump host instead: web1',
      'Key files are not read: add them as credentials: ~/.ssh/shop',
      'Not used: forwardagent',
    ]);
  });

  it('stays quick for many hosts, and refuses what would take seconds', () => {
    const many = Array.from({ length: 20_000 }, (_, n) => `Host h${n}\n HostName 10.0.${n >> 8}.${n & 255}\n`).join('');
    expect(preview(many).rows).toHaveLength(20_000);
    expect(refusalOf(() => preview(`${many}Host one more\n`)).code).toBe('too-large');
    const patterns = Array.from({ length: 3_000 }, (_, n) => `Host *x${n}\nHost h${n}\n`).join('');
    expect(refusalOf(() => preview(patterns)).code).toBe('too-large');
  });

  it('never fails otherwise, whatever it is given', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'Host ',
        'HostName ',
        'ProxyJump ',
        'Match ',
        'Port ',
        '=',
        '"',
        "'",
        '\\',
        '*',
        '?',
        '!',
        '#',
        '\n',
        ' ',
      ),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const { rows } = preview(`Host a\n${pieces.join('')}`, 'ssh-config');
        expect(rows[0]).toMatchObject({ name: 'a', line: 1 });
      }),
    );
  });
});
