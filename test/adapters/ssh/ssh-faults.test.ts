import { once } from 'node:events';
import { createServer } from 'node:net';
import ssh2 from 'ssh2';
import { describe, expect, it } from 'vitest';
import type { Stop } from '#core/ports-reach';
import { newTestKey } from '../../support/ssh-keys.ts';
import { blackHole, greetsByteByByte, greetsWithFlood, neverGreets, startProxy } from '../../support/ssh-tcp-faults.ts';
import { startSshTestServer } from '../../support/ssh-test-server.ts';
import { needService } from '../../support/services.ts';
import { startSshd, type TestSshd } from '../../support/sshd.ts';
import { Bench, counted, many, type Ran, secretsOf, stopAt, told, watchRejections } from './fault-bench.ts';

watchRejections();

const withPassword = { good: secretsOf({ password: 'right' }), bad: secretsOf({ password: 'wrong' }) };
const keyBench = ({ privateKey }: TestSshd, limits = {}): Bench =>
  new Bench({ good: secretsOf({ keys: [{ privateKey }] }) }, limits);
const stopOf = ({ port, account }: TestSshd): Stop => stopAt(port, { user: account.name });
const lostMs = async (act: () => Promise<unknown>): Promise<number> => {
  const from = performance.now();
  await act();
  return performance.now() - from;
};

describe('a machine that does not answer as it should', () => {
  it('is a refused connection when nothing listens', async () => {
    const listener = await neverGreets();
    await listener.stop();
    await using bench = new Bench(withPassword);
    const { result } = await bench.run(stopAt(listener.port));
    expect(result).toMatchObject({
      reason: 'refused-connection',
      message: `Nothing listens at 127.0.0.1 port ${listener.port}`,
    });
  });

  it('is unreachable within the limit for connecting when packets are dropped', async () => {
    await using hole = await blackHole();
    await using bench = new Bench(withPassword, { connectMs: 200 });
    const took = await lostMs(async () => {
      expect(told(await bench.run(stopAt(hole.port)))).toBe(
        `unreachable: 127.0.0.1 port ${hole.port} did not answer within 0.2 s`,
      );
    });
    expect(took).toBeLessThan(2_000);
  });

  it('is unreachable within the limit of the whole login when it greets too slowly or never, and gives its turn away', async () => {
    for (const listen of [neverGreets, () => greetsByteByByte(50)]) {
      await using listener = await listen();
      await using bench = new Bench(withPassword, { loginMs: 300, unauthenticated: 1 });
      const words = `unreachable: 127.0.0.1 port ${listener.port} did not let us log in within 0.3 s`;
      const took = await lostMs(async () => {
        const ran = await Promise.all(['one', 'two'].map((user) => bench.run(stopAt(listener.port, { user }))));
        expect(ran.map(told)).toEqual([words, words]);
      });
      expect(took).toBeGreaterThan(500);
      expect(took).toBeLessThan(4_000);
      expect(listener.connections()).toBe(2);
    }
  });

  it('is tried again when it resets before the key exchange, and told when it goes on', async () => {
    await using server = await startSshTestServer({ password: 'right', resets: 2 });
    await using bench = new Bench(withPassword);
    expect(told(await bench.run(stopAt(server.port)))).toBe('ok');
    expect(server.seen.connections).toBe(3);
    server.resetNext(99);
    expect(told(await bench.run(stopAt(server.port, { user: 'other' })))).toMatch(/^unreachable: .*closed/);
    expect(server.seen.connections).toBe(3 + 4);
  });

  it('is refused with the remedy when it has weak algorithms only, and let in where they are allowed', async () => {
    await using server = await startSshTestServer({ password: 'right', weak: true });
    await using bench = new Bench(withPassword);
    const { result } = await bench.run(stopAt(server.port));
    expect(result).toMatchObject({ reason: 'unreachable' });
    expect(result.message).toMatch(/allow weak algorithms for this target/);
    expect(told(await bench.run(stopAt(server.port), { weakAlgorithms: true }))).toBe('ok');
  });

  it('makes nothing grow by a flood in place of a greeting or by a long banner', async () => {
    await using bench = new Bench(withPassword, { loginMs: 1_000 });
    await using flood = await greetsWithFlood(1_000_000, { inLines: true });
    await using line = await greetsWithFlood(1_000_000, { inLines: false });
    await using server = await startSshTestServer({ password: 'right', banner: 'x'.repeat(1_000_000) });
    const before = process.memoryUsage().rss;
    const ran = await Promise.all([flood, line, server].map(({ port }) => bench.run(stopAt(port))));
    expect(ran.slice(0, 2).map((one) => told(one).split(':')[0])).toEqual(['unreachable', 'unreachable']);
    expect(process.memoryUsage().rss - before).toBeLessThan(32 * 1024 * 1024);
  });

  it('is never let compress, also where it takes nothing else', async () => {
    const options = { hostKeys: [newTestKey().privateKey], algorithms: { compress: ['zlib@openssh.com', 'zlib'] } };
    const server = new ssh2.Server(options as ssh2.ServerConfig, (client) => client.on('error', () => undefined));
    const listener = createServer((socket) => server.injectSocket(socket.on('error', () => undefined)));
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const address = listener.address();
    await using bench = new Bench(withPassword);
    expect(told(await bench.run(stopAt(typeof address === 'object' ? (address?.port ?? 0) : 0)))).toMatch(
      /^unreachable: .*compress/,
    );
    listener.close();
  });
});

