import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { thisProcess } from '#adapters/local/directory-owner';
import { groupFolder, groupHolder, Groups } from '#adapters/local/group-hold';
import { type Holder, plainHolder } from '#adapters/local/hold';
import { findKeeperHolder } from '#adapters/local/keeper-hold';
import { createLocalExec } from '#adapters/local/local-exec';
import { procTable } from '#adapters/local/process-table';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';
import { ended, isAlive, pidsOf, run, shellPlan, start, Stopping, type Going } from './local-script.ts';

const groups = await Groups.find(thisProcess());
const keeper = await findKeeperHolder();
const isRoot = process.getuid?.() === 0;

/** Said aloud, as for the services of other suites. */
function missing(what: string, why: string): void {
  if (process.env['CI'] === 'true') {
    throw new Error(`${what}: ${why}`);
  }
  const line = `test/adapters/local/hold.test.ts needs ${what}: ${why}\n`;
  const summary = process.env['DROVER_TEST_SKIPS'];
  if (summary === undefined) {
    process.stderr.write(`skipped: ${line}`);
  } else {
    appendFileSync(summary, line);
  }
}

if (!groups) {
  missing('control groups', 'this account may make none here');
}
if (!keeper) {
  missing('Perl', 'it is not installed');
}

/** Every way of holding that there is here. */
const holders: readonly (readonly [string, Holder])[] = [
  ...(keeper ? [['a keeper', keeper] as const] : []),
  ...(groups ? [['a control group', groupHolder(groups)] as const] : []),
];

const execOf = (holder: Holder, environment?: Record<string, string>): ReturnType<typeof createLocalExec> =>
  createLocalExec({ log: new CollectingLog(), holders: [holder], ...(environment && { environment }) });

const mine = new Set<number>();
afterEach(() => {
  [...mine].filter(isAlive).forEach((pid) => process.kill(pid, 'SIGKILL'));
  mine.clear();
});

async function pids(going: Going, count: number): Promise<number[]> {
  const found = await pidsOf(going, count);
  found.forEach((pid) => mine.add(pid));
  return found;
}

const daemon = `import os, time
if os.fork(): os._exit(0)
os.setsid()
if os.fork(): os._exit(0)
for fd in range(3, 64):
    try: os.close(fd)
    except OSError: pass
os.execve('/bin/sh', ['sh', '-c', 'echo $$; exec sleep 300'], {})`;

/** Each leaves its session, its parent and its environment, and prints its number. */
const escapes: readonly (readonly [string, string, boolean])[] = [
  ['setsid with no environment', `(setsid env -i /bin/sh -c 'echo $$; exec sleep 300' &)`, false],
  [
    'another account’s login',
    `su - nobody -s /bin/sh -c "setsid /bin/sh -c 'echo \\$\\$; exec sleep 300' &" 2>/dev/null`,
    true,
  ],
  ['a double fork of Python without an environment', `/usr/bin/python3 -c "${daemon}"`, false],
];
const possible = escapes.filter(
  ([, text, needsRoot]) => (isRoot || !needsRoot) && (!text.includes('python3') || existsSync('/usr/bin/python3')),
);

