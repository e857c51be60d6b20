import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LaunchPlan } from '#core/ports';
import { needService } from '../../support/services.ts';
import { asText, ended, shellPlan, SshBench, Stopping } from './ssh-bench.ts';

const launcherWords = ['t', 'n', 'f', 'k', 'u', 'd', 'q', 'e', 'h', 'v', 'i'];

describe.skipIf(needService('ssh-accounts').skip)('a script over SSH', () => {
  let bench: SshBench;
  beforeAll(async () => {
    bench = await SshBench.start();
  });
  afterAll(() => bench.stop());

  it('is not what its own commands read from standard input', async () => {
    expect(await bench.run({ plan: shellPlan('cat\necho after\n') })).toEqual({
      out: 'after\n',
      err: '',
      result: ended(0),
    });
  });

  it('reads the given answers, and then the end', async () => {
    const plan = shellPlan('read a; read b; echo "$b,$a"; cat; echo end');
    const { out, result } = await bench.run({ plan, stdin: 'x\ny\nrest\n' });
    expect({ out, result }).toEqual({ out: 'y,x\nrest\nend\n', result: ended(0) });
  });

  it.each([
    ['stdout and stderr apart', 'echo out; echo err >&2', 'out\n', 'err\n', 0],
    ['a last line without an end', 'printf out; printf err >&2', 'out', 'err', 0],
    ['a text without an end of its own', 'echo out; exit 3', 'out\n', '', 3],
    ['streams that it opens by name', 'echo out >/dev/stdout; echo err >/dev/stderr', 'out\n', 'err\n', 0],
    ['nothing at all', '', '', '', 0],
  ])('gives %s', async (...of) => {
    const [, text, out, err, code] = of;
    expect(await bench.run({ plan: shellPlan(text) })).toEqual({ out, err, result: ended(code) });
  });

  it.each([
    ['exit 7', 7],
    ['exit 255', 255],
    ['kill -TERM $$', 143],
    ['kill -KILL $$', 137],
    ['kill -SEGV $$', 139],
    ['kill -INT $$', 130],
    ['kill -HUP $$', 129],
  ])('ends `%s` with exit code %i and without a word of the shells around it', async (text, code) => {
    expect(await bench.run({ plan: shellPlan(text) })).toEqual({ out: '', err: '', result: ended(code) });
  });

  it('tells how the whole of it was killed', async () => {
    const { result } = await bench.run({ plan: shellPlan('kill -KILL $PPID; sleep 0.1') });
    expect(result).toMatchObject({ kind: 'exited', exitCode: 137 });
  });

  it('gets the options of its interpreter', async () => {
    const { out, result } = await bench.run({ plan: shellPlan('echo $-; false; echo never', '/bin/bash', '-eu') });
    expect(out).toMatch(/^[^\n]*e[^\n]*u[^\n]*\n$/);
    expect(result).toEqual(ended(1));
  });

  it.each([1, 4_095, 4_096, 4_097, 5_000_000])('of %i bytes is sent whole', async (size) => {
    const tail = 'echo "$((1+1))"';
    const text = size < 20 ? ':' : `: ${'ä'.repeat((size - tail.length - 3) >> 1)}${size % 2 ? '' : '.'}\n${tail}`;
    const { out, err, result } = await bench.run({ plan: shellPlan(`${text}`, '/bin/dash') });
    expect({ out, err, result }).toEqual({ out: size < 20 ? '' : '2\n', err: '', result: ended(0) });
  });

  it.each([3_000, 1_000_000])('reads %i bytes of answers exactly, NUL bytes too', async (size) => {
    const stdin = Buffer.from(Array.from({ length: size }, (_, index) => (index * 7 + (index >> 8)) % 256));
    const { out, result } = await bench.run({ plan: shellPlan('cat'), stdin });
    expect(result).toEqual(ended(0));
    expect(Buffer.from(out, 'latin1').equals(stdin)).toBe(true);
  });

  it('may leave a megabyte of answers unread', async () => {
    const { result } = await bench.run({ plan: shellPlan('exit 3'), stdin: 'a'.repeat(1_000_000) });
    expect(result).toEqual(ended(3));
  });

  it.each([10, 100_000])('of Python finds the other files of its plan beside it, %i bytes', async (size) => {
    const entry = [
      'import sys, os, runpy',
      'sys.argv[1:] = ["one", "two \\"words\\"\\n", "%s\\\\", ""]',
      'runpy.run_path(os.path.join(os.path.dirname(sys.argv[0]), "script.py"), run_name="__main__")',
    ];
    const plan: LaunchPlan = {
      files: [
        { name: 'entry.py', content: entry.join('\n') },
        { name: 'script.py', content: `# ${'ü'.repeat(size / 2)}\nimport sys\nprint(sys.argv[1:], input())` },
      ],
      entry: 'entry.py',
      candidates: [
        { path: 'no-such-python', options: [] },
        { path: 'python3', options: ['-I'] },
      ],
    };
    const { out, err, result } = await bench.run({ plan, stdin: 'answer\n', environment: { PATH: '/usr/bin:/bin' } });
    expect({ out, err, result }).toEqual({
      out: `['one', 'two "words"\\n', '%s\\\\', ''] answer\n`,
      err: '',
      result: ended(0),
    });
  });

  it('sees the request’s environment to the byte, and the mark of the run', async () => {
    const environment = {
      QUOTES: `'"\`$(echo no)\${HOME}'`,
      LINES: '\n\ntwo\r\nlines\n\n',
      PERCENT: '%s %% %d \\n \\047 \\\\',
      TABS: ' \t blanks ',
      UTF: 'ä€😀',
      EMPTY: '',
      BANG: '!! !x ^a^b',
    };
    const { out } = await bench.run({ plan: shellPlan('env -0'), environment, runId: 'r-1', host: 4 });
    const seen = asText(out).split('\0');
    const wanted = Object.entries({ ...environment, DROVER_RUN: 'r-1.4.' }).map(([name, value]) => `${name}=${value}`);
    expect(seen).toEqual(expect.arrayContaining(wanted));
  });

  it('may have variables of any name, and has none that were not asked for', async () => {
    const names = [...launcherWords, ...launcherWords.map((name) => name.toUpperCase()), 'S', 'IFS_', 'PS4'];
    const environment = Object.fromEntries(names.map((name) => [name, `/of ${name}`]));
    const { out, result } = await bench.run({ plan: shellPlan('env; exit 4'), environment });
    expect(result).toEqual(ended(4));
    const lines = out.trim().split('\n');
    expect(lines).toEqual(expect.arrayContaining(names.map((name) => `${name}=/of ${name}`)));
    expect(lines.filter((line) => line.startsWith('drover_'))).toEqual([]);
  });

  it('starts in the home of the account, with its umask and with no signal blocked or ignored', async () => {
    const text = 'pwd; umask; grep -E "^Sig(Blk|Ign)" /proc/self/status | tr -d "0\\t\\n"; ls /proc/self/fd | wc -l';
    const { out } = await bench.run({ plan: shellPlan(text) });
    expect(out).toBe(`${bench.sshd.account.home}\n0022\nSigBlk:SigIgn:4\n`);
  });

  it('lies in a directory that only the account can enter, and that is gone afterwards', async () => {
    const plan = shellPlan('stat -c "%n %a" "$(dirname "$0")" "$0" "$(dirname "$0")/stdin"');
    const { out } = await bench.run({ plan, stdin: 'secret' });
    const [folder = '', file = '', stdin = ''] = out.trim().split('\n');
    expect(folder).toMatch(/^\/tmp\/drover-[0-9a-f]{16} 700$/);
    expect([file, stdin].map((line) => line.slice(line.lastIndexOf('/')))).toEqual(['/script 600', '/stdin 600']);
    const path = folder.slice(0, -' 700'.length);
    expect(existsSync(path)).toBe(false);
  });

  it('is not led astray by the environment that a request adds', async () => {
    const environment = {
      IFS: '-',
      SHELL: '/bin/dash /tmp',
      HOME: '/',
      drover: 'x',
      d: 'y',
      T: 'z',
      BASH_ENV: '/nonexistent',
    };
    const { out, result } = await bench.run({
      plan: shellPlan('printf "%s|" "$SHELL" "$HOME" "$T"'),
      environment,
    });
    expect({ out, result }).toEqual({ out: '/bin/dash /tmp|/|z|', result: ended(0) });
    for (const account of ['drover-fish', 'drover-test'] as const) {
      await bench.run({ plan: shellPlan('echo'), account, environment: { SHELL: '/bin/sh' } });
      expect((await bench.run({ plan: shellPlan('echo next'), account })).out).toBe('next\n');
    }
  });

  it('shows nothing of its text, arguments, environment or answers in any process list', async () => {
    const canary = (kind: string): string => `canary-${kind}-${process.pid}`;
    const plan: LaunchPlan = {
      files: [
        { name: 'start', content: `set -- ${canary('argument')}\n. "\${0%/*}/script"` },
        { name: 'script', content: `: ${canary('text')}\n: ${'x'.repeat(9_000)}\necho ready; sleep 0.3; echo "$1"` },
      ],
      entry: 'start',
      candidates: [{ path: '/bin/sh', options: [] }],
    };
    const lists = { commands: new Set<string>(), strangers: new Set<string>() };
    let looks = 0;
    const look = (): void => {
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        const text = (name: string): string => {
          try {
            return readFileSync(`/proc/${pid}/${name}`, 'latin1');
          } catch {
            return '';
          }
        };
        const commands = text('cmdline');
        if (commands.includes('canary-')) {
          lists.commands.add(commands);
        }
        const environment = text('environ');
        if (environment.includes('canary-') && !environment.includes('DROVER_RUN=')) {
          lists.strangers.add(commands);
        }
      }
      looks += 1;
    };
    const timer = setInterval(look, 5);
    const choice = { plan, environment: { SECRET: canary('value') }, stdin: canary('answer') };
    const { out, result } = await bench.run(choice);
    clearInterval(timer);
    expect({ out, result }).toEqual({ out: `ready\n${canary('argument')}\n`, result: ended(0) });
    expect(looks).toBeGreaterThan(5);
    // A shell exports into its own memory, which is not what /proc tells; what it starts carries the mark.
    expect(lists).toEqual({ commands: new Set(), strangers: new Set() });
  });

  it('says which interpreters it looked for when none is there', async () => {
    const candidates = ['/nowhere/python3', 'no-such-python'].map((path) => ({ path, options: [] }));
    const plan = { ...shellPlan('x'.repeat(10_000)), candidates };
    expect((await bench.run({ plan, environment: { PATH: '/usr/bin:/bin' } })).result).toEqual({
      kind: 'failed',
      reason: 'no-interpreter',
      stopped: null,
      message: 'No interpreter found; looked for /nowhere/python3, no-such-python (PATH is /usr/bin:/bin)',
    });
  });

  it('takes the first interpreter that is there', async () => {
    const candidates = [
      { path: '/nowhere/sh', options: [] },
      { path: 'no-such-shell', options: [] },
      { path: 'bash', options: ['-u'] },
    ];
    expect((await bench.run({ plan: { ...shellPlan('echo $BASH'), candidates } })).out).toMatch(/\/bash\n$/);
  });

  it('is not started when its stop was asked for before', async () => {
    for (const ask of ['askTerm', 'askKill'] as const) {
      const stop = new Stopping();
      stop[ask]();
      const { out, result } = await bench.run({ plan: shellPlan('echo started'), stop });
      expect({ out, result }).toMatchObject({
        out: '',
        result: { kind: 'failed', reason: 'cancelled', stopped: null },
      });
    }
  });

  it('runs beside others over one connection, each with its own directory', async () => {
    const before = bench.sshd.log().split('Accepted publickey').length;
    const plan = shellPlan('echo "$0"; sleep 0.2');
    const all = await Promise.all(Array.from({ length: 6 }, () => bench.run({ plan })));
    expect(all.map(({ result }) => result)).toEqual(all.map(() => ended(0)));
    expect(new Set(all.map(({ out }) => out)).size).toBe(6);
    expect(bench.sshd.log().split('Accepted publickey').length).toBe(before);
  });
});
