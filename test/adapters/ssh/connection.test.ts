import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connecting, type Connection, openConnection } from '#adapters/ssh/connection';
import { HostTrust } from '#adapters/ssh/host-trust';
import { KnownHosts } from '#adapters/ssh/known-hosts';
import { loginMethods } from '#adapters/ssh/login-methods';
import { ReachFailure } from '#adapters/ssh/reach-failure';
import type { LoginSecrets } from '#core/ports-reach';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';
import { newTestKey } from '../../support/ssh-keys.ts';
import { needService } from '../../support/services.ts';
import { type SshTestServer, startSshTestServer, type TestServerOptions } from '../../support/ssh-test-server.ts';
import { startSshd, type TestSshd } from '../../support/sshd.ts';
import { KeyBook, many, noKnownHosts, secretsOf, watchRejections } from './fault-bench.ts';

watchRejections();

const limits = { connectMs: 5_000, loginMs: 10_000, keepAliveMs: 15_000 };

type Some = Partial<Omit<Connecting, 'methods' | 'stop'>> & {
  readonly user?: string;
  readonly address?: string;
  readonly agentSocket?: string;
};

async function open(port: number, secrets: Partial<LoginSecrets>, some: Some = {}): Promise<Connection> {
  const { user = 'drover', address = '127.0.0.1', agentSocket, ...rest } = some;
  return openConnection({
    stop: { address, port, user },
    methods: await loginMethods(user, secretsOf(secrets), { agentSocket }),
    trust: new HostTrust(noKnownHosts, new KeyBook()),
    policy: 'accept-new',
    allowsWeak: false,
    limits,
    signal: new AbortController().signal,
    ...rest,
  });
}

/** Null when it was let in. */
async function failureOf(opening: Promise<Connection>): Promise<ReachFailure | null> {
  try {
    (await opening).close();
    return null;
  } catch (error) {
    if (error instanceof ReachFailure) {
      return error;
    }
    throw error;
  }
}

const methodsOf = ({ seen }: SshTestServer): string[] => seen.logins.map(({ method }) => method);

describe('a login to a server that counts', () => {
  const wrong = newTestKey();
  const right = newTestKey();
  const withServer = async (
    options: TestServerOptions,
    act: (server: SshTestServer) => Promise<void>,
  ): Promise<void> => {
    await using server = await startSshTestServer(options);
    await act(server);
  };

  it('is let in by a password, which is sent once', () =>
    withServer({ password: 'right' }, async (server) => {
      expect(await failureOf(open(server.port, { password: 'right' }))).toBeNull();
      expect(server.seen.logins).toEqual([{ user: 'drover', method: 'password', accepted: true }]);
    }));

  it('answers one question and several by keyboard-interactive', async () => {
    const question = { prompt: 'Password: ', echo: false, answer: 'right' };
    for (const prompts of [[question], [question, { ...question, prompt: 'Once more: ' }]]) {
      await withServer({ prompts }, async (server) => {
        expect(await failureOf(open(server.port, { password: 'right' }))).toBeNull();
        expect(server.seen.logins.at(-1)).toMatchObject({ method: 'keyboard-interactive', accepted: true });
      });
    }
  });

  it('never tells the password to a question that is shown', () =>
    withServer({ prompts: [{ prompt: 'Your name: ', echo: true, answer: '' }] }, async (server) => {
      expect(await failureOf(open(server.port, { password: 'secret' }))).toBeNull();
    }));

  it('tries a wrong password once, also where questions would be asked as well', async () => {
    const prompts = [{ prompt: 'Password: ', echo: false, answer: 'right' }];
    for (const options of [{ password: 'right' }, { password: 'right', prompts }]) {
      await withServer(options, async (server) => {
        const failure = await failureOf(open(server.port, { password: 'wrong' }));
        expect(failure).toMatchObject({ reason: 'auth-failed', isReset: false });
        expect(failure?.message).toBe(`127.0.0.1 port ${server.port} refused the login as drover; tried the password`);
        expect(methodsOf(server)).toEqual(['password']);
        expect(server.seen.connections).toBe(1);
      });
    }
  });

  it('tries a wrong key once and then the password', () =>
    withServer({ authorizedKey: right.publicKey, password: 'right' }, async (server) => {
      const { port } = server;
      const failure = await failureOf(open(port, { keys: [wrong] }));
      expect(failure).toMatchObject({ reason: 'auth-failed' });
      expect(failure?.message).toContain('tried the ed25519 key');
      expect(methodsOf(server)).toEqual(['publickey']);
      expect(await failureOf(open(port, { keys: [wrong, right], password: 'x' }))).toBeNull();
      expect(await failureOf(open(port, { keys: [wrong], password: 'right' }))).toBeNull();
      expect(methodsOf(server).slice(1)).toEqual(['publickey', 'publickey', 'publickey', 'password']);
    }));

  it('makes no more than six tries', () =>
    withServer({ authorizedKey: right.publicKey, password: 'right' }, async (server) => {
      const keys = many(9, () => newTestKey());
      expect(await failureOf(open(server.port, { keys, password: 'wrong' }))).toMatchObject({ reason: 'auth-failed' });
      expect(methodsOf(server)).toEqual([...many(5, () => 'publickey'), 'password']);
    }));

  it('tries nothing and says so when there is nothing to try', () =>
    withServer({ password: 'right' }, async (server) => {
      const failure = await failureOf(open(server.port, {}));
      expect(failure).toMatchObject({ reason: 'auth-failed' });
      expect(failure?.message).toMatch(/^There is nothing to log in to/);
      expect(server.seen.logins).toEqual([]);
    }));

  it('is given up when it is cancelled, with the connection', () =>
    withServer({ silentLogin: true }, async (server) => {
      const leaving = new AbortController();
      const opening = open(server.port, { password: 'x' }, { signal: leaving.signal });
      await server.until(({ unauthenticated }) => unauthenticated === 1);
      leaving.abort(new Error('left'));
      await expect(opening).rejects.toThrow('left');
      await server.until(({ open: left }) => left === 0);
      await expect(open(server.port, {}, { signal: leaving.signal })).rejects.toThrow('left');
      expect(server.seen.connections).toBe(1);
    }));
});

