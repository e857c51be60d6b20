import { once } from 'node:events';
import { connect } from 'node:net';
import { Client, type ClientChannel, type ConnectConfig } from 'ssh2';
import { describe, expect, it } from 'vitest';
import { diesAfter, endsBySignal, endsWithoutStatus, says, stalls } from './ssh-answers.ts';
import { fingerprintOf, newTestKey } from './ssh-keys.ts';
import { blackHole, greetsByteByByte, greetsWithFlood, neverGreets, startProxy } from './ssh-tcp-faults.ts';
import { type SshTestServer, startSshTestServer } from './ssh-test-server.ts';

/** Logged in, else rejects with what ssh2 says. */
async function login(port: number, config: ConnectConfig): Promise<Client> {
  const client = new Client();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  client.once('ready', resolve).on('error', reject);
  client.once('close', () => reject(new Error('closed before the login')));
  client.once('connect', () => client.setNoDelay(true));
  client.connect({ host: '127.0.0.1', port, username: 'anna', ...config });
  await promise;
  return client;
}

type Ended = { readonly out: string; readonly exit: readonly unknown[] | null };
type Execution = {
  readonly channel: ClientChannel;
  /** Its first output is there. */
  readonly began: Promise<unknown>;
  readonly ended: Promise<Ended>;
};

/** A command that was taken. What it writes and what is said of its end is looked at from the start; null when nothing was said. */
const exec = (client: Client, command: string, options = {}): Promise<Execution> =>
  new Promise((resolve, reject) => {
    client.exec(command, options, (error, channel) => {
      if (error) {
        reject(error);
        return;
      }
      let out = '';
      let exit: unknown[] | null = null;
      channel.on('data', (bytes: Buffer) => void (out += bytes.toString()));
      channel.on('exit', (...said: unknown[]) => void (exit = said));
      channel.stderr.resume();
      const began = new Promise((seen) => void channel.once('data', seen));
      resolve({ channel, began, ended: closed(channel).then(() => ({ out, exit })) });
    });
  });

/** An error before the end is part of many a test. */
const closed = (emitter: Client | ClientChannel): Promise<void> =>
  new Promise((resolve) => void emitter.once('close', resolve));

const endOf = async (client: Client, command: string, options = {}): Promise<Ended> =>
  (await exec(client, command, options)).ended;

const key = newTestKey();
const withKey = { privateKey: key.privateKey };

async function onServer(server: SshTestServer, act: (client: Client) => Promise<void>): Promise<void> {
  const client = await login(server.port, withKey);
  try {
    await act(client);
  } finally {
    client.end();
  }
}

describe('the SSH server of the tests', () => {
  it('runs commands in a shell and counts what was asked of it', async () => {
    await using server = await startSshTestServer({ authorizedKey: key.publicKey });
    await onServer(server, async (client) => {
      const env = { GREETING: 'hello' };
      expect(await endOf(client, 'echo $GREETING; exit 3', { env, pty: true })).toEqual({
        out: 'hello\n',
        exit: [3],
      });
    });
    expect(server.seen).toMatchObject({
      connections: 1,
      channels: 1,
      requests: ['env GREETING=hello', 'pty', 'exec'],
      commands: ['echo $GREETING; exit 3'],
      logins: [
        { user: 'anna', method: 'none', accepted: false },
        { method: 'publickey', accepted: true },
      ],
    });
  });

  it('passes signals on to the command', async () => {
    await using server = await startSshTestServer();
    await onServer(server, async (client) => {
      const { channel, began, ended } = await exec(
        client,
        'trap "echo caught; exit 7" TERM; echo ready; while :; do sleep 0.01; done',
      );
      await began;
      channel.signal('TERM');
      expect(await ended).toEqual({ out: 'ready\ncaught\n', exit: [7] });
    });
    expect(server.seen.signals).toEqual(['TERM']);
  });

  it.each([
    ['says a text and a code', says('text', 4), { out: 'text', exit: [4] }],
    ['ends without a status', endsWithoutStatus('text'), { out: 'text', exit: null }],
    ['ends by a signal', endsBySignal('text', 'KILL'), { out: 'text', exit: [null, 'SIGKILL', false, ''] }],
    ['dies in the middle of its output', diesAfter('text'), { out: 'text', exit: null }],
  ])('%s where the test wants it', async (_name, answer, expected) => {
    await using server = await startSshTestServer({ answer });
    await onServer(server, async (client) => {
      expect(await endOf(client, 'anything')).toEqual(expected);
    });
  });

  it('stalls and does not care for signals where the test wants it', async () => {
    await using server = await startSshTestServer({ answer: stalls('text') });
    await onServer(server, async (client) => {
      const { channel, began, ended } = await exec(client, 'anything');
      await began;
      channel.signal('KILL');
      await server.until(({ signals }) => signals.length === 1);
      server.cut();
      expect(await ended).toEqual({ out: 'text', exit: null });
    });
  });

  it('opens no more channels than it may', async () => {
    await using server = await startSshTestServer({ maxChannels: 1, answer: stalls('') });
    await onServer(server, async (client) => {
      await exec(client, 'first');
      await expect(exec(client, 'second')).rejects.toThrow('Channel open failure');
    });
    expect(server.seen).toMatchObject({ channels: 1, peakChannels: 1, refusedChannels: 1 });
  });

  it('resets the first connections and takes the next', async () => {
    await using server = await startSshTestServer({ resets: 2 });
    await expect(login(server.port, withKey)).rejects.toThrow();
    await expect(login(server.port, withKey)).rejects.toThrow();
    await onServer(server, () => Promise.resolve());
    expect(server.seen).toMatchObject({ connections: 3, peakUnauthenticated: 1 });
  });

  it('asks several things and lets in who answers all of them', async () => {
    const prompts = [
      { prompt: 'Password: ', echo: false, answer: 'secret' },
      { prompt: 'Code: ', echo: true, answer: '123' },
    ];
    await using server = await startSshTestServer({ prompts });
    const answering = async (answers: string[]): Promise<void> => {
      const client = new Client();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      client.once('ready', resolve).on('error', reject);
      client.on('keyboard-interactive', (...[, , , asked, finish]) => {
        expect(asked.map(({ prompt }) => prompt)).toEqual(['Password: ', 'Code: ']);
        finish(answers);
      });
      client.connect({ host: '127.0.0.1', port: server.port, username: 'anna', tryKeyboard: true });
      await promise.finally(() => client.end());
    };
    await answering(['secret', '123']);
    await expect(answering(['secret', '124'])).rejects.toThrow();
    const tries = server.seen.logins.filter(({ method }) => method === 'keyboard-interactive');
    expect(tries.map(({ accepted }) => accepted)).toEqual([true, false]);
  });

  it('lets in the right password only', async () => {
    await using server = await startSshTestServer({ password: 'secret' });
    (await login(server.port, { password: 'secret' })).end();
    await expect(login(server.port, { password: 'guess' })).rejects.toThrow('authentication methods failed');
    await expect(login(server.port, withKey)).rejects.toThrow('authentication methods failed');
  });

  it('shows another host key after a change', async () => {
    await using server = await startSshTestServer();
    const shown: string[] = [];
    const hostVerifier = (blob: Buffer): boolean => {
      shown.push(fingerprintOf(`ssh-ed25519 ${blob.toString('base64')}`));
      return true;
    };
    const before = server.hostKey.fingerprint;
    (await login(server.port, { ...withKey, hostVerifier })).end();
    server.changeHostKey();
    (await login(server.port, { ...withKey, hostVerifier })).end();
    expect(shown).toEqual([before, server.hostKey.fingerprint]);
    expect(shown[0]).not.toBe(shown[1]);
  });

  it('offers only weak algorithms when it is told so', async () => {
    await using server = await startSshTestServer({ weak: true });
    await expect(login(server.port, withKey)).rejects.toThrow('no matching');
    const algorithms: ConnectConfig['algorithms'] = {
      kex: ['diffie-hellman-group14-sha1'],
      cipher: ['aes128-cbc'],
      hmac: ['hmac-sha1'],
      serverHostKey: ['ssh-rsa'],
    };
    (await login(server.port, { ...withKey, algorithms })).end();
  });

  it('leaves a login without an answer when it is told so', async () => {
    await using server = await startSshTestServer({ silentLogin: true });
    await expect(login(server.port, { ...withKey, readyTimeout: 300 })).rejects.toThrow('Timed out');
    await server.until(({ open }) => open === 0);
    expect(server.seen).toMatchObject({ logins: [], unauthenticated: 0, peakUnauthenticated: 1 });
  });
});

