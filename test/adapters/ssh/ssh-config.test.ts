import { chmodSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfigLines, splitWords } from '#adapters/ssh/ssh-config-lines';
import { ConfigHomes, me, write } from './ssh-config-homes.ts';

describe('the ssh_config of the account', () => {
  let homes: ConfigHomes;
  beforeAll(() => {
    homes = new ConfigHomes();
  });
  afterAll(() => homes.remove());

  it('gives a name that no file knows the defaults', () => {
    const { account, home, systemFolder } = homes.with({});
    expect(account.lookup('web')).toEqual({
      address: 'web',
      port: null,
      user: null,
      identityFiles: ['id_rsa', 'id_ecdsa', 'id_ed25519'].map((key) => join(home, '.ssh', key)),
      jumps: [],
      acceptNewHostKeys: false,
    });
    expect(account.knownHostsFiles('web')).toEqual([
      join(home, '.ssh/known_hosts'),
      join(home, '.ssh/known_hosts2'),
      join(systemFolder, 'ssh_known_hosts'),
      join(systemFolder, 'ssh_known_hosts2'),
    ]);
    expect(account.user).toBe(me.username);
  });

  it('reads the account’s file before the machine’s, and includes each from its own folder', () => {
    const { account, home } = homes.with({
      '.ssh/config': 'Include more/*.conf\nHost web\n User own',
      '.ssh/more/a.conf': 'Host web\n IdentityFile ~/own\n IdentityFile relative',
      'etc/ssh_config': 'Include ssh_config.d/*.conf\nHost *\n User system\n Port 2200',
      'etc/ssh_config.d/a.conf': 'Host web\n IdentityFile /system',
    });
    expect(account.lookup('web')).toMatchObject({
      user: 'own',
      port: 2200,
      identityFiles: [join(home, 'own'), join(home, 'relative'), '/system'],
    });
    expect(account.lookup('db').user).toBe('system');
  });

  it('looks each machine on the way up, the nearest first', () => {
    const { account, home } = homes.of(`
Host db
  ProxyJump inner,last@10.0.0.9:2222
Host inner
  HostName inner.example
  User ilse
  IdentityFile ~/inner
  ProxyJump %h.gate
Host *.gate
  HostName gate.example
  Port 2200
Host 10.0.0.9
  ProxyJump not-used
  Port 1
  IdentityFile /nine-%r
`);
    const keys = ['id_rsa', 'id_ecdsa', 'id_ed25519'].map((key) => join(home, '.ssh', key));
    expect(account.lookup('db').jumps).toEqual([
      { address: 'gate.example', port: 2200, user: me.username, identityFiles: keys },
      { address: 'inner.example', port: 22, user: 'ilse', identityFiles: [join(home, 'inner')] },
      { address: '10.0.0.9', port: 2222, user: 'last', identityFiles: ['/nine-last'] },
    ]);
  });

  it('refuses ways that go in a circle or over more than eight machines', () => {
    const circle = homes.of('Host a\n ProxyJump b\nHost b\n ProxyJump c\nHost c\n ProxyJump a\nHost *\n ProxyJump d');
    for (const name of ['a', 'b', 'c', 'd', 'other']) {
      expect(() => circle.account.lookup(name)).toThrow(expect.objectContaining({ code: 'bad-input' }));
    }
    const chain = (length: number): string =>
      Array.from({ length }, (_, index) => `Host h${index}\n ProxyJump h${index + 1}\n`).join('');
    expect(homes.of(chain(8)).account.lookup('h0').jumps).toHaveLength(8);
    expect(() => homes.of(chain(9)).account.lookup('h0')).toThrow('more than 8 machines');
    const hops = (length: number): string => Array.from({ length }, (_, index) => `h${index}`).join(',');
    expect(homes.of(`Host a\n ProxyJump ${hops(8)}`).account.lookup('a').jumps).toHaveLength(8);
    expect(() => homes.of(`Host a\n ProxyJump ${hops(9)}`).account.lookup('a')).toThrow('more than 8 machines');
  });

  it('never runs a ProxyCommand, and says that ProxyJump is understood', () => {
    const mark = join(homes.folder, 'ran-proxy');
    const { account } = homes.of(
      `Host a via\n ProxyCommand touch ${mark}\n ProxyJump late\nHost b\n ProxyJump none\n ProxyCommand x\nHost c\n ProxyJump via`,
    );
    for (const name of ['a', 'c']) {
      expect(() => account.lookup(name)).toThrow(
        expect.objectContaining({ code: 'bad-input', message: expect.stringMatching(/ProxyCommand.*ProxyJump/) }),
      );
    }
    expect(account.lookup('b').jumps).toEqual([]);
    expect(existsSync(mark)).toBe(false);
  });

  it('never applies a Match that asks for anything else, runs nothing for it, and tells it once', () => {
    const mark = join(homes.folder, 'ran-match');
    const matches = [
      `exec "touch ${mark}"`,
      `host a exec "touch ${mark}"`,
      `!exec "touch ${mark}"`,
      `exec 'touch "${mark}'`,
      'final host a',
      '!final host a',
      'canonical all',
      'localuser *',
      'host',
    ];
    const { account, log, home } = homes.of(
      `CanonicalizeHostname yes\n${matches.map((criteria) => `Match ${criteria}\n Port 1\n`).join('')}Match host a\n User bob`,
    );
    expect(account.lookup('a')).toMatchObject({ port: null, user: 'bob' });
    expect(account.lookup('b')).toMatchObject({ port: null, user: null });
    expect(log.messages('warn').filter((message) => message.includes('Match'))).toHaveLength(matches.length);
    write(join(home, '.ssh/config'), `Match exec "touch ${mark}"\nPort 1`);
    account.lookup('a');
    account.lookup('c');
    expect(existsSync(mark)).toBe(false);
  });

  it('takes new host keys only where every machine on the way may be taken so', () => {
    const { account } = homes.of(`
Host a gate
  StrictHostKeyChecking accept-new
Host b
  StrictHostKeyChecking no
Host c
  StrictHostKeyChecking ask
Host d
  StrictHostKeyChecking yes
Host e
  StrictHostKeyChecking OFF
  ProxyJump gate
Host f
  StrictHostKeyChecking no
  ProxyJump gate,strict
Host strict
  StrictHostKeyChecking yes
`);
    const taken = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].filter((name) => account.lookup(name).acceptNewHostKeys);
    expect(taken).toEqual(['a', 'b', 'e']);
  });

  it('knows the files of known hosts by the address that a name leads to', () => {
    const { account, home } = homes.of(
      'Host web other\n HostName 10.0.0.1\nHost web\n UserKnownHostsFile /web ~/%k\nHost *.dyn\n HostName 10.0.0.2\n UserKnownHostsFile none\n GlobalKnownHostsFile /all',
    );
    const known = join(home, '.ssh/known_hosts');
    expect(account.knownHostsFiles('web').slice(0, 2)).toEqual(['/web', join(home, 'web')]);
    expect(account.knownHostsFiles('10.0.0.1')).toEqual(expect.arrayContaining([known, '/web', join(home, 'web')]));
    expect(account.knownHostsFiles('10.0.0.2')).not.toContain('/all');
    account.lookup('x.dyn');
    expect(account.knownHostsFiles('10.0.0.2')).toContain('/all');
    expect(account.knownHostsFiles('x.dyn')).toEqual(['/all']);
  });

  it('refuses what cannot be an address or an account, and tokens without a value', () => {
    const { account } = homes.of(
      'Host a\n HostName -oProxy\nHost b\n HostName "x y"\nHost c\n User "-x"\nHost d\n IdentityFile ~/%C\nHost e\n IdentityFile ${DROVER_NOT_SET}/x\nHost f\n HostName %n\nHost g\n ProxyJump -x\nHost h\n UserKnownHostsFile ~nobody/x',
    );
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
      expect(() => account.lookup(name), name).toThrow(expect.objectContaining({ code: 'bad-input' }));
    }
    expect(account.lookup('i').address).toBe('i');
  });

  it('refuses files that others may write to, and works again when that is mended', () => {
    const { account, home } = homes.with({ '.ssh/config': 'Include part\nPort 5', '.ssh/part': 'User bob' });
    expect(account.lookup('web').user).toBe('bob');
    for (const file of ['config', 'part']) {
      const path = join(home, '.ssh', file);
      chmodSync(path, 0o620);
      expect(() => account.lookup('web')).toThrow(
        expect.objectContaining({ code: 'bad-input', message: expect.stringContaining(path) }),
      );
      expect(() => account.knownHostsFiles('web')).toThrow('by others');
      chmodSync(path, 0o600);
      expect(account.lookup('web')).toMatchObject({ user: 'bob', port: 5 });
    }
  });

  it('names the line of a broken file and uses none of it', () => {
    const { account, home } = homes.of('Host gate\n Port 1\n\nHost web\n ProxyJump a:b:c\n');
    const path = join(home, '.ssh/config');
    expect(() => account.lookup('other')).toThrow(`${path} line 5: proxyjump needs hosts`);
    write(path, 'Host web\n User "bob\n');
    expect(() => account.lookup('other')).toThrow(`${path} line 2 is not understood`);
  });

  it('refuses files that include one another without end', () => {
    const { account } = homes.with({ '.ssh/config': 'Include part', '.ssh/part': 'Include part' });
    expect(() => account.lookup('web')).toThrow('more than 16 deep');
  });

  it('reads files anew when one has changed, come or gone', () => {
    const { account, home } = homes.with({});
    const port = (): number | null => account.lookup('web').port;
    expect(port()).toBeNull();
    write(join(home, '.ssh/config'), 'Include parts/*.conf\nPort 5');
    expect(port()).toBe(5);
    write(join(home, '.ssh/config'), 'Include parts/*.conf\nPort 6');
    expect(port()).toBe(6);
    const part = write(join(home, '.ssh/parts/a.conf'), 'Port 7');
    expect(port()).toBe(7);
    write(join(home, '.ssh/parts/0.conf'), 'Port 8');
    expect(port()).toBe(8);
    rmSync(join(home, '.ssh/parts/0.conf'));
    rmSync(part);
    expect(port()).toBe(6);
    write(join(home, '.ssh/config'), 'Match originalhost web\n Port 9');
    expect(port()).toBe(9);
  });

  it('answers 10 000 names of 10 000 sections without looking at all of them for each', () => {
    const config = Array.from(
      { length: 10_000 },
      (_, index) => `Host h${index}\n HostName 10.0.0.1\n Port ${index + 1}\n`,
    );
    const { account } = homes.of(`${config.join('')}Host *\n User bob`);
    const started = process.cpuUsage();
    const ports = Array.from({ length: 10_000 }, (_, index) => account.lookup(`h${index}`).port);
    const { user } = process.cpuUsage(started);
    expect(ports).toEqual(Array.from({ length: 10_000 }, (_, index) => index + 1));
    // 100 million comparisons take far longer than this.
    expect(user / 1_000).toBeLessThan(5_000);
  });

  it('is parsed without an error whatever bytes it holds', () => {
    const part = fc.constantFrom(
      'Host ',
      'Match ',
      'exec',
      'ProxyJump',
      '=',
      '"',
      "'",
      '\\',
      '#',
      ' ',
      '\n',
      '\r',
      '\0',
      '%',
      '${',
      '*',
    );
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('utf8')),
      fc.array(fc.oneof(part, fc.string())).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(content, (text) => {
        const { lines, broken } = parseConfigLines(text);
        const end = broken ?? Number.POSITIVE_INFINITY;
        expect(lines.every(({ keyword, number }) => keyword !== '' && number < end)).toBe(true);
      }),
    );
    const { account, home } = homes.of('');
    fc.assert(
      fc.property(content, (text) => {
        write(join(home, '.ssh/config'), text);
        try {
          expect(account.lookup('web')).toHaveProperty('address');
        } catch (error) {
          expect(error).toHaveProperty('code', 'bad-input');
        }
      }),
    );
  });

  it('splits words that were quoted back into what they were', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }).filter((word) => !/[\\"\n]/.test(word))), (words) => {
        expect(splitWords(words.map((word) => `"${word}"`).join(' '))).toEqual(words);
      }),
    );
  });
});