describe('a host key', () => {
  it('is told to the book when it is unknown, and nothing of the login is shown to its machine', async () => {
    await using server = await startSshTestServer({ password: 'right' });
    const book = new KeyBook();
    const trust = new HostTrust(noKnownHosts, book);
    const connect = (policy: Connecting['policy']): Promise<ReachFailure | null> =>
      failureOf(open(server.port, { password: 'right' }, { trust, policy }));
    const unknown = await connect('known');
    expect(unknown).toMatchObject({ reason: 'host-key', isReset: false });
    expect(unknown?.message).toContain(server.hostKey.fingerprint);
    expect(book.offered).toMatchObject([
      { key: { port: server.port, fingerprint: server.hostKey.fingerprint }, replaces: null },
    ]);
    expect(server.seen.logins).toEqual([]);
    expect(await connect('accept-new')).toBeNull();
    expect(await connect('known')).toBeNull();
    const { fingerprint } = server.hostKey;
    server.changeHostKey();
    expect((await connect('accept-new'))?.message).toMatch(/has changed/);
    expect(book.offered.at(-1)).toMatchObject({
      key: { fingerprint: server.hostKey.fingerprint },
      replaces: fingerprint,
    });
    expect(server.seen.logins).toHaveLength(2);
  });

  it('of another type than the known one is refused, and one of the known type is asked for', async () => {
    await using server = await startSshTestServer({ hostKey: newTestKey('rsa') });
    const secrets = { keys: [newTestKey()] };
    const trusting = (key: { publicKey: string }): Some => ({
      trust: new HostTrust(noKnownHosts, new KeyBook().trust('127.0.0.1', server.port, key)),
    });
    expect(await failureOf(open(server.port, secrets, trusting(server.hostKey)))).toBeNull();
    const failure = await failureOf(open(server.port, secrets, trusting(newTestKey())));
    expect(failure).toMatchObject({ reason: 'host-key' });
    expect(failure?.message).toMatch(/of a type that is not known for it/);
  });
});

