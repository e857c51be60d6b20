import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DroverError } from '#contract/errors';
import { installKeyText } from '#contract/install-key-text';
import { runCli } from '../../../src-main/cli/program.ts';
import { createFakeHost, type FakeEngine, type FakeOptions } from '../fake-host.ts';
import { sampleCredential } from '../sample-reach.ts';
import { engineWithRun, sampleLine } from '../sample-runs.ts';

async function credential(argv: readonly string[], engine: FakeEngine = {}, options: FakeOptions = {}) {
  const fake = createFakeHost({ engine, ...options });
  const code = await runCli(['credential', ...argv], fake.host);
  const inputOf = (call: string) => fake.asked.find(({ name }) => name === call)?.input;
  return { ...fake, code, inputOf };
}

const password = sampleCredential({
  no: 2,
  name: 'router',
  kind: 'password',
  publicKey: null,
  fingerprint: null,
  holds: ['password', 'becomePassword'],
  become: { user: 'root' },
});
const list = { 'credential.list': () => ({ credentials: [sampleCredential(), password] }) };

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-credential-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('drover credential ls', () => {
  it('lists what they are and hold, and no secret', async () => {
    const { out } = await credential(['ls'], { calls: list });
    expect(out.text).toBe(
      [
        'NO  NAME    KIND      USER    SUDO  HOLDS                    TARGETS  FINGERPRINT',
        '1   deploy  key       deploy        private key              3        SHA256:of-deploy',
        '2   router  password  deploy  root  password, sudo password  3',
        '',
      ].join('\n'),
    );
  });

  it('prints one object a line with --json', async () => {
    const { out } = await credential(['ls', '--json'], { calls: list });
    expect(out.text.trimEnd().split('\n')).toHaveLength(2);
  });
});

describe('drover credential add', () => {
  const calls = {
    'credential.create': () => password,
    'credential.generate': () => sampleCredential(),
    'credential.update': () => sampleCredential(),
  };

  it('stores a password that was typed hidden', async () => {
    const flags = ['--kind', 'password', '--user', 'admin', '--ask-password', '--sudo', '--ask-sudo-password'];
    const { inputOf, out, err, questions, code } = await credential(
      ['add', 'router', ...flags],
      { calls },
      { person: { answers: ['canary-1', 'canary-2'] } },
    );
    expect(inputOf('credential.create')).toEqual({
      name: 'router',
      kind: 'password',
      user: 'admin',
      become: { user: 'root' },
      secret: { password: 'canary-1', becomePassword: 'canary-2' },
    });
    expect(questions.every(({ hidden }) => hidden)).toBe(true);
    expect([code, out.text, err.text]).toEqual([0, '2 router\n', '']);
  });

  it('stores the text of a key, and knows from the options what it is', async () => {
    const key = '-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\n';
    await writeFile(join(folder, 'id'), key, { mode: 0o600 });
    const { inputOf } = await credential(['add', 'old', '-i', 'id'], { calls }, { cwd: folder });
    expect(inputOf('credential.create')).toMatchObject({ kind: 'key', user: null, secret: { privateKey: key } });
  });

  it('prints the public half of a key that it made', async () => {
    const { inputOf, out, asked } = await credential(['add', 'deploy', '--generate', '--user', 'deploy'], { calls });
    expect(inputOf('credential.generate')).toEqual({ name: 'deploy', user: 'deploy', become: null });
    expect(asked).toHaveLength(1);
    expect(out.text).toBe('ssh-ed25519 AAAAC3Nza deploy\n');
  });

  it('adds the password of sudo to a key that it made', async () => {
    const flags = ['--generate', '--sudo', '--sudo-password-file', '-'];
    const { inputOf } = await credential(['add', 'deploy', ...flags], { calls }, { stdin: 'pw\n' });
    expect(inputOf('credential.update')).toEqual({
      id: 'id-deploy',
      rev: 4,
      change: { secret: { becomePassword: 'pw' } },
    });
  });

  it('stores the use of the ssh-agent', async () => {
    const { inputOf } = await credential(['add', 'mine', '--kind', 'agent'], { calls });
    expect(inputOf('credential.create')).toMatchObject({ kind: 'agent', secret: {} });
  });

  it.each([
    [['add', 'x'], 'Say what it is: --kind KIND'],
    [['add', 'x', '--kind', 'key'], 'A key needs -i FILE or --generate'],
    [['add', 'x', '--kind', 'password'], 'A password needs --ask-password'],
    [['add', 'x', '--kind', 'agent', '--generate'], 'The ssh-agent needs neither'],
    [['add', 'x', '--kind', 'password', '--generate', '--ask-password'], 'A password needs'],
    [['add', 'x', '--kind', 'winrm'], 'Allowed choices are password, key, agent'],
    [['add', 'x', '--generate', '-i', 'f'], 'cannot be used with'],
    [['add', 'x', '--ask-password'], 'There is no terminal to ask at'],
  ])('refuses %j without asking the engine', async (argv, message) => {
    const { code, err, connects } = await credential(argv);
    expect(err.text).toContain(message);
    expect([code, connects]).toEqual([2, []]);
  });

  it.each([
    ['name-taken', 2],
    ['bad-key', 2],
    ['secrets-locked', 3],
    ['vault-damaged', 3],
  ] as const)('answered with %s exits %i', async (errorCode, code) => {
    const refuse = (): never => {
      throw new DroverError(errorCode, 'No');
    };
    expect((await credential(['add', 'x', '--kind', 'agent'], { calls: { 'credential.create': refuse } })).code).toBe(
      code,
    );
  });
});

