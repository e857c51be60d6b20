import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DroverError } from '#contract/errors';
import { runCli } from '../../../src-main/cli/program.ts';
import { createFakeHost, type FakeOptions } from '../fake-host.ts';
import { engineWithRun } from '../sample-runs.ts';

/** A key in OpenSSH's format as far as it can be told whether it is encrypted. */
function opensshKey(cipher: string): string {
  const name = Buffer.from(cipher);
  const body = Buffer.concat([
    Buffer.from('openssh-key-v1\0\0\0\0'),
    Buffer.from([name.length]),
    name,
    Buffer.alloc(64),
  ]);
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${body.toString('base64').replace(/.{70}/g, '$&\n')}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

const keys: Record<string, string> = {
  plain: opensshKey('none'),
  sealed: opensshKey('aes256-ctr'),
  pem: '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nabc\n-----END RSA PRIVATE KEY-----\n',
  pkcs8: '-----BEGIN ENCRYPTED PRIVATE KEY-----\nabc\n-----END ENCRYPTED PRIVATE KEY-----\n',
  putty: 'PuTTY-User-Key-File-2: ssh-rsa\nEncryption: aes256-cbc\nComment: x\n',
  puttyPlain: 'PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: x\n',
};

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-login-'));
  const files: Record<string, string> = {
    ...keys,
    'plain.pub': 'ssh-ed25519 AAAAC3Nza ada\n',
    notes: 'nothing\n',
    password: 'canary-login\r\n',
    sudo: 'canary-sudo',
    two: 'canary-a\ncanary-b\n',
    empty: '\n',
    open: 'canary-open\n',
    hosts: '# rack 1\nweb[01-20]\nada@10.0.0.5:2222\n',
  };
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text, { mode: 0o600 });
  }
  await writeFile(join(folder, 'openkey'), opensshKey('none'), { mode: 0o600 });
  await chmod(join(folder, 'openkey'), 0o644);
  await chmod(join(folder, 'open'), 0o640);
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function start(flags: readonly string[], options: FakeOptions = {}) {
  const fake = createFakeHost({ engine: engineWithRun(), cwd: folder, ...options });
  const code = await runCli(['exec', ...flags, '--', 'true'], fake.host);
  const input = fake.asked.find(({ name }) => name === 'run.start')?.input as Record<string, unknown> | undefined;
  return { code, input, ...fake };
}

describe('where drover exec runs', () => {
  it('takes lists and files as they are, beside a selector', async () => {
    const { input } = await start(
      ['-t', 'tag:web', '-w', 'a,b', '-w', '[::1]:2222', '--hosts', 'hosts', '--hosts', '-'],
      {
        stdin: 'c d\n',
      },
    );
    expect(input).toMatchObject({
      targets: 'tag:web',
      addresses: 'a,b\n[::1]:2222\n# rack 1\nweb[01-20]\nada@10.0.0.5:2222\n\nc d\n',
    });
  });

  it('needs no selector when there are addresses, and asks for no login of its own', async () => {
    const { code, input } = await start(['-w', 'web1']);
    expect(code).toBe(0);
    expect(input).toMatchObject({ targets: '', addresses: 'web1' });
    expect(input).not.toHaveProperty('login');
  });
});

describe('the login of drover exec', () => {
  it('holds what the flags say: the text of keys, never their path', async () => {
    const flags = ['-u', 'ada', '-p', '2222', '-i', 'plain', '-i', 'puttyPlain', '--sudo', '--accept-new-host-keys'];
    const files = ['--password-file', 'password', '--sudo-password-file', 'sudo'];
    const { input } = await start(['-w', 'web1', ...flags, ...files]);
    expect(input?.['login']).toEqual({
      user: 'ada',
      port: 2222,
      keys: [{ privateKey: keys['plain'] }, { privateKey: keys['puttyPlain'] }],
      password: 'canary-login',
      become: { user: 'root', password: 'canary-sudo' },
      hostKeys: 'accept-new',
    });
    expect(JSON.stringify(input)).not.toContain(folder);
  });

  it('runs as another account than root with --sudo=USER', async () => {
    const { input } = await start(['-w', 'web1', '--sudo=www-data']);
    expect(input).toMatchObject({ login: { become: { user: 'www-data' } } });
  });

  it.each(['sealed', 'pem', 'pkcs8', 'putty'])('asks once and hidden for the passphrase of %s', async (file) => {
    const { input, questions, out, err } = await start(['-w', 'web1', '-i', file], { person: { answers: ['canary'] } });
    expect(input).toMatchObject({ login: { keys: [{ privateKey: keys[file], passphrase: 'canary' }] } });
    expect(questions).toEqual([{ text: `Passphrase of ${file}: `, hidden: true }]);
    expect(out.text + err.text).not.toContain('canary');
  });

  it('asks hidden for passwords, also where nobody watches the output', async () => {
    const { input, questions } = await start(
      ['-w', 'web1', '-u', 'ada', '--ask-password', '--sudo', '--ask-sudo-password', '--json'],
      { person: { answers: ['p1', 'p2'], isInteractive: false } },
    );
    expect(input).toMatchObject({ login: { password: 'p1', become: { user: 'root', password: 'p2' } } });
    expect(questions).toEqual([
      { text: 'Password of ada: ', hidden: true },
      { text: 'Password for sudo: ', hidden: true },
    ]);
  });

  it('ends with 130 and starts nothing when a question is answered with Ctrl-C', async () => {
    const { code, input, connects, err } = await start(['-w', 'a', '--ask-password'], { person: { answers: [null] } });
    expect([code, input, connects, err.text]).toEqual([130, undefined, [], '']);
  });

  it('reads a password from stdin', async () => {
    const { input } = await start(['-w', 'web1', '--password-file', '-'], { stdin: 'piped\n' });
    expect(input).toMatchObject({ login: { password: 'piped' } });
  });
});

