import { execFileSync } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KnownHosts, parseKnownHosts } from '#adapters/ssh/known-hosts';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';

/** A key in the form of known_hosts that nobody has the private half of. */
function key(type = 'ssh-ed25519'): { type: string; publicKey: string } {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(type.length);
  const bytes = Buffer.concat([length, Buffer.from(type), Buffer.from([0, 0, 0, 32]), randomBytes(32)]);
  return { type, publicKey: bytes.toString('base64') };
}
const text = ({ type, publicKey }: { type: string; publicKey: string }): string => `${type} ${publicKey}`;

describe('known_hosts', () => {
  const log = new CollectingLog();
  let folder: string;
  let count = 0;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'drover-known-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function file(content: string): string {
    count += 1;
    const path = join(folder, `known_hosts_${count}`);
    writeFileSync(path, content);
    return path;
  }
  const over = (content: string): KnownHosts => new KnownHosts([file(content)], log);
  const isKnown = (hosts: KnownHosts, address: string, port = 22): boolean =>
    hosts.find(address, port).trusted.length > 0;

  /** Whether OpenSSH itself finds the name; ssh asks in small letters, and with the port in the name. */
  function judge(path: string, address: string, port: number): boolean {
    const name = address.toLowerCase();
    try {
      execFileSync('ssh-keygen', ['-F', port === 22 ? name : `[${name}]:${port}`, '-f', path], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  }

  const questions: readonly (readonly [string, number])[] = [
    ['web', 22],
    ['WEB', 22],
    ['web', 2222],
    ['web.example', 22],
    ['db1.example', 22],
    ['db2.example', 22],
    ['db22.example', 22],
    ['10.0.0.1', 22],
    ['10.0.0.1', 2200],
    ['other', 22],
    ['2001:db8::1', 22],
    ['2001:db8::1', 2222],
  ];
  const names = [
    'web',
    'web,10.0.0.1',
    'Web.Example,other',
    '*.example',
    'db?.example',
    '*.example,!db1.example',
    '!db1.example,*.example',
    '!web',
    '*',
    '[web]:2222',
    '[WEB]:2222,[10.0.0.1]:2200',
    '[*]:2222',
    '[web]:22',
    'web:2222',
    '2001:db8::1',
    '[2001:db8::1]:2222',
    'we',
    'webb,eb',
    '?eb',
    'w*b,*.e*e',
    'web,',
    ',web',
    '10.0.0.?',
  ];

  it.each(names)('finds under %s what OpenSSH finds', (name) => {
    const path = file(`${name} ${text(key())} a comment\n`);
    const hosts = new KnownHosts([path], log);
    const ours = questions.map(([address, port]) => [address, port, isKnown(hosts, address, port)]);
    expect(ours).toEqual(questions.map(([address, port]) => [address, port, judge(path, address, port)]));
  });

  it('finds hashed names as ssh-keygen writes them, with and without a port', () => {
    const one = key();
    const path = file(`web,10.0.0.1 ${text(one)}\n[web]:2222 ${text(key())}\n2001:db8::1 ${text(key())}\n`);
    execFileSync('ssh-keygen', ['-H', '-f', path], { stdio: 'ignore' });
    const hosts = new KnownHosts([path], log);
    expect(hosts.find('web', 22).trusted.map(({ publicKey }) => publicKey)).toEqual([one.publicKey]);
    const ours = questions.map(([address, port]) => [address, port, isKnown(hosts, address, port)]);
    expect(ours).toEqual(questions.map(([address, port]) => [address, port, judge(path, address, port)]));
    expect(isKnown(hosts, '2001:0DB8:0::0:1')).toBe(true);
  });

  it('takes different spellings of one IPv6 address for one', () => {
    const hosts = over(`2001:DB8:0:0::0001 ${text(key())}\n[2001:0db8::2]:2222,::ffff:10.0.0.1 ${text(key())}\n`);
    expect(isKnown(hosts, '2001:db8::1')).toBe(true);
    expect(isKnown(hosts, '2001:DB8:0000::2', 2222)).toBe(true);
    expect(isKnown(hosts, '2001:db8::2')).toBe(false);
    expect(isKnown(hosts, '::ffff:a00:1', 2222)).toBe(false);
    expect(isKnown(hosts, '::ffff:a00:1')).toBe(true);
    expect(isKnown(over(`*,!2001:db8::1 ${text(key())}\n`), '2001:0db8::1')).toBe(false);
  });

  it('has the fingerprint that ssh-keygen shows', () => {
    const path = join(folder, 'made');
    execFileSync('ssh-keygen', ['-q', '-t', 'ecdsa', '-N', '', '-f', path]);
    const shown = execFileSync('ssh-keygen', ['-lf', `${path}.pub`], { encoding: 'utf8' });
    const line = execFileSync('cat', [`${path}.pub`], { encoding: 'utf8' });
    const [found] = over(`web ${line}`).find('web', 22).trusted;
    expect(found?.type).toBe('ecdsa-sha2-nistp256');
    expect(shown).toContain(` ${found?.fingerprint} `);
  });

  it('keeps revoked keys, authorities and trusted keys apart', () => {
    const [good, bad, authority] = [key(), key('ssh-rsa'), key()];
    const found = over(
      `@revoked * ${text(bad)}\n@cert-authority *.example ${text(authority)}\nweb.example ${text(good)}\n`,
    ).find('web.example', 22);
    expect(found.trusted.map(({ publicKey }) => publicKey)).toEqual([good.publicKey]);
    expect(found.revoked.map(({ publicKey, type }) => [publicKey, type])).toEqual([[bad.publicKey, 'ssh-rsa']]);
    expect(found.hasAuthority).toBe(true);
    expect(over(`@cert-authority *.example ${text(authority)}`).find('web', 22).hasAuthority).toBe(false);
  });

  it('leaves out comments, blank lines and broken ones, and reads lines that end in CR LF', () => {
    const [one, other] = [key(), key('ssh-rsa')];
    const lines = [
      '# a comment',
      '',
      '   ',
      'web',
      'web ssh-ed25519',
      'web ssh-ed25519 !!!!',
      `web ssh-rsa ${one.publicKey}`,
      `@unknown web ${text(key())}`,
      `@revoked @revoked web ${text(key())}`,
      `|1|short|short ${text(key())}`,
      'web 1024 35 1234567890',
      `  web\t${text(one)} comment`,
      `web ${text(other)}`,
    ];
    const content = lines.join('\r\n');
    expect(parseKnownHosts(content).map(({ line, publicKey }) => [line, publicKey])).toEqual([
      [12, one.publicKey],
      [13, other.publicKey],
    ]);
    expect(isKnown(over(content), 'web')).toBe(true);
  });

  it('never throws, whatever stands in the file', () => {
    const part = fc.constantFrom(
      '@revoked',
      '|1|',
      '|1|a|b',
      ' ',
      '\t',
      '\n',
      '\r\n',
      '*',
      '!',
      ',',
      '[',
      ']:22',
      '::',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('utf8')),
          fc.array(fc.oneof(part, fc.string(), fc.constant(text(key())))).map((parts) => parts.join('')),
        ),
        (content) => parseKnownHosts(content).every(({ type, publicKey }) => type !== '' && publicKey !== ''),
      ),
    );
  });

  it('reads a file anew when it has changed, even when it keeps its size and its time', () => {
    const [one, other] = [key(), key()];
    const path = join(folder, 'changing');
    const hosts = new KnownHosts([path], log);
    expect(hosts.find('web', 22)).toEqual({ trusted: [], revoked: [], hasAuthority: false, unreadable: null });
    writeFileSync(path, `web ${text(one)}\n`);
    utimesSync(path, 1_000, 1_000);
    expect(hosts.find('web', 22).trusted.map(({ publicKey }) => publicKey)).toEqual([one.publicKey]);
    writeFileSync(path, `web ${text(other)}\n`);
    utimesSync(path, 1_000, 1_000);
    expect(hosts.find('web', 22).trusted.map(({ publicKey }) => publicKey)).toEqual([other.publicKey]);
    appendFileSync(path, `@revoked web ${text(other)}\n`);
    expect(hosts.find('web', 22).revoked).toHaveLength(1);
    rmSync(path);
    expect(isKnown(hosts, 'web')).toBe(false);
  });

  it('says which file cannot be read, and holds a missing one and /dev/null for empty', () => {
    const directory = join(folder, 'directory');
    mkdirSync(directory);
    const link = join(folder, 'circle');
    symlinkSync(link, link);
    const nothing = join(folder, 'nothing');
    symlinkSync('/dev/null', nothing);
    const good = file(`web ${text(key())}\n`);
    expect(new KnownHosts([good, directory], log).find('web', 22)).toMatchObject({
      trusted: [{ type: 'ssh-ed25519' }],
      unreadable: `${directory} (it is a directory)`,
    });
    expect(new KnownHosts([link], log).find('web', 22).unreadable).toBe(`${link} (ELOOP)`);
    const empty = new KnownHosts([join(folder, 'missing'), join(good, 'below'), '/dev/null', nothing], log);
    expect(empty.find('web', 22).unreadable).toBeNull();
  });

  it('searches the files of the address, and none when they cannot be told', () => {
    const paths: Record<string, string> = { web: file(`* ${text(key())}\n`), db: file('') };
    const hosts = new KnownHosts((address) => {
      const path = paths[address];
      if (path === undefined) {
        throw new Error('The ssh_config cannot be used.');
      }
      return [path];
    }, log);
    expect([isKnown(hosts, 'web'), isKnown(hosts, 'db')]).toEqual([true, false]);
    expect(hosts.find('other', 22)).toMatchObject({ trusted: [], unreadable: 'The ssh_config cannot be used.' });
  });

  it('tries 50 000 hashed names once for a machine and a state of the file', () => {
    const one = text(key());
    const hashed = (name: string): string => {
      const salt = randomBytes(20);
      const digest = createHmac('sha1', salt).update(name).digest('base64');
      return `|1|${salt.toString('base64')}|${digest} ${one}`;
    };
    const path = file(Array.from({ length: 50_000 }, (_, index) => hashed(`host${index}`)).join('\n'));
    const hosts = new KnownHosts([path], log);
    expect([isKnown(hosts, 'host49999'), isKnown(hosts, 'host50000')]).toEqual([true, false]);
    const found = hosts.find('host49999', 22);
    for (let round = 0; round < 1_000; round += 1) {
      expect(hosts.find('host49999', 22)).toBe(found);
    }
    appendFileSync(path, `\n${hashed('host50000')}\n`);
    expect(isKnown(hosts, 'host50000')).toBe(true);
  });
});
