import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needService } from '../../support/services.ts';
import type { AccountName } from '../../support/ssh-accounts.ts';
import { ended, isAlive, pidsOf, shellPlan, SshBench, Stopping } from './ssh-bench.ts';

const plain = (text: string) => ({ ...shellPlan(text), isPlain: true });

const accounts: readonly AccountName[] = ['drover-test', 'drover-bash', 'drover-zsh', 'drover-fish', 'drover-csh'];

describe.skipIf(needService('ssh-accounts').skip)('a plain command over SSH', () => {
  let bench: SshBench;
  beforeAll(async () => {
    bench = await SshBench.start({ setEnv: { LANG: 'C.UTF-8' } });
  });
  afterAll(() => bench.stop());

  it.each(accounts)('is what the shell of %s becomes, on a new connection and on a known one', async (account) => {
    for (let time = 0; time < 2; time += 1) {
      const environment = { VALUE: "it's\n$HOME" };
      expect(await bench.run({ plan: plain("printenv 'VALUE'"), account, environment })).toEqual({
        result: ended(0),
        out: "it's\n$HOME\n",
        err: '',
      });
    }
    expect(await bench.run({ plan: plain('cat'), account })).toEqual({ result: ended(0), out: '', err: '' });
    expect((await bench.run({ plan: plain('false'), account })).result).toEqual(ended(1));
  });

  it('leaves nothing behind on the far side', async () => {
    const count = async (): Promise<string> =>
      (await bench.run({ plan: shellPlan('ls -d "${TMPDIR:-/tmp}"/drover-* 2>/dev/null | wc -l') })).out;
    await count();
    const before = await count();
    for (let run = 0; run < 5; run += 1) {
      await bench.run({ plan: plain('id -un') });
    }
    expect(await count()).toBe(before);
  });

  it('that does not exist, or may not be run, ends as in any shell', async () => {
    const missing = await bench.run({ plan: plain('no-such-program-here -x') });
    expect(missing.result).toEqual(ended(127));
    expect(missing.err).toContain('not found');
    expect((await bench.run({ plan: plain('/etc/passwd') })).result).toEqual(ended(126));
  });

  it('is stopped with the proof, and says which signal ended it', async () => {
    const stop = new Stopping();
    const going = bench.start({ plan: plain('sleep 300'), stop });
    await expect
      .poll(async () => (await bench.run({ plan: shellPlan('pgrep -u "$(id -u)" -x sleep') })).out)
      .not.toBe('');
    stop.askTerm();
    expect(await going.result).toEqual({ ...ended(143), stopped: 'TERM to 1 process; none found' });
  });

  it('runs as another account all the same', async () => {
    const become = { user: 'root' };
    expect(await bench.run({ plan: plain('id -un'), account: 'drover-sudo', become })).toEqual({
      result: ended(0),
      out: 'root\n',
      err: '',
    });
  });

  it('ends with all that it started', async () => {
    const stop = new Stopping();
    const going = bench.start({ plan: plain("setsid -w sh -c 'sleep 300 & echo $!; wait'"), stop });
    const [pid = 0] = await pidsOf(going, 1);
    stop.askTerm();
    await going.result;
    expect(isAlive(pid)).toBe(false);
  });
});
