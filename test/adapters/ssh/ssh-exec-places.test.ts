import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needService } from '../../support/services.ts';
import { type Ended, ended, shellPlan, SshBench } from './ssh-bench.ts';

const isSkipped = ['ssh-accounts', 'tmpfs'].map((name) => needService(name as 'tmpfs').skip).includes(true);
const system = (program: string, ...words: string[]): void => void execFileSync(program, words);

describe.skipIf(isSkipped)('the place of a script over SSH', () => {
  let bench: SshBench;
  let place: string;
  beforeAll(async () => {
    place = mkdtempSync(join(tmpdir(), 'drover-places-'));
    chmodSync(place, 0o755);
    mkdirSync(join(place, 'disk'));
    bench = await SshBench.start();
  });
  afterAll(async () => {
    await bench.stop();
    rmSync(place, { recursive: true });
  });

  const disk = (): string => join(place, 'disk');

  /** Mounts a file system of 64 KB for as long as the test is in scope. */
  function mounted(options: string): Disposable {
    system('mount', '-t', 'tmpfs', '-o', `size=64k,mode=1777,${options}`, 'tmpfs', disk());
    return { [Symbol.dispose]: () => system('umount', disk()) };
  }
  const fill = (): void => {
    try {
      writeFileSync(join(disk(), 'ballast'), Buffer.alloc(128 * 1024));
    } catch {
      // The disk is full now, as it shall be.
    }
  };
  const runThere = (text: string, stdin?: string): Promise<Ended> =>
    bench.run({
      plan: shellPlan(text),
      environment: { TMPDIR: disk() },
      ...(stdin !== undefined && { stdin }),
    });

  it('is $TMPDIR when it is set, also where programs may not be started', async () => {
    using _ = mounted('noexec');
    const { out, result } = await runThere('echo "$0"');
    expect(result).toEqual(ended(0));
    expect(out).toMatch(new RegExp(`^${disk()}/drover-[0-9a-f]{16}/script\n$`));
    expect(readdirSync(disk())).toEqual([]);
  });

  it.each([
    ['one of a few bytes', 'echo "$0"', undefined],
    ['one of many', `echo "$0"\n${': filling\n'.repeat(10_000)}`, undefined],
    ['one with few answers', 'echo "$0"; cat', 'answer\n'],
    ['one with many answers', 'echo "$0"; wc -c', 'a'.repeat(100_000)],
  ])('is the next when $TMPDIR is full, for %s, and nothing is left on it', async (_what, text, stdin) => {
    using _ = mounted('rw');
    fill();
    const { out, result } = await runThere(text, stdin);
    expect(result).toEqual(ended(0));
    expect(out).toMatch(/^\/tmp\/drover-[0-9a-f]{16}\/script\n/);
    expect(out.slice(out.indexOf('\n') + 1).trim()).toBe(
      stdin && stdin.length > 99_000 ? '100000' : (stdin ?? '').trim(),
    );
    expect(readdirSync(disk())).toEqual(['ballast']);
  });

  it('is the next when $TMPDIR is read-only or is not there', async () => {
    using _ = mounted('ro');
    expect((await runThere('echo "$0"')).out).toMatch(/^\/tmp\//);
    const missing = { TMPDIR: join(place, 'missing') };
    expect((await bench.run({ plan: shellPlan('echo "$0"'), environment: missing })).out).toMatch(/^\/tmp\//);
  });

  describe('where nothing can be written', () => {
    let barren: SshBench;
    beforeAll(async () => {
      // Only what this sshd starts sees it: a name space of mounts is given by the command that each login gets.
      const command = join(place, 'barren');
      const lines = [
        '#!/bin/sh',
        "exec /usr/bin/sudo -n /usr/bin/unshare -m /bin/sh -c '",
        'for at in /tmp /dev/shm /home; do mount --bind $at $at && mount -o remount,ro,bind $at || exit 99; done',
        'cd; exec setpriv --reuid=drover-sudo --regid=drover-sudo --init-groups',
        '/usr/bin/env HOME=/home/drover-sudo SHELL=/bin/dash PATH=/usr/bin:/bin /bin/dash -c "$1"\' sh "$SSH_ORIGINAL_COMMAND"',
      ];
      writeFileSync(command, `${lines.slice(0, 2).join('\n')}\n${lines[2]}\n${lines.slice(3).join(' ')}\n`);
      chmodSync(command, 0o755);
      chownSync(command, 0, 0);
      barren = await SshBench.start({ config: [`ForceCommand ${command}`] });
    });
    afterAll(() => barren.stop());
    const account = 'drover-sudo';

    it.each([
      ['/bin/sh', 'echo "$0"; cat; echo after; echo err >&2; umask; exit 3'],
      ['/bin/bash', 'echo "$0"; cat; echo after; echo err >&2; umask; exit 3'],
      [
        'perl',
        'print "$0\\n"; print <STDIN>; print "after\\n"; print STDERR "err\\n"; printf "%04o\\n", umask; exit 3',
      ],
    ])('is a descriptor for %s', async (path, text) => {
      for (const long of ['', `\n# ${'x'.repeat(9_000)}`]) {
        const got = await barren.run({ plan: shellPlan(text + long, path), account });
        expect(got).toEqual({ out: '/dev/fd/3\nafter\n0022\n', err: 'err\n', result: ended(3) });
      }
    });

    it('is nowhere for a script with answers, and that is said', async () => {
      for (const stdin of ['answer', 'a'.repeat(9_000), '\0'.repeat(9_000)]) {
        expect(await barren.run({ plan: shellPlan('cat'), account, stdin })).toEqual({
          out: '',
          err: '',
          result: {
            kind: 'failed',
            reason: 'no-space',
            stopped: null,
            message:
              'No place for the script: $TMPDIR, /tmp, /dev/shm and the home directory are full or cannot be written',
          },
        });
      }
    });
  });
});
