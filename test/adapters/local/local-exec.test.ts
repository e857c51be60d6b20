import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalExec } from '#adapters/local/local-exec';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';
import { ended, here, run, shellPlan, start, Stopping } from './local-script.ts';

const leftIn = (place: string): string[] => readdirSync(place).filter((name) => name.startsWith('.drover-run-'));

describe('a script on this machine', () => {
  let scratch: string;
  beforeAll(() => {
    scratch = mkdtempSync(join(tmpdir(), 'drover-local-'));
  });
  afterAll(() => rmSync(scratch, { recursive: true }));

  it('is not what its own commands read from standard input', async () => {
    expect(await run({ plan: shellPlan('cat\necho after\n') })).toEqual({ out: 'after\n', err: '', result: ended(0) });
  });

  it('reads the given answers, and then the end', async () => {
    const { out, result } = await run({
      plan: shellPlan('read a; read b; echo "$b,$a"; cat; echo end'),
      stdin: 'x\ny\nrest\n',
    });
    expect({ out, result }).toEqual({ out: 'y,x\nrest\nend\n', result: ended(0) });
  });

  it('may leave a megabyte of answers unread', async () => {
    const { result } = await run({ plan: shellPlan('exit 3'), stdin: 'a'.repeat(1_000_000) });
    expect(result).toEqual(ended(3));
  });

  it('reads a megabyte of answers whole', async () => {
    expect((await run({ plan: shellPlan('wc -c'), stdin: 'a'.repeat(1_000_000) })).out.trim()).toBe('1000000');
  });

  it('gets the options of its interpreter', async () => {
    const { out, result } = await run({ plan: shellPlan('echo $-; false; echo never', '/bin/bash', '-eu') });
    expect(out).toMatch(/^[^\n]*e[^\n]*u[^\n]*\n$/);
    expect(result).toEqual(ended(1));
  });

  it('keeps stdout and stderr apart', async () => {
    const { out, err } = await run({ plan: shellPlan('echo out; echo err >&2') });
    expect({ out, err }).toEqual({ out: 'out\n', err: 'err\n' });
  });

  it('can open its streams by name', async () => {
    const text = 'cat /dev/stdin; echo out >/dev/stdout; echo err >/dev/stderr; echo more | tee /dev/stderr';
    const { out, err, result } = await run({ plan: shellPlan(text, '/bin/bash'), stdin: 'in\n' });
    expect({ out, err, result }).toEqual({ out: 'in\nout\nmore\n', err: 'err\nmore\n', result: ended(0) });
  });

  it.each([
    ['exit 7', 7],
    ['kill -KILL $$', 137],
    ['kill -SEGV $$', 139],
  ])('ends `%s` with exit code %i', async (text, code) => {
    expect((await run({ plan: shellPlan(text) })).result).toEqual(ended(code));
  });

  it('leads a session and a process group of its own', async () => {
    const { out } = await run({
      plan: shellPlan('read -r pid name state parent group session rest </proc/$$/stat; echo $pid $group $session'),
    });
    const [pid, group, session] = out.trim().split(' ');
    expect([group, session]).toEqual([pid, pid]);
  });

  it('starts in the home of the account, or in / when there is none', async () => {
    const log = new CollectingLog();
    const inHome = await run({ plan: shellPlan('pwd -P') }, createLocalExec({ log, environment: { HOME: scratch } }));
    const without = await run(
      { plan: shellPlan('pwd -P') },
      createLocalExec({ log, environment: { HOME: join(scratch, 'missing') } }),
    );
    expect([inHome.out, without.out]).toEqual([`${scratch}\n`, '/\n']);
  });

  it('sees the request’s environment and the mark of the run, and nothing that is meant for Drover', async () => {
    const environment = {
      PATH: '/usr/bin:/bin',
      HOME: scratch,
      LANG: 'C.UTF-8',
      DROVER_PASSPHRASE: 'x',
      NODE_OPTIONS: '--no-warnings',
    };
    const exec = createLocalExec({ log: new CollectingLog(), environment });
    const { out } = await run(
      { plan: shellPlan('env'), environment: { COLOUR: 'two\nlines', DROVER_PARAM_PW: 'p' }, runId: 'r-1' },
      exec,
    );
    const names = (out.match(/^[A-Za-z_]+(?==)/gm) ?? []).filter((name) => name !== '_').sort();
    expect(names).toEqual(['COLOUR', 'DROVER_PARAM_PW', 'DROVER_RUN', 'HOME', 'LANG', 'PATH', 'PWD']);
    expect(out).toContain('COLOUR=two\nlines\n');
    expect(out).toContain(`DROVER_RUN=r-1.${here.host}\n`);
  });

  it('lies in a directory that only the account can enter, and that is gone afterwards', async () => {
    const { out } = await run({ plan: shellPlan('stat -c "%n %a" "$(dirname "$0")" "$0"') });
    const [folder = '', file = ''] = out.trim().split('\n');
    expect(folder).toMatch(/^.* 700$/);
    expect(file).toMatch(/^.*\/script 600$/);
    expect(existsSync(folder.slice(0, -' 700'.length))).toBe(false);
  });

  it('finds the other files of its plan beside it', async () => {
    const plan = {
      files: [
        { name: 'start', content: 'set -- one "two words"; . "${0%/*}/script"' },
        { name: 'script', content: 'echo "$2,$1"' },
      ],
      entry: 'start',
      candidates: [{ path: 'sh', options: [] }],
    };
    expect((await run({ plan })).out).toBe('two words,one\n');
  });

  it('shows nothing of its text, arguments or environment in any process list', async () => {
    const canary = (kind: string): string => `canary-${kind}-${process.pid}`;
    const plan = {
      files: [
        { name: 'start', content: `set -- ${canary('argument')}\n. "\${0%/*}/script"` },
        {
          name: 'script',
          content: `: ${canary('text')}\nuntil [ -e ${scratch}/seen ]; do sleep 0.01; done\necho "$1"`,
        },
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
      if (looks === 50) {
        writeFileSync(join(scratch, 'seen'), '');
      }
    };
    const timer = setInterval(look, 2);
    const { out, result } = await run({ plan, environment: { SECRET: canary('value') }, stdin: canary('answer') });
    clearInterval(timer);
    expect({ out, result }).toEqual({ out: `${canary('argument')}\n`, result: ended(0) });
    expect(looks).toBeGreaterThanOrEqual(50);
    expect(lists).toEqual({ commands: new Set(), strangers: new Set() });
  });

  it('takes the first interpreter that is there', async () => {
    const candidates = [
      { path: '/nowhere/sh', options: [] },
      { path: scratch, options: [] },
      { path: 'no-such-shell', options: [] },
      { path: 'bash', options: ['-u'] },
    ];
    expect((await run({ plan: { ...shellPlan('echo $BASH'), candidates } })).out).toMatch(/\/bash\n$/);
  });

  it('says which interpreters it looked for when none is there', async () => {
    const candidates = [
      { path: '/nowhere/python3', options: [] },
      { path: 'no-such-python', options: [] },
    ];
    const exec = createLocalExec({ log: new CollectingLog(), environment: { PATH: '/usr/bin:/bin' } });
    expect((await run({ plan: { ...shellPlan(''), candidates } }, exec)).result).toEqual({
      kind: 'failed',
      reason: 'no-interpreter',
      stopped: null,
      message: 'No interpreter found; looked for /nowhere/python3, no-such-python (PATH is /usr/bin:/bin)',
    });
  });

  it('passes over an interpreter whose own interpreter is missing', async () => {
    const broken = join(scratch, 'broken');
    writeFileSync(broken, '#!/nowhere/at/all\n', { mode: 0o755 });
    const candidates = [
      { path: broken, options: [] },
      { path: '/bin/sh', options: [] },
    ];
    expect((await run({ plan: { ...shellPlan('echo fine'), candidates } })).out).toBe('fine\n');
  });

  it('reports what the system refuses to start', async () => {
    const { result } = await run({ plan: shellPlan('true'), environment: { HUGE: 'x'.repeat(3_000_000) } });
    expect(result).toMatchObject({ kind: 'failed', reason: 'not-started', message: expect.stringContaining('E2BIG') });
  });

  it('is not started when its stop was asked for before', async () => {
    const proof = join(scratch, 'started');
    const stops = [new Stopping(), new Stopping()] as const;
    stops[0].askTerm();
    stops[1].askKill();
    for (const stop of stops) {
      expect((await run({ plan: shellPlan(`touch ${proof}`), stop })).result).toMatchObject({
        kind: 'failed',
        reason: 'cancelled',
        stopped: null,
      });
    }
    expect(existsSync(proof)).toBe(false);
  });

  it('is not started when its stop is asked for while it is prepared', async () => {
    const stop = new Stopping();
    const going = start({ plan: shellPlan('echo started'), stop });
    stop.askTerm();
    expect(await going.result).toMatchObject({ kind: 'failed', reason: 'cancelled' });
    expect(going.output.out).toBe('');
  });
});

describe('the place of a script', () => {
  const log = new CollectingLog();
  let scratch: string;
  beforeAll(() => {
    scratch = mkdtempSync(join(tmpdir(), 'drover-places-'));
    writeFileSync(join(scratch, 'file'), '');
    mkdirSync(join(scratch, 'good'));
  });
  afterAll(() => rmSync(scratch, { recursive: true }));

  it('is the first that can be written', async () => {
    const places = [join(scratch, 'missing'), join(scratch, 'file'), '/proc', join(scratch, 'good'), '/tmp'];
    const { out } = await run({ plan: shellPlan('echo "$0"') }, createLocalExec({ log, places }));
    expect(out.startsWith(join(scratch, 'good', '.drover-run-'))).toBe(true);
    expect(leftIn(join(scratch, 'good'))).toEqual([]);
  });

  it('is $TMPDIR when it is set', async () => {
    const exec = createLocalExec({ log, environment: { ...process.env, TMPDIR: join(scratch, 'good') } });
    expect((await run({ plan: shellPlan('echo "$0"') }, exec)).out).toContain(join(scratch, 'good'));
  });

  it.each([
    ['/bin/sh', 'echo "$0"; cat; echo after'],
    ['/bin/bash', 'echo "$0"; cat; echo after'],
    ['/bin/dash', 'echo "$0"; cat; echo after'],
    ['perl', 'print "$0\\n"; print <STDIN>; print "after\\n"'],
    ['python3', 'import sys\nprint(sys.argv[0])\nprint(sys.stdin.read(), end="")\nprint("after")'],
  ])('is a descriptor for %s when nothing can be written', async (path, text) => {
    const exec = createLocalExec({ log, places: ['/proc'] });
    const { out, result } = await run({ plan: shellPlan(text, path), stdin: 'answer\n' }, exec);
    expect({ out, result }).toEqual({ out: '/dev/fd/3\nanswer\nafter\n', result: ended(0) });
  });

  it('takes a script of a megabyte through the descriptor', async () => {
    const text = `${`: ${'x'.repeat(997)}\n`.repeat(1_000)}echo end\n`;
    const exec = createLocalExec({ log, places: [] });
    expect(await run({ plan: shellPlan(text) }, exec)).toEqual({ out: 'end\n', err: '', result: ended(0) });
  });

  it('is nowhere for a plan of several files when nothing can be written', async () => {
    const plan = { ...shellPlan(''), files: ['script', 'other'].map((name) => ({ name, content: '' })) };
    const exec = createLocalExec({ log, places: ['/proc', join(scratch, 'missing')] });
    expect((await run({ plan }, exec)).result).toEqual({
      kind: 'failed',
      reason: 'no-space',
      stopped: null,
      message: `No place for the script: /proc (ENOENT), ${join(scratch, 'missing')} (ENOENT)`,
    });
  });
});

const medianOf = (times: number[]): number => times.sort((a, b) => a - b)[times.length >> 1] ?? Number.NaN;

describe('many scripts one after the other', () => {
  it('leave no descriptor, directory or complaint behind, and take a few milliseconds each', async () => {
    const log = new CollectingLog();
    const exec = createLocalExec({ log });
    const descriptors = (): number => readdirSync('/proc/self/fd').length;
    await run({ plan: shellPlan('true') }, exec);
    const before = descriptors();
    const times: number[] = [];
    const bare: number[] = [];
    for (let count = 0; count < 200; count += 1) {
      const began = performance.now();
      expect((await run({ plan: shellPlan('true') }, exec)).result).toEqual(ended(0));
      const between = performance.now();
      await once(spawn('/bin/sh', ['-c', 'true'], { stdio: 'ignore' }), 'exit');
      times.push(between - began);
      bare.push(performance.now() - between);
    }
    const [ours, barely] = [medianOf(times), medianOf(bare)];
    console.info(`one \`true\` by sh: median ${ours.toFixed(1)} ms, a bare spawn ${barely.toFixed(1)} ms`);
    expect(ours / barely).toBeLessThan(15);
    await expect.poll(descriptors).toBeLessThanOrEqual(before);
    expect(leftIn(tmpdir()).filter((name) => name.includes(`-${process.pid}-`))).toEqual([]);
    expect(leftIn(homedir()).filter((name) => name.includes(`-${process.pid}-`))).toEqual([]);
    expect(log.entries).toEqual([]);
  });
});