describe.each(holders)('a script held by %s', (_name, holder) => {
  it.each(possible)('cannot hide a process by %s', async (_by, text) => {
    const stop = new Stopping();
    const going = start({ plan: shellPlan(`${text}\necho ready >&2; exec sleep 300`), stop }, execOf(holder));
    const [hidden = 0] = await pids(going, 1);
    await expect.poll(() => going.output.err).toContain('ready');
    const row = (): ReturnType<typeof procTable.some>[number] | undefined => procTable.some([hidden])[0];
    await expect.poll(() => row()?.session).toBe(hidden);
    stop.askTerm();
    expect((await going.result).stopped).toMatch(/^TERM to [2-4] processes; none found$/);
    expect(isAlive(hidden)).toBe(false);
  });

  it('cannot hide what ignores TERM and is forked while it is stopped', async () => {
    const mark = join(tmpdir(), `drover-hidden-${process.pid}-${holder.name.replace(' ', '-')}`);
    const text = [
      'hide() {',
      `  (setsid env -i /bin/sh -c 'trap "" TERM; echo $$; : >"$0"; while :; do sleep 1; done' "$MARK" &)`,
      '  while ! test -e "$MARK"; do sleep 0.01; done',
      '  exit 3',
      '}',
      'trap hide TERM; echo ready >&2; while :; do sleep 0.01; done',
    ].join('\n');
    const stop = new Stopping();
    const going = start({ plan: shellPlan(text), stop, environment: { MARK: mark } }, execOf(holder));
    try {
      await expect.poll(() => going.output.err).toContain('ready');
      stop.askTerm();
      const result = await going.result;
      const [late = 0] = await pids(going, 1);
      expect(result).toMatchObject({ exitCode: 3, stopped: expect.stringMatching(/KILL to \d; none found$/) });
      expect(isAlive(late)).toBe(false);
    } finally {
      rmSync(mark, { force: true });
    }
  });

  it('is stopped without any other process of the account or the session', async () => {
    const stranger = spawn('sleep', ['300'], { stdio: 'ignore', env: {} });
    const detached = spawn('sleep', ['300'], { stdio: 'ignore', env: {}, detached: true });
    mine.add(stranger.pid ?? 0).add(detached.pid ?? 0);
    const othersStop = new Stopping();
    const other = start(
      {
        plan: shellPlan('(setsid env -i /bin/sh -c "echo \\$\\$; exec sleep 300" &) ; exec sleep 300'),
        stop: othersStop,
      },
      execOf(holder),
    );
    const [others = 0] = await pids(other, 1);
    const stop = new Stopping();
    const going = start({ plan: shellPlan('sleep 300 & echo $!; wait'), stop }, execOf(holder));
    await pids(going, 1);
    stop.askTerm();
    stop.askKill();
    expect((await going.result).stopped).toMatch(/none found$/);
    expect([stranger.pid ?? 0, detached.pid ?? 0, others].map(isAlive)).toEqual([true, true, true]);
    othersStop.askKill();
    await other.result;
    expect(isAlive(others)).toBe(false);
  });

  it('has the same environment, streams and signals as one that is not held', async () => {
    const text = 'env | sort; grep "^Sig[BIC]" /proc/self/status; ls /proc/self/fd | wc -l; umask; pwd; cat; ulimit -a';
    const environment = { PATH: '/usr/bin:/bin', HOME: tmpdir(), LC_ALL: 'xx_NOWHERE', ODD: 'a\nb', EMPTY: '' };
    const seen = async (each: Holder): Promise<unknown> => {
      const { out, err, result } = await run(
        { plan: shellPlan(text), stdin: 'in', runId: 'same' },
        execOf(each, environment),
      );
      return { out, err, result };
    };
    expect(await seen(holder)).toEqual(await seen(plainHolder));
  });

  it('leads a session and a group of its own, and its end is told exactly', async () => {
    const text =
      'read -r pid name state parent group session rest </proc/$$/stat; echo $pid $group $session; kill -QUIT $$';
    const { out, result } = await run({ plan: shellPlan(text) }, execOf(holder));
    const [pid, ...others] = out.trim().split(' ');
    expect(others).toEqual([pid, pid]);
    expect(result).toEqual(ended(131));
    expect((await run({ plan: shellPlan('exit 126') }, execOf(holder))).result).toEqual(ended(126));
  });

  it('may leave a daemon behind when it ends by itself', async () => {
    const { out, result } = await run(
      { plan: shellPlan('setsid sleep 300 >/dev/null 2>&1 & echo $!') },
      execOf(holder),
    );
    const pid = Number(out);
    mine.add(pid);
    expect(result).toEqual(ended(0));
    expect(isAlive(pid)).toBe(true);
    const parent = procTable.some([pid])[0]?.parent ?? 0;
    expect(readFileSync(`/proc/${parent}/comm`, 'latin1')).not.toBe('perl\n');
  });

  it('gets the next interpreter when the first is there and cannot be started', async () => {
    const broken = join(tmpdir(), `drover-broken-${process.pid}`);
    appendFileSync(broken, '#!/nowhere/interpreter\n', { mode: 0o755 });
    const plan = { ...shellPlan('echo here'), candidates: [broken, '/bin/sh'].map((path) => ({ path, options: [] })) };
    try {
      expect(await run({ plan }, execOf(holder))).toEqual({ out: 'here\n', err: '', result: ended(0) });
    } finally {
      rmSync(broken);
    }
  });
});

describe('how a script is held', () => {
  it.skipIf(!keeper || !groups)('changes when its environment would make another program of the holder', () => {
    expect(keeper?.suits({ PERL5OPT: '-d' })).toBe(false);
    expect(keeper?.suits({ PERL5LIB: '/x', 'odd.name': 'x' })).toBe(true);
    const group = groups && groupHolder(groups);
    expect(group?.suits({ 'odd.name': 'x' })).toBe(false);
    expect(group?.suits({ 'BASH_FUNC_x%%': '() { :; }' })).toBe(false);
    expect(group?.suits({ PATH: '/bin', LANG: 'C' })).toBe(true);
  });

  it('is said to be uncertain when nothing holds it', async () => {
    const stop = new Stopping();
    const going = start({ plan: shellPlan('echo $$; exec sleep 300'), stop }, execOf(plainHolder));
    await pids(going, 1);
    stop.askTerm();
    expect((await going.result).stopped).toBe('TERM to 1 process; none found by session, parent or environment');
  });
});

describe('the folder of a control group', () => {
  const mount = (root: string, point: string): string =>
    `30 23 0:26 / /proc rw - proc proc rw\n31 24 0:27 ${root} ${point} rw,nosuid shared:9 - cgroup2 cgroup2 rw\n`;

  it.each([
    ['/', '/sys/fs/cgroup', '0::/user.slice/a.scope\n', '/sys/fs/cgroup/user.slice/a.scope'],
    ['/', '/sys/fs/cgroup/unified', '1:cpu:/x\n0::/\n', '/sys/fs/cgroup/unified'],
    ['/docker/1', '/sys/fs/cgroup', '0::/docker/1/x\n', '/sys/fs/cgroup/x'],
    ['/docker/1', '/sys/fs/cgroup', '0::/docker/12\n', undefined],
    ['/', '/with\\040blank', '0::/a\n', '/with blank/a'],
    ['/', '/sys/fs/cgroup', '0::/../outside\n', undefined],
    ['/', '/sys/fs/cgroup', '4:memory:/x\n', undefined],
  ])('at %s on %s of %j is %s', (...[root, point, cgroup, folder]) => {
    expect(groupFolder(mount(root, point), cgroup)).toBe(folder);
  });

  it('is unknown without a second version of control groups', () => {
    expect(groupFolder('30 23 0:26 / /proc rw - proc proc rw\n', '0::/\n')).toBeUndefined();
  });

  it('may be one where no group can be made', async () => {
    expect(await Groups.find(thisProcess(), '/proc')).toBeUndefined();
    expect(await Groups.find(thisProcess(), tmpdir())).toBeUndefined();
  });
});