describe('faults before any SSH', () => {
  const limit = { ...withKey, readyTimeout: 300 };

  it('are a server that never greets, one that does so byte by byte and one that floods', async () => {
    await using silent = await neverGreets();
    await using slow = await greetsByteByByte(10);
    await using flood = await greetsWithFlood(1_000_000, { inLines: true });
    const tries = [silent, slow, flood].map(({ port }) => login(port, limit));
    expect((await Promise.allSettled(tries)).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect([silent, slow, flood].map(({ connections }) => connections())).toEqual([1, 1, 1]);
  });

  it('are a port to which every connect hangs', async () => {
    await using hole = await blackHole();
    const socket = connect({ port: hole.port, host: '127.0.0.1' });
    const seen: string[] = [];
    socket.on('connect', () => seen.push('connect')).on('error', () => seen.push('error'));
    socket.setTimeout(500);
    await once(socket, 'timeout');
    socket.destroy();
    expect(seen).toEqual([]);
  });
});

describe('the proxy of the tests', () => {
  const to = ({ port }: SshTestServer) => ({ to: { host: '127.0.0.1', port } });

  it('holds everything back and lets it pass again', async () => {
    await using server = await startSshTestServer();
    await using proxy = await startProxy(to(server));
    const client = await login(proxy.port, withKey);
    proxy.stall();
    const late = endOf(client, 'echo late');
    const { passed } = proxy;
    // A new link is taken as well and stays as mute.
    const other = connect(proxy.port, '127.0.0.1');
    await once(other, 'connect');
    await server.until(({ connections }) => connections === 2);
    expect([proxy.passed, server.seen.channels, proxy.links]).toEqual([passed, 0, 2]);
    other.destroy();
    proxy.resume();
    expect(await late).toEqual({ out: 'late\n', exit: [0] });
    client.end();
  });

  it('cuts all links, and takes new ones', async () => {
    await using server = await startSshTestServer();
    await using proxy = await startProxy(to(server));
    const client = await login(proxy.port, withKey);
    const gone = closed(client);
    proxy.cut();
    await gone;
    (await login(proxy.port, withKey)).end();
    expect(server.seen.connections).toBe(2);
  });

  it('cuts when so many bytes have passed', async () => {
    await using server = await startSshTestServer();
    await using proxy = await startProxy(to(server));
    const client = await login(proxy.port, withKey);
    const end = endOf(client, 'head -c 1000000 /dev/zero; sleep 600');
    proxy.killAfterBytes(100_000);
    const { out, exit } = await end;
    expect(exit).toBeNull();
    expect(out.length).toBeLessThanOrEqual(100_000);
    expect(out.length).toBeGreaterThan(50_000);
  });
});
