import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DroverError } from '#contract/errors';
import { refusalOf } from '../../support/fakes/engine-rig.ts';
import { newTargets, preview } from './import-rows.ts';

const example = `---
all:
  hosts:
    lone.example.com:
      ansible_port: 2200
  vars:
    release: 1.10
    enabled: yes
  children:
    web:
      hosts:
        web[01:02].example.com:
          http_port: 80
          list: [a, b]
          ansible_password: !vault |
            $ANSIBLE_VAULT;1.1;AES256
            6162
          motd: !vault |
            $ANSIBLE_VAULT;1.1;AES256
            6162
    db:
      hosts:
        db1:
          ansible_host: "10.0.0.5"
          ansible_become: true
      vars:
        release: 9
    prod:
      children:
        web:
        db: {}
`;

describe('an Ansible inventory in YAML', () => {
  it('gives hosts with groups as tags and values as the text writes them', () => {
    const found = newTargets(example);
    expect([...found.keys()]).toEqual(['lone.example.com', 'web01.example.com', 'web02.example.com', 'db1']);
    expect(found.get('lone.example.com')).toMatchObject({ port: 2200, tags: [], attributes: { release: '1.10' } });
    expect(found.get('web02.example.com')).toMatchObject({
      tags: ['prod', 'web'],
      attributes: { release: '1.10', enabled: 'yes', http_port: '80' },
    });
    expect(found.get('db1')).toMatchObject({
      address: '10.0.0.5',
      become: { user: 'root' },
      attributes: { release: '9' },
    });
  });

  it('says at which line each host stands and what was left out', () => {
    const { rows, notes, format } = preview(example);
    expect(format).toBe('ansible-yaml');
    expect(rows.map(({ line }) => line)).toEqual([4, 12, 12, 23]);
    expect(notes).toEqual([
      'Lists and mappings are left out: list',
      'Secrets are never taken from an inventory: add them as credentials: ansible_password',
      'Values that are encrypted with ansible-vault are left out: motd',
    ]);
  });

  it('takes names alone and lists of names as hosts', () => {
    expect([...newTargets('web:\n  hosts: w1\ndb:\n  hosts: [d1, d2]\nnone:\n').keys()]).toEqual(['w1', 'd1', 'd2']);
  });

  it('refuses aliases and broken texts, each with its line', () => {
    expect(refusalOf(() => preview('all:\n  vars: &v {a: b}\n  hosts:\n    w1: *v\n')).message).toContain('Line 4');
    expect(refusalOf(() => preview('all:\n  hosts:\n    w1: {a: [}\n')).message).toContain('Line 3');
    expect(refusalOf(() => preview('all:\n  hosts: [[w1]]\n')).message).toContain('hosts of all must be a mapping');
    expect(refusalOf(() => preview('- all\n', 'ansible-yaml')).message).toContain('mapping of groups');
  });

  it('refuses dynamic inventories and says how to import what they print', () => {
    for (const text of ['plugin: aws_ec2\nregions: [x]\n', '{"_meta": {"hostvars": {}}, "web": {"hosts": ["a"]}}']) {
      const { code, message } = refusalOf(() => preview(text));
      expect(code).toBe('bad-input');
      expect(message).toContain('ansible-inventory -i FILE --list --yaml');
    }
  });

  it('is not brought down by doubling aliases or deep nesting', () => {
    const bomb = `a: &a [x,x]\n${Array.from({ length: 30 }, (_, n) => `b${n}: &b${n} [*a, *a]`).join('\n')}\nhosts:\n`;
    expect(refusalOf(() => preview(bomb)).code).toBe('bad-input');
    for (const text of [
      `hosts: ${'['.repeat(200_000)}`,
      `hosts:\n${'- '.repeat(100_000)}x`,
      `hosts: ${'{a: '.repeat(100_000)}`,
    ]) {
      expect(refusalOf(() => preview(text, 'ansible-yaml')).code).toBe('bad-input');
    }
    const groups = Array.from(
      { length: 60 },
      (_, n) => `${' '.repeat(2 * n)}g${n}:\n${' '.repeat(2 * n + 1)}children:`,
    );
    expect(refusalOf(() => preview(groups.join('\n'))).code).toBe('too-large');
  });

  it('fails in no other way, whatever it is given', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'all',
        'hosts',
        'children',
        'vars',
        ': ',
        ':\n',
        '\n',
        '  ',
        '- ',
        '{',
        '}',
        '[',
        ']',
        '&a ',
        '*a',
        '!vault ',
        '|',
        '?',
        '<<',
      ),
      fc.string({ maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        try {
          preview(pieces.join(''), 'ansible-yaml');
        } catch (error) {
          expect(error).toBeInstanceOf(DroverError);
        }
      }),
    );
  });
});
