import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { needService } from '../../support/services.ts';
import { ended, type Going, isAlive, pidsOf, shellPlan, SshBench, Stopping } from './ssh-bench.ts';

const mine = new Set<number>();

async function pids(going: Going, count: number): Promise<number[]> {
  const found = await pidsOf(going, count);
  found.forEach((pid) => mine.add(pid));
  return found;
}

const uidOf = (pid: number): number =>
  Number(/^Uid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? -1);

describe.skipIf(needService('ssh-accounts').skip)('a script as another account', () => {
  let bench: SshBench;
  beforeAll(async () => {
    bench = await SshBench.start();
  });
  afterAll(() => bench.stop());
  afterEach(() => {
    [...mine].filter(isAlive).forEach((pid) => process.kill(pid, 'SIGKILL'));
    mine.clear();
  });

  const passwordOf = (): string => bench.sshd.accountOf('drover-sudo-pw').password ?? '';
  const root = { user: 'root' };
  const withPassword = () => ({ account: 'drover-sudo-pw', become: { ...root, password: passwordOf() } }) as const;

  it.each([undefined, 'not asked for'])('runs as root where sudo asks for nothing, password %s', async (password) => {
    const become = password === undefined ? root : { ...root, password };
    const text = 'id -un; pwd; umask; echo err >&2; cat; exit 3';
    const got = await bench.run({ plan: shellPlan(text), account: 'drover-sudo', become, stdin: 'answer\n' });
    expect(got).toEqual({ out: 'root\n/root\n0022\nanswer\n', err: 'err\n', result: ended(3) });
  });

  it('runs as root when the password is right, and neither the question nor the password is in its output', async () => {
    const got = await bench.run({ plan: shellPlan('id -un; cat'), ...withPassword(), stdin: 'answer\n' });
    expect(got).toEqual({ out: 'root\nanswer\n', err: '', result: ended(0) });
  });

  it('runs as an account that is not root, in its home', async () => {
    const become = { user: 'drover-bash' };
    const text = 'id -un; pwd; echo "$HOME"; stat -c "%U %a" "$0"';
    const { out, err, result } = await bench.run({ plan: shellPlan(text), account: 'drover-sudo', become });
    expect({ out, err, result }).toEqual({
      out: 'drover-bash\n/home/drover-bash\n/home/drover-bash\ndrover-bash 600\n',
      err: '',
      result: ended(0),
    });
  });

  it('is the login itself when that is the same account', async () => {
    const { out } = await bench.run({ plan: shellPlan('id -un'), become: { user: 'drover-test' } });
    expect(out).toBe('drover-test\n');
  });

  it('sends a megabyte of answers and of text whole', async () => {
    const stdin = Buffer.from(Array.from({ length: 1_000_000 }, (_, index) => (index * 7) % 256));
    const plan = shellPlan(`: ${'x'.repeat(1_000_000)}\ncat`, '/bin/bash');
    const { out, result } = await bench.run({ plan, ...withPassword(), stdin });
    expect(result).toEqual(ended(0));
    expect(Buffer.from(out, 'latin1').equals(stdin)).toBe(true);
  });

  it.each([
    ['the password is wrong', 'drover-sudo-pw', 'wrong', 'sudo did not accept the password for root'],
    ['none was given and one is needed', 'drover-sudo-pw', undefined, 'No shell as root: sudo: a password is required'],
    ['sudo wants a terminal', 'drover-sudo-tty', undefined, 'tty'],
    ['the account may not', 'drover-test', 'wrong', 'root'],
  ] as const)('is refused in words when %s', async (...refusal) => {
    const [, account, password, words] = refusal;
    const become = password === undefined ? root : { ...root, password };
    const { out, err, result } = await bench.run({ plan: shellPlan('echo never'), account, become });
    expect({ out, err, result }).toEqual({
      out: '',
      err: '',
      result: {
        kind: 'failed',
        reason: 'become-failed',
        stopped: null,
        message: expect.stringContaining(words) as unknown,
      },
    });
  });

  it('is refused in words for an account that does not exist', async () => {
    const become = { user: 'no-such-account' };
    const { result } = await bench.run({ plan: shellPlan('echo never'), account: 'drover-sudo', become });
    expect(result).toMatchObject({ reason: 'become-failed', message: expect.stringContaining('no-such-account') });
  });

  it('is never sent the password, though it asks in the words of sudo and reads', async () => {
    const text = [
      'prompt=$(tr "\\0" "\\n" </proc/$PPID/cmdline; tr "\\0" "\\n" </proc/$(ps -o ppid= $PPID | tr -d " ")/cmdline)',
      'prompt=$(echo "$prompt" | grep -A1 "^-p$" | tail -n1)',
      'echo "asked: $prompt" ; printf %s "$prompt" >&2; printf %s "$prompt"',
      'printf "[sudo] password for root: " >&2; read -r word; echo "got: $word"; cat',
    ].join('\n');
    const { out, err, result } = await bench.run({ plan: shellPlan(text), ...withPassword() });
    expect(out).toMatch(/^asked: drover-[0-9a-f]{24}\ndrover-[0-9a-f]{24}got: \n$/);
    expect(err).toMatch(/^drover-[0-9a-f]{24}\[sudo\] password for root: $/);
    expect(result).toEqual(ended(0));
  });

  it('has its password in no process list', async () => {
    const seen = new Set<string>();
    const password = passwordOf();
    const look = (): void => {
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        for (const name of ['cmdline', 'environ']) {
          try {
            const text = readFileSync(`/proc/${pid}/${name}`, 'latin1');
            if (text.includes(password)) {
              seen.add(text);
            }
          } catch {
            // It has ended.
          }
        }
      }
    };
    const timer = setInterval(look, 5);
    const { result } = await bench.run({ plan: shellPlan('sleep 0.2'), ...withPassword() });
    clearInterval(timer);
    expect(result).toEqual(ended(0));
    expect([...seen]).toEqual([]);
  });

  it('leaves no directory behind', async () => {
    const { out } = await bench.run({ plan: shellPlan('echo "$0"'), ...withPassword() });
    expect(out).toMatch(/^\/.*\/script\n$/);
    expect(existsSync(dirname(out.trim()))).toBe(false);
  });

  it.each([
    ['a password', 'drover-sudo-pw'],
    ['nothing', 'drover-sudo'],
  ] as const)('dies of a stop with all that root started, where sudo asks for %s', async (_what, account) => {
    const stop = new Stopping();
    const text = [
      'sleep 300 & echo $!',
      'setsid sleep 300 & echo $!',
      '(env -i /bin/sh -c "echo \\$\\$; exec sleep 300" &)',
      'su drover-bash -s /bin/sh -c "setsid /bin/sh -c \'echo \\$\\$; exec sleep 300\' &" 2>/dev/null',
      'echo $$; wait',
    ].join('\n');
    const become = account === 'drover-sudo-pw' ? withPassword().become : root;
    const going = bench.start({ plan: shellPlan(text), account, become, stop });
    const all = await pids(going, 5);
    expect(all.map(uidOf).filter((uid) => uid === 0).length).toBeGreaterThanOrEqual(4);
    stop.askTerm();
    const result = await going.result;
    expect(result).toMatchObject({ kind: 'exited', exitCode: 143, message: '' });
    expect(result.stopped).toMatch(/^TERM to \d+ process(es)?(, KILL to \d+)?; none found$/);
    expect(all.filter(isAlive)).toEqual([]);
  });

  it('is killed when it ignores TERM', async () => {
    const stop = new Stopping();
    const text = 'trap "" TERM; echo $$; while :; do sleep 0.05; done';
    const going = bench.start({ plan: shellPlan(text), account: 'drover-sudo', become: root, stop });
    const [pid = 0] = await pids(going, 1);
    stop.askTerm();
    stop.askKill();
    expect(await going.result).toMatchObject({ kind: 'exited', exitCode: 137 });
    expect(isAlive(pid)).toBe(false);
  });
});