describe('drover credential public-key', () => {
  it('prints the line for authorized_keys', async () => {
    expect((await credential(['public-key', 'deploy'], { calls: list })).out.text).toBe(
      'ssh-ed25519 AAAAC3Nza deploy\n',
    );
  });

  it('exits 2 where there is none', async () => {
    const { code, err } = await credential(['public-key', 'router'], { calls: list });
    expect(err.text).toContain("The credential 'router' has no public key: it is of the kind password");
    expect(code).toBe(2);
  });
});

describe('drover credential install', () => {
  it('is a run that gets the key as its argument and the login that was given', async () => {
    const engine = engineWithRun({ lines: [sampleLine({ text: 'installed' })] });
    const flags = ['-w', 'web1', '-u', 'root', '--ask-password'];
    const { inputOf, out, code } = await credential(
      ['install', 'deploy', ...flags],
      { ...engine, calls: { ...engine.calls, ...list } },
      { person: { answers: ['canary'] } },
    );
    expect(inputOf('run.start')).toMatchObject({
      name: 'Install key deploy',
      addresses: 'web1',
      login: { user: 'root', password: 'canary' },
      task: { language: 'shell', args: ['ssh-ed25519 AAAAC3Nza deploy'], noParameters: true },
    });
    expect([code, out.text]).toEqual([0, 'installed\n']);
  });

  it('says that it must be told where', async () => {
    const { code, err } = await credential(['install', 'deploy']);
    expect([code, err.text]).toEqual([2, expect.stringContaining('drover credential install deploy -w web1')]);
  });
});

describe('the script that installs a key', () => {
  const key = "ssh-ed25519 AAAAC3Nza it's $HOME; *";
  const install = (): string =>
    execFileSync('sh', ['-s', '--', key], {
      input: installKeyText,
      env: { HOME: folder, PATH: process.env['PATH'] },
    }).toString();
  const file = (): string => join(folder, '.ssh', 'authorized_keys');
  const mode = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

  it('makes a private folder and file, and says the second time that the key is there', async () => {
    expect(install()).toBe('installed\n');
    expect(install()).toBe('already there\n');
    expect(await readFile(file(), 'utf8')).toBe(`${key}\n`);
    expect([await mode(join(folder, '.ssh')), await mode(file())]).toEqual([0o700, 0o600]);
  });

  it('keeps what is there, also without a last line break, and closes what was open', async () => {
    await mkdir(join(folder, '.ssh'), { mode: 0o755 });
    await writeFile(file(), 'ssh-rsa BBBB other', { mode: 0o644 });
    expect(install()).toBe('installed\n');
    expect(await readFile(file(), 'utf8')).toBe(`ssh-rsa BBBB other\n${key}\n`);
    expect([await mode(join(folder, '.ssh')), await mode(file())]).toEqual([0o700, 0o600]);
  });

  it.each([
    ['from="10.0.0.1" ssh-ed25519 AAAAC3Nza another comment\n', 'already there\n'],
    ['# ssh-ed25519 AAAAC3Nza it\n', 'installed\n'],
  ])('knows the key in %j', async (before, said) => {
    await mkdir(join(folder, '.ssh'));
    await writeFile(file(), before);
    expect(install()).toBe(said);
  });
});

describe('drover credential rm', () => {
  it('removes by name after a yes', async () => {
    const calls = { ...list, 'credential.remove': () => ({}) };
    const { inputOf, questions, code } = await credential(
      ['rm', 'router'],
      { calls },
      { person: { answers: ['yes'] } },
    );
    expect(questions[0]?.text).toBe('Remove the credential router and its secrets? [y/N] ');
    expect([code, inputOf('credential.remove')]).toEqual([0, { id: 'id-router' }]);
  });

  it('exits 3 while targets name it', async () => {
    const refuse = (): never => {
      throw new DroverError('credential-in-use', 'web1 uses deploy');
    };
    const { code } = await credential(['rm', 'deploy', '--yes'], { calls: { ...list, 'credential.remove': refuse } });
    expect(code).toBe(3);
  });
});