describe('a login that drover exec refuses', () => {
  it.each([
    [
      ['-i', 'openkey'],
      "Other accounts may use openkey: its permissions 0644 are too open [bad-input]\n  chmod 600 'openkey'",
    ],
    [['--password-file', 'open'], "permissions 0640 are too open [bad-input]\n  chmod 600 'open'"],
    [['-i', 'plain.pub'], 'plain.pub holds the public half of a key [bad-key]\n  Name the private half: plain'],
    [['-i', 'notes'], 'notes holds no private key [bad-key]'],
    [['-i', 'missing'], 'Cannot read missing: there is no such file'],
    [['--password-file', 'two'], 'two must hold the secret on one line and nothing else'],
    [['--password-file', 'empty'], 'empty must hold the secret on one line and nothing else'],
    [['-i', 'sealed'], 'There is no terminal to ask at [bad-input]\n  Save the key once at a terminal'],
    [
      ['--ask-password'],
      'There is no terminal to ask at [bad-input]\n  Name a file that holds it: --password-file FILE',
    ],
    [['--sudo', '--ask-sudo-password'], 'Name a file that holds it: --sudo-password-file FILE'],
  ])('%j exits 2, says what to do and tells no secret', async (flags, message) => {
    const { code, input, err } = await start(['-w', 'web1', ...flags]);
    expect(err.text).toContain(message);
    expect(err.text).not.toContain('canary');
    expect([code, input]).toEqual([2, undefined]);
  });
});

describe('parameters', () => {
  const preview = (names: readonly string[]): FakeOptions => {
    const engine = engineWithRun();
    const parameters = names.map((name) => ({ name, line: 1 }));
    const targets = { total: 0, first: [], unreachable: 0, problem: null };
    const addresses = { problems: [], more: false };
    const found = { targets, addresses, parameters, leftAlone: [], problems: [] };
    const answer = { ...found, finalText: null, refusal: null, card: null };
    return { engine: { ...engine, calls: { ...engine.calls, 'run.preview': () => answer } } };
  };

  it('that the text does not use are said before the start, with the nearest name', async () => {
    const { code, err, asked } = await start(
      ['-t', 'local', '--param', 'DAY=7', '--param', 'A=1'],
      preview(['DAYS', 'A']),
    );
    expect(code).toBe(0);
    expect(err.text).toBe('drover: --param DAY is not used by the text; did you mean DAYS?\n');
    expect(asked.slice(0, 2).map(({ name }) => name)).toEqual(['run.preview', 'run.start']);
  });

  it('are all unused with --no-parameters', async () => {
    const { err } = await start(['-t', 'local', '--no-parameters', '--param', 'A=1'], preview(['A']));
    expect(err.text).toContain('--param A is not used by the text because of --no-parameters');
  });

  it('do not hold the start up when they cannot be told', async () => {
    const { code, err } = await start(['-t', 'local', '--param', 'A=1']);
    expect([code, err.text]).toEqual([0, '']);
  });
});

describe('a parameter without a value', () => {
  it.each([
    [['--param', 'DAY=7'], '--param DAY was given: did you mean DAYS?'],
    [[], 'Give it a value: --param DAYS=VALUE'],
  ])('is refused with what was probably meant, after %j', async (flags, remedy) => {
    const engine = engineWithRun();
    const refuse = (): never => {
      throw new DroverError('bad-parameter', 'Line 1: DAYS has no value.', { detail: { name: 'DAYS', line: 1 } });
    };
    const { code, err } = await start(['-t', 'local', ...flags], {
      engine: { ...engine, calls: { ...engine.calls, 'run.start': refuse } },
    });
    expect(code).toBe(2);
    expect(err.text).toBe(`drover: Line 1: DAYS has no value. [bad-parameter]\n  ${remedy}\n`);
  });
});