describe('what is asked of a server', () => {
  it('is nothing but commands: no environment, terminal, display or agent', async () => {
    await using server = await startSshTestServer({ password: 'right' });
    await using bench = new Bench(withPassword);
    expect((await bench.run(stopAt(server.port), { script: 'echo hello' })).out).toBe('hello\n');
    await bench.run(stopAt(server.port), { script: 'exit 3' });
    expect(new Set(server.seen.requests)).toEqual(new Set(['exec']));
  });

  it('is one connection for every eight of twenty runs that come in the same moment', async () => {
    await using server = await startSshTestServer({ password: 'right' });
    await using bench = new Bench(withPassword);
    const ran = await Promise.all(many(20, () => bench.run(stopAt(server.port))));
    expect(counted(ran.map(told))).toEqual({ ok: 20 });
    expect(server.seen.connections).toBe(3);
    expect(server.seen.peakChannels).toBeLessThanOrEqual(8);
  });
});

describe('a run that is cancelled before it began', () => {
  const cancelled = 'cancelled: Stopped before it was started';

  it('ends at once while it waits for its turn, and leaves the turn to the next', async () => {
    await using listener = await neverGreets();
    await using bench = new Bench(withPassword, { unauthenticated: 1, loginMs: 500 });
    const cancel = new AbortController();
    const first = bench.run(stopAt(listener.port, { user: 'first' }));
    const waits = bench.run(stopAt(listener.port, { user: 'waits' }), { term: cancel.signal });
    const last = bench.run(stopAt(listener.port, { user: 'last' }));
    setTimeout(() => cancel.abort(), 50);
    const took = await lostMs(async () => expect(told(await waits)).toBe(cancelled));
    expect(took).toBeLessThan(450);
    expect((await Promise.all([first, last])).map((one) => told(one).split(':')[0])).toEqual(
      many(2, () => 'unreachable'),
    );
    expect(listener.connections()).toBe(2);
  });

  it('ends at once while it connects and while it logs in', async () => {
    await using hole = await blackHole();
    await using silent = await startSshTestServer({ silentLogin: true });
    await using bench = new Bench(withPassword);
    const cancel = new AbortController();
    const ran = [hole.port, silent.port].map((port) => bench.run(stopAt(port), { term: cancel.signal }));
    await silent.until(({ unauthenticated }) => unauthenticated === 1);
    const took = await lostMs(async () => {
      cancel.abort();
      expect((await Promise.all(ran)).map(told)).toEqual([cancelled, cancelled]);
    });
    expect(took).toBeLessThan(1_000);
    await silent.until(({ open }) => open === 0);
  });
});

