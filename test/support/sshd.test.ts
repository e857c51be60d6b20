import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Readable } from 'node:stream';
import { Client } from 'ssh2';
import { describe, expect, it } from 'vitest';
import { isLiving, procTable } from '#adapters/local/process-table';
import { needService } from './services.ts';
import { loopbackAddresses, startSshd, type TestSshd } from './sshd.ts';

type Said = { readonly code: number | null; readonly out: string; readonly err: string };

/** OpenSSH's own client, which knows nothing but what it is given. */
function startSsh(
  { keyFile, knownHostsFile, port }: TestSshd,
  words: readonly string[],
): { readonly child: ChildProcessByStdio<null, Readable, Readable>; readonly said: Promise<Said> } {
  const options = ['BatchMode=yes', `UserKnownHostsFile=${knownHostsFile}`, 'GlobalKnownHostsFile=none'];
  const argv = ['-F', 'none', '-i', keyFile, '-p', `${port}`, ...options.flatMap((option) => ['-o', option]), ...words];
  const child = spawn('ssh', argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (err += text));
  const said = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  return { child, said };
}

const ssh = (sshd: TestSshd, words: readonly string[]): Promise<Said> => startSsh(sshd, words).said;

describe.skipIf(needService('sshd').skip)('the sshd of the tests', () => {
  const login = ({ account, address }: TestSshd): string => `${account.name}@${address}`;

  it('lets its key in and shows the host key it says it has', async () => {
    await using sshd = await startSshd();
    expect(await ssh(sshd, [login(sshd), 'echo $SHLVL; id -un'])).toEqual({
      code: 0,
      out: `5\n${sshd.account.name}\n`,
      err: '',
    });
    expect(sshd.log()).toContain(`Accepted publickey for ${sshd.account.name}`);
  });

  it('has an RSA host key when it is asked for one', async () => {
    await using sshd = await startSshd({ hostKey: 'rsa' });
    expect(sshd.hostKey).toMatchObject({ type: 'ssh-rsa', fingerprint: expect.stringMatching(/^SHA256:/) as unknown });
    expect(await ssh(sshd, [login(sshd), 'true'])).toMatchObject({ code: 0 });
  });

  it('answers on more addresses than one sshd can listen on', async () => {
    await using sshd = await startSshd({ addresses: loopbackAddresses(40) });
    expect(sshd.pids).toHaveLength(3);
    const said = await Promise.all(
      ['127.0.0.2', '127.0.0.41'].map((address) =>
        ssh(sshd, [`${sshd.account.name}@${address}`, 'echo ${SSH_CONNECTION}']),
      ),
    );
    expect(said.map(({ out }) => out.split(' ')[2])).toEqual(['127.0.0.2', '127.0.0.41']);
  });

  it('comes back on its port, with another host key when that is wanted', async () => {
    await using sshd = await startSshd();
    const { port, hostKey } = sshd;
    await sshd.restart();
    expect(sshd).toMatchObject({ port, hostKey });
    expect(await ssh(sshd, [login(sshd), 'true'])).toMatchObject({ code: 0 });
    await sshd.restart({ newHostKey: true });
    expect(sshd.hostKey.fingerprint).not.toBe(hostKey.fingerprint);
    const refused = await ssh(sshd, [login(sshd), 'true']);
    expect(refused).toMatchObject({ code: 255, err: expect.stringContaining('IDENTIFICATION HAS CHANGED') as unknown });
  });

  it('takes everybody who is logged in with it when it stops', async () => {
    const sshd = await startSshd();
    try {
      const client = startSsh(sshd, [login(sshd), 'echo $$; exec sleep 600']);
      const [pid] = (await once(client.child.stdout.setEncoding('utf8'), 'data')) as [string];
      await sshd.stop();
      expect(await client.said).toMatchObject({ code: 255 });
      expect(procTable.some([Number(pid)]).filter(isLiving)).toEqual([]);
    } finally {
      await sshd.stop();
    }
  });

  it('lets in as many logins at once as it is told', async () => {
    await using sshd = await startSshd({ maxStartups: '1' });
    const idle = connect(sshd.port, sshd.address);
    try {
      // Its greeting: from here on it counts.
      await once(idle, 'data');
      const turnedAway = connect(sshd.port, sshd.address).resume();
      const bytes: Buffer[] = [];
      turnedAway.on('data', (data: Buffer) => bytes.push(data)).on('error', () => undefined);
      await once(turnedAway, 'close');
      expect(Buffer.concat(bytes).toString()).not.toContain('SSH-2.0');
    } finally {
      idle.destroy();
    }
  });

  describe.skipIf(needService('ssh-accounts').skip)('with the accounts of the tests', () => {
    it.each([
      ['drover-bash', 'noise of .bashrc'],
      ['drover-zsh', 'noise of .zshenv'],
      ['drover-fish', 'noise of config.fish'],
      ['drover-csh', 'noise of .cshrc'],
    ] as const)('lets %s in, whose start-up file writes', async (name, noise) => {
      await using sshd = await startSshd({ setEnv: {} });
      const { out, code } = await ssh(sshd, [`${name}@${sshd.address}`, 'echo done']);
      expect({ code, lines: out.split('\n') }).toEqual({ code: 0, lines: [noise, 'done', ''] });
    });

    it('lets a password in, and no wrong one', async () => {
      await using sshd = await startSshd({ passwords: true });
      const account = sshd.accountOf('drover-sudo-pw');
      const tries = [account.password ?? '', 'wrong'].map((password) => passwordLogin(sshd, account.name, password));
      expect(await Promise.allSettled(tries)).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected' }]);
    });

    it.each([
      ['drover-sudo', 0, ''],
      ['drover-sudo-pw', 1, 'a password is required'],
      ['drover-sudo-tty', 1, 'you must have a tty'],
      ['drover-test', 1, 'a password is required'],
    ] as const)('knows sudo as it is for %s', async (name, code, err) => {
      await using sshd = await startSshd();
      const said = await ssh(sshd, [`${name}@${sshd.address}`, 'sudo -n id -u']);
      expect(said).toMatchObject({ code, out: code === 0 ? '0\n' : '', err: expect.stringContaining(err) as unknown });
    });

    it('lets root in only where that is permitted', async () => {
      await using open = await startSshd({ permitRootLogin: 'prohibit-password' });
      await using closed = await startSshd();
      const codes = await Promise.all([open, closed].map((sshd) => ssh(sshd, [`root@${sshd.address}`, 'true'])));
      expect(codes.map(({ code }) => code)).toEqual([0, 255]);
    });
  });
});

function passwordLogin(sshd: TestSshd, username: string, password: string): Promise<void> {
  const client = new Client();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // The server resets the connection behind a refusal, which is an error of its own.
  client.once('ready', resolve).on('error', reject);
  client.connect({ host: sshd.address, port: sshd.port, username, password });
  return promise.finally(() => client.end());
}

describe('loopback addresses', () => {
  it('are as many as asked for, each once, from 127.0.0.2 on and never the first or last of a net', () => {
    const addresses = loopbackAddresses(1_000);
    expect(addresses).toHaveLength(new Set(addresses).size);
    expect([addresses[0], addresses[252], addresses[253]]).toEqual(['127.0.0.2', '127.0.0.254', '127.0.1.1']);
    expect(addresses.filter((address) => /\.(0|255)$/.test(address))).toEqual([]);
  });
});