describe.skipIf(needService('sshd').skip)('a login to OpenSSH', () => {
  let sshd: TestSshd;
  let folder: string;
  const log = new CollectingLog();
  const made = (name: string, ...words: string[]): string => {
    const file = join(folder, name);
    execFileSync('ssh-keygen', ['-q', '-f', file, ...words]);
    execFileSync('sh', ['-c', `cat '${file}.pub' >>'${sshd.folder}/authorized_keys'`]);
    return file;
  };
  const openSshd = (secrets: Partial<LoginSecrets>, some: Some = {}): Promise<Connection> =>
    open(sshd.port, secrets, {
      user: sshd.account.name,
      trust: new HostTrust(new KnownHosts([sshd.knownHostsFile], log), new KeyBook()),
      policy: 'known',
      ...some,
    });
  beforeAll(async () => {
    sshd = await startSshd({ passwords: true });
    folder = mkdtempSync(join(tmpdir(), 'drover-keys-'));
  });
  afterAll(async () => {
    await sshd.stop();
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['ed25519', ['-t', 'ed25519', '-N', ''], undefined],
    ['rsa', ['-t', 'rsa', '-b', '3072', '-N', ''], undefined],
    ['ecdsa', ['-t', 'ecdsa', '-b', '384', '-N', ''], undefined],
    ['encrypted', ['-t', 'ed25519', '-N', 'open sesame'], 'open sesame'],
    ['pem', ['-t', 'rsa', '-m', 'PEM', '-N', 'open sesame'], 'open sesame'],
  ])('is let in by a key: %s', async (name, words, passphrase) => {
    const privateKey = readFileSync(made(name, ...words), 'utf8');
    const connection = await openSshd({ keys: [{ privateKey, passphrase }] });
    expect(connection.isOpen).toBe(true);
    connection.close();
    expect(await connection.closed).toBe('the connection was closed');
  });

  it('is let in by a key file of the account, and by its agent', async () => {
    const file = made('agent', '-t', 'ed25519', '-N', '');
    expect(await failureOf(openSshd({ identityFiles: ['/nowhere', file] }))).toBeNull();
    const agentSocket = join(folder, 'agent.socket');
    const agent = spawn('ssh-agent', ['-D', '-a', agentSocket], { stdio: 'ignore' });
    try {
      while (!existsSync(agentSocket)) {
        await pause(5);
      }
      execFileSync('ssh-add', ['-q', file], { env: { ...process.env, SSH_AUTH_SOCK: agentSocket } });
      expect(await failureOf(openSshd({ agent: true }, { agentSocket }))).toBeNull();
      expect(await failureOf(openSshd({ agent: false }, { agentSocket }))).toMatchObject({ reason: 'auth-failed' });
      // An empty one is not in the way of the password.
      execFileSync('ssh-add', ['-q', '-D'], { env: { ...process.env, SSH_AUTH_SOCK: agentSocket } });
      const { password } = sshd.account;
      if (password !== null) {
        expect(await failureOf(openSshd({ agent: true, password }, { agentSocket }))).toBeNull();
      }
    } finally {
      const gone = once(agent, 'exit');
      agent.kill();
      await gone;
    }
  });

  it('is refused for a wrong password and a wrong key, with what was tried', async () => {
    const failure = await failureOf(openSshd({ keys: [newTestKey()], password: 'wrong' }));
    expect(failure).toMatchObject({ reason: 'auth-failed' });
    expect(failure?.message).toContain('tried the ed25519 key, the password');
  });

  it('is a refused login also when sshd takes fewer tries than we make', async () => {
    await using strict = await startSshd({ config: ['MaxAuthTries 2'] });
    const failure = await failureOf(
      open(strict.port, { keys: many(5, () => newTestKey()) }, { user: strict.account.name }),
    );
    expect(failure).toMatchObject({ reason: 'auth-failed' });
  });

  it('heeds known_hosts: [host]:port, @revoked and @cert-authority', async () => {
    const keys = [{ privateKey: sshd.privateKey }];
    expect(await failureOf(openSshd({ keys }))).toBeNull();
    const file = join(folder, 'known_hosts');
    const over = async (lines: string): Promise<ReachFailure | null> => {
      writeFileSync(file, lines);
      return failureOf(openSshd({ keys }, { trust: new HostTrust(new KnownHosts([file], log), new KeyBook()) }));
    };
    const { publicKey } = sshd.hostKey;
    expect((await over(`127.0.0.1 ${publicKey}\n`))?.message).toMatch(/is not known/);
    expect((await over(`@revoked * ${publicKey}\n`))?.message).toMatch(/@revoked/);
    expect((await over(`@cert-authority [127.0.0.1]:${sshd.port} ${publicKey}\n`))?.message).toMatch(/@cert-authority/);
    expect(await over(`[127.0.0.1]:${sshd.port} ${publicKey}\n`)).toBeNull();
  });

  it('ends a connection whose far side does not answer the goodbye', async () => {
    const connection = await openSshd({ keys: [{ privateKey: sshd.privateKey }] });
    const children = execFileSync('pgrep', ['-P', String(sshd.pid)], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(Number);
    children.forEach((pid) => process.kill(pid, 'SIGSTOP'));
    try {
      connection.close();
      expect(connection.isOpen).toBe(false);
      expect(await connection.closed).toBe('the connection was closed');
    } finally {
      children.forEach((pid) => process.kill(pid, 'SIGCONT'));
    }
  });
});