describe.skipIf(needService('sshd').skip)('a sshd with the limits of OpenSSH', () => {
  it('turns none of 128 runs away that come at once', async () => {
    await using sshd = await startSshd();
    await using bench = keyBench(sshd);
    const ran = await Promise.all(many(128, () => bench.run(stopOf(sshd), { script: 'sleep 0.2; echo hello' })));
    expect(counted(ran.map((one) => `${told(one)} ${one.out.trim()}`))).toEqual({ 'ok hello': 128 });
    expect(sshd.log()).not.toMatch(/MaxStartups|drop connection/);
  });

  it.each([1, 2])('turns no run away where it takes %i at a time over one connection', async (maxSessions) => {
    await using sshd = await startSshd({ maxSessions });
    await using bench = keyBench(sshd);
    const ran = await Promise.all(many(24, () => bench.run(stopOf(sshd), { script: 'sleep 0.2' })));
    expect(counted(ran.map(told))).toEqual({ ok: 24 });
  });

  it('is connected to anew when it was started again between two runs', async () => {
    await using sshd = await startSshd();
    await using bench = keyBench(sshd);
    expect(told(await bench.run(stopOf(sshd)))).toBe('ok');
    await sshd.restart();
    expect(told(await bench.run(stopOf(sshd)))).toBe('ok');
  });
});

/** Begins a run that goes on writing, and acts as soon as the first of it has come. */
function inMidOutput(bench: Bench, stop: Stop, order: { jumps?: Stop[]; act: () => void }): Promise<Ran> {
  const { act, jumps = [] } = order;
  let hasBegun = false;
  return bench.run(stop, {
    jumps,
    script: 'n=0; while [ $n -lt 30 ]; do echo line; n=$((n+1)); sleep 0.1; done',
    onOutput: () => {
      if (!hasBegun) {
        hasBegun = true;
        act();
      }
    },
  });
}

describe.skipIf(needService('sshd').skip)('a connection that breaks in the middle of a run', () => {
  const lost = /^lost: The connection broke \(.*\): it may still run there$/;

  it('is noticed after three keep-alives without an answer, and nobody else is hurt', async () => {
    await using sshd = await startSshd();
    await using proxy = await startProxy({ to: { host: '127.0.0.1', port: sshd.port } });
    await using bench = keyBench(sshd, { keepAliveMs: 150 });
    let stalledAt = 0;
    const other = bench.run(stopOf(sshd), { script: 'sleep 1; echo fine' });
    const ran = await inMidOutput(bench, stopAt(proxy.port, { user: sshd.account.name }), {
      act: () => {
        stalledAt = performance.now();
        proxy.stall();
      },
    });
    expect(performance.now() - stalledAt).toBeLessThan(150 * 4 + 1_000);
    expect(told(ran)).toMatch(lost);
    expect(told(ran)).toContain('nothing came from it any more');
    expect((await other).out).toBe('fine\n');
  });

  it('is noticed in the same way when the far side hangs: its processes are stopped and the kernel keeps the line open', async () => {
    await using sshd = await startSshd();
    await using healthy = await startSshd();
    await using bench = new Bench(
      {
        good: secretsOf({ keys: [{ privateKey: sshd.privateKey }] }),
        other: secretsOf({ keys: [{ privateKey: healthy.privateKey }] }),
      },
      { keepAliveMs: 150 },
    );
    const other = bench.run(stopAt(healthy.port, { user: healthy.account.name, login: 'other' }), {
      script: 'sleep 1; echo fine',
    });
    const ran = await inMidOutput(bench, stopOf(sshd), { act: () => sshd.freezeLogins() });
    expect(told(ran)).toMatch(lost);
    expect((await other).out).toBe('fine\n');
    expect(told(await bench.run(stopOf(sshd)))).toBe('ok');
  });

  it('is lost and says that it may still run when it was cut, and the next run has a new one', async () => {
    await using sshd = await startSshd();
    await using proxy = await startProxy({ to: { host: '127.0.0.1', port: sshd.port } });
    await using bench = keyBench(sshd);
    const stop = stopAt(proxy.port, { user: sshd.account.name });
    const ran = await inMidOutput(bench, stop, { act: () => proxy.cut() });
    expect(told(ran)).toMatch(lost);
    expect(ran.out).toMatch(/^line/);
    expect(told(await bench.run(stop))).toBe('ok');
  });

  it('is lost when the jump host dies', async () => {
    await using sshd = await startSshd();
    await using jump = await startSshd();
    await using bench = new Bench({
      good: secretsOf({ keys: [{ privateKey: sshd.privateKey }] }),
      jump: secretsOf({ keys: [{ privateKey: jump.privateKey }] }),
    });
    const jumps = [stopAt(jump.port, { user: jump.account.name, login: 'jump' })];
    let restarted: Promise<void> | undefined;
    const ran = await inMidOutput(bench, stopOf(sshd), { jumps, act: () => void (restarted = jump.restart()) });
    await restarted;
    expect(told(ran)).toMatch(lost);
    expect(told(await bench.run(stopOf(sshd), { jumps }))).toBe('ok');
  });
});

