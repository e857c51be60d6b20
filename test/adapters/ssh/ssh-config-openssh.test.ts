import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigHomes, me, write } from './ssh-config-homes.ts';

describe('the ssh_config of the account agrees with OpenSSH', () => {
  let homes: ConfigHomes;
  beforeAll(() => {
    homes = new ConfigHomes();
  });
  afterAll(() => homes.remove());

  type Answer = Record<string, string[]>;
  const asked = ['hostname', 'user', 'port', 'identityfile', 'proxyjump', 'userknownhostsfile', 'identitiesonly'];

  /** What `ssh -G` says; null when it refuses. */
  function judge(path: string, name: string): Answer | null {
    const { status, stdout } = spawnSync('ssh', ['-G', '-F', path, name], { encoding: 'utf8' });
    if (status !== 0) {
      return null;
    }
    const answer: Answer = Object.fromEntries(asked.map((keyword) => [keyword, []]));
    for (const line of stdout.split('\n')) {
      const [keyword = '', ...value] = line.split(' ');
      answer[keyword]?.push(value.join(' '));
    }
    return answer;
  }

  const shown = ({ address, port, user }: { address: string; port: number; user: string }): string =>
    `${user}@[${address}]:${port}`;

  /** ssh -G names the hops as they are written: so does a table of hops that are not looked up any further. */
  function ours(config: string, name: string): Answer | null {
    const { account, home, systemFolder } = homes.of(config);
    // The judge takes the home directory from the table of accounts.
    const atHome = (path: string): string => path.replace(home, () => me.homedir);
    try {
      const host = account.lookup(name);
      return {
        hostname: [host.address],
        user: [host.user ?? me.username],
        port: [String(host.port ?? 22)],
        identityfile: host.identityFiles.map(atHome),
        proxyjump: host.jumps.length === 0 ? [] : [host.jumps.map(shown).join(',')],
        userknownhostsfile: [
          account
            .knownHostsFiles(name)
            .filter((path) => !path.startsWith(systemFolder))
            .map(atHome)
            .join(' ') || 'none',
        ],
        identitiesonly: [account.identitiesOnly(name) ? 'yes' : 'no'],
      };
    } catch {
      return null;
    }
  }

  const unusable = /\/id_(ecdsa_sk|ed25519_sk|xmss|dsa)$/;

  function settled(answer: Answer | null): Answer | null {
    const files = answer?.['identityfile']
      ?.filter((path) => !unusable.test(path) && path !== 'none')
      .map((path) => path.replace(/^~(?=\/)/, me.homedir));
    const hops = answer?.['proxyjump']?.map((text) =>
      text
        .split(',')
        .map((hop) => {
          const [, user, six, four, port] = /^(?:ssh:\/\/)?(?:(.+)@)?(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(hop) ?? [];
          return shown({ address: six ?? four ?? '', port: Number(port ?? 22), user: user ?? me.username });
        })
        .join(','),
    );
    return answer && { ...answer, identityfile: files ?? [], proxyjump: hops ?? [] };
  }

  const table: readonly (readonly [about: string, config: string, names: readonly string[]])[] = [
    ['nothing at all', '', ['web', 'WEB', '::1', '0:0:0::1', '2001:DB8:0::A', '127.1', '10.0.0.1']],
    [
      'the first value',
      'Host web\n Port 1\n User one\nHost *\n Port 2\n User two\n HostName h.example\nHost web\n HostName late',
      ['web', 'db'],
    ],
    [
      'patterns',
      'Host *.x !b.x\n Port 1\nHost !c.x\n Port 2\nHost ?.y\n Port 3\nHost x.*.z *q*\n Port 5',
      ['a.x', 'b.x', 'c.x', 'q', 'z.y', 'zz.y', 'x.1.2.z', 'x.z', 'aqb'],
    ],
    ['the case of names', 'Host WEB\n HostName UPPER.Example\n Port 3\nHost Db\n Port 4', ['WEB', 'web', 'Db', 'DB']],
    [
      'quotes and escapes',
      'Host a "d e" \'f\'\n User "bob"\n IdentityFile "~/a b"\n IdentityFile \'/c d\'\n IdentityFile ~/e\\ f\n IdentityFile /x"y z"w\n IdentityFile "/q\\"r"',
      ['a', 'f', 'd'],
    ],
    [
      'comments',
      '# one\n  # two\nHost a # b c\n IdentityFile ~/a#b #c\n User x # y\n Port=2222 #\n HostName = h.i #\n',
      ['a', 'b'],
    ],
    ['equals signs', 'Host=a\nPort=6\nHost = b\n Port = 7\nHost c=d =e\n Port 8\nUser=bob', ['a', 'b', 'c']],
    ['line ends of Windows', 'Host a\r\n Port 5\r\n User bob\r\n\r\nHost *\r\n HostName %h.example\r\n', ['a', 'b']],
    ['the case of keywords', 'HOST a\n pOrT 5\n"User" bob', ['a']],
    [
      'keys',
      'Host a\n IdentityFile ~/one\n IdentityFile /two\n IdentityFile ~/one\n IdentitiesOnly yes\nHost b\n IdentityFile none\nHost c\n IdentityFile none\n IdentityFile /x\nHost a\n IdentityFile /late',
      ['a', 'b', 'c', 'd'],
    ],
    ['names with tokens', 'Host a\n HostName %h.%h.example\nHost b\n HostName %n\nHost c\n HostName x%%y', ['a', 'b']],
    [
      'Match',
      'Match host a\n Port 1\nMatch host=b,c user root\n Port 2\nMatch originalhost d\n HostName dd\nMatch host dd\n Port 3\nMatch host d\n Port 4\nMatch user bob host e\n Port 5\nHost e\n User bob\nMatch host e user bob\n Port 6\nMatch !host f,g\n IdentityFile /not-f\nMatch host "*,!b*" !user nobody\n IdentityFile /star\nMatch all\n Port 9',
      ['a', 'b', 'c', 'd', 'e', 'f', 'A', 'dd'],
    ],
    [
      'spellings of Match',
      'Match host x # foo\n Port 3\nMatch host="b,c" user "*"\n Port 4\nMatch host = "q"\n Port 5\nMatch host =r\nPort 6\nMATCH HOST y\n Port 7\nMatch user "a b,root" host "s"\n Port 8\nHost # none\n Port 9',
      ['x', 'b', 'q', 'r', 'y', 's', 't'],
    ],
    [
      'jumps',
      'Host a\n ProxyJump a1,user@b1:2222,ssh://u@c1:33,[::1]:44,ssh://d1/\nHost b\n ProxyJump b@d@e:1\nHost c\n ProxyJump h:\nHost d\n ProxyJump [h]\nHost e\n ProxyJump NONE\nHost f\n ProxyJump j # k\nHost g\n ProxyJump=ssh://u%41@h:3\nHost i\n ProxyJump none\nHost i l\n ProxyJump j',
      ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'i', 'l'],
    ],
    [
      'the first of ProxyJump and ProxyCommand',
      'Host b\n ProxyJump j\n ProxyCommand nc\nHost c\n ProxyCommand none\n ProxyJump j',
      ['b', 'c'],
    ],
    ['a way through itself', 'Host b\n ProxyJump b', ['b']],
    [
      'files of known hosts',
      'Host a\n UserKnownHostsFile ~/a %d/b "/c-d" ${HOME}/e /x-%k-%n-%h-%p-%r-%u-%i-%l-%L-%%\nHost b\n UserKnownHostsFile none\nHost c\n UserKnownHostsFile /k-%k\n HostKeyAlias other\n',
      ['a', 'b', 'c', 'd'],
    ],
    ['empty lines and blanks', '\n\n   \n\t\nHost a\n\n\n\tPort\t5\n   \n User    bob   \n', ['a']],
    [
      'settings of no interest',
      'AddKeysToAgent yes\nHost a\n ForwardAgent no\n LocalForward 8080 localhost:80\n SendEnv LANG LC_*\n Port 5\n ServerAliveInterval 5',
      ['a'],
    ],
    ['an address', 'Host ::1 10.0.0.?\n Port 5\n', ['::1', '10.0.0.1', '10.0.0.11']],
    ...[
      'Host',
      'Port',
      'Host a\n Port 99999',
      'Host a\n Port 0',
      'Host a\n Port x',
      'Host a\n User "x',
      'Host a\n User a b',
      'UserKnownHostsFile none /x',
      'StrictHostKeyChecking maybe',
      'ProxyJump @h',
      'ProxyJump h:0',
      'ProxyJump h/x',
      'ProxyJump [::1',
      'ProxyJump ::1',
      'ProxyJump x,,y',
      'ProxyJump x, y',
      'ProxyJump "x"y,',
      'ProxyJump a:b:c',
      'ProxyJump ssh://u@h:22/path',
      'IdentityFile ""',
      'Include',
      "Host 'a",
      'IdentitiesOnly maybe',
      'Match',
    ].map(
      (config) =>
        [`a broken file (${config.replaceAll('\n', ' ')})`, `Host z\n Port 1\n${config}\n`, ['z', 'web']] as const,
    ),
  ];

  it.each(table)('on %s', (_, config, names) => {
    const path = write(join(homes.folder, 'judged'), config);
    const expected = Object.fromEntries(names.map((name) => [name, settled(judge(path, name))]));
    expect(Object.fromEntries(names.map((name) => [name, ours(config, name)]))).toEqual(expected);
  });

  it('on included files, whose sections count only inside an active one', () => {
    const parts = join(homes.folder, 'parts');
    write(join(parts, '1.conf'), 'Port 3\nHost z\n User zz\n');
    write(join(parts, '2.conf'), 'Host y\n User yy\n IdentityFile /y\n');
    write(join(parts, '.hidden.conf'), 'User hidden\n');
    const config = `Host z\n Include ${parts}/*.conf\n HostName zz\nHost y\n Include ${parts}/[2-9].conf ${parts}/none\n Port 7\nHost q\n Include "${parts}/?.conf"\nHost v\n Include ${parts}\nMatch host w\n Include ${parts}/1.conf\nHost z w\n Port 9`;
    const path = write(join(homes.folder, 'including'), config);
    for (const name of ['z', 'y', 'q', 'v', 'w', 'other']) {
      expect([name, ours(config, name)]).toEqual([name, settled(judge(path, name))]);
    }
  });

  it('on tokens in the paths of keys', () => {
    const config =
      'Host x\n IdentityFile ~/%%h-%h-%n-%p-%r-%u-%i-%k-%l-%L\n IdentityFile ${HOME}/a\n IdentityFile %d/q\nHostName %h.loc\nPort 44\nUser bob';
    const path = write(join(homes.folder, 'tokens'), config);
    const { stderr } = spawnSync('ssh', ['-v', '-F', path, '-o', 'ProxyCommand=true', 'x'], { encoding: 'utf8' });
    const files = [...stderr.matchAll(/identity file (\S+) type/g)].flatMap(([, file = '']) =>
      file.endsWith('-cert') ? [] : [file],
    );
    expect(files).toHaveLength(3);
    expect(ours(config, 'x')?.['identityfile']).toEqual(files);
  });
});