describe.skipIf(needService('sshd').skip)('many targets behind one jump host', () => {
  const logins = ({ privateKey }: TestSshd): ConstructorParameters<typeof Bench>[0] => ({
    ...withPassword,
    jump: secretsOf({ keys: [{ privateKey }] }),
  });
  const jumpsOf = (jump: TestSshd): Stop[] => [stopAt(jump.port, { user: jump.account.name, login: 'jump' })];

  it('are all reached, never more than eight logging in at once', async () => {
    await using jump = await startSshd();
    await using server = await startSshTestServer({ password: 'right' });
    await using bench = new Bench(logins(jump));
    // Other names of the same machine, so that only the brake of the jump host holds them up.
    const addresses = ['127.0.0.1', '127.1', '127.0.1', '0x7f.1', '2130706433'];
    const ran = await Promise.all(
      many(200, (at) => {
        const address = addresses[at % addresses.length] ?? '127.0.0.1';
        return bench.run(stopAt(server.port, { address, user: `user${at}` }), { jumps: jumpsOf(jump) });
      }),
    );
    expect(counted(ran.map(told))).toEqual({ ok: 200 });
    expect(server.seen.peakUnauthenticated).toBeLessThanOrEqual(8);
    expect(jump.log()).not.toMatch(/MaxStartups|drop connection/);
  });

  it('are each asked for their own host key', async () => {
    await using jump = await startSshd();
    await using server = await startSshTestServer({ password: 'right' });
    await using bench = new Bench(logins(jump));
    const run = (): Promise<Ran> => bench.run(stopAt(server.port), { jumps: jumpsOf(jump), hostKeys: 'known' });
    expect(told(await run())).toMatch(new RegExp(`^host-key: On the way: .*127.0.0.1 port ${jump.port} is not known`));
    bench.book.trust('127.0.0.1', jump.port, jump.hostKey);
    expect(told(await run())).toMatch(new RegExp(`^host-key: .*127.0.0.1 port ${server.port} is not known`));
    expect(bench.book.offered.map(({ key }) => key.port)).toEqual([jump.port, server.port]);
    bench.book.trust('127.0.0.1', server.port, server.hostKey);
    expect(told(await run())).toBe('ok');
  });

  it('are not told a wrong password again and again, until it has been right once', async () => {
    await using jump = await startSshd();
    await using server = await startSshTestServer({ password: 'right' });
    await using other = await startSshTestServer({ password: 'wrong' });
    await using bench = new Bench(logins(jump));
    const tryAt = (port: number, user: string, runId: string): Promise<Ran> =>
      bench.run(stopAt(port, { user, login: 'bad' }), { jumps: jumpsOf(jump), runId });
    const left = many(30, (at) => `user${at}`);
    const ran: Ran[] = [];
    const work = async (): Promise<void> => {
      for (let user = left.pop(); user !== undefined; user = left.pop()) {
        ran.push(await tryAt(server.port, user, 'run-1'));
      }
    };
    await Promise.all(many(8, work));
    const untried = ran
      .map(told)
      .filter((words) => words.startsWith('auth-failed: Not tried: five targets of this run'));
    expect(server.seen.logins.length).toBeLessThanOrEqual(5 + 7);
    expect(untried).toHaveLength(30 - server.seen.logins.length);
    expect(ran.every((one) => told(one).startsWith('auth-failed'))).toBe(true);

    const before = server.seen.logins.length;
    expect(told(await tryAt(other.port, 'first', 'run-2'))).toBe('ok');
    await Promise.all(many(10, (at) => tryAt(server.port, `again${at}`, 'run-2')));
    expect(server.seen.logins).toHaveLength(before + 10);
  });
});
