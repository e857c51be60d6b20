import { describe, expect, it } from 'vitest';
import { DroverError } from '#contract/errors';
import type { ServeFlags } from '../../../src-main/cli/host.ts';
import { runCli } from '../../../src-main/cli/program.ts';
import { createFakeHost, fakeNow } from '../fake-host.ts';
import { engineWithRun, sampleLine, sampleRun } from '../sample-runs.ts';

describe('drover cancel', () => {
  it.each([
    [[], 'run.cancel', { run: '12', level: 'all' }],
    [['--kill'], 'run.kill', { run: '12' }],
  ])('with %j calls %s and says where the run stands', async (flags, call, input) => {
    const fake = createFakeHost({ engine: engineWithRun() });
    expect(await runCli(['cancel', '12', ...flags], fake.host)).toBe(0);
    expect(fake.asked).toEqual([{ name: call, input }]);
    expect(fake.out.text).toBe('#12 ◑ cancelling\n');
  });

  it('with --waiting begins nothing more, and says what goes on', async () => {
    const engine = engineWithRun({ run: { counts: { ...sampleRun().counts, total: 9, running: 2, skipped: 7 } } });
    const fake = createFakeHost({ engine });
    expect(await runCli(['cancel', '12', '--waiting'], fake.host)).toBe(0);
    expect(fake.asked).toEqual([{ name: 'run.cancel', input: { run: '12', level: 'waiting' } }]);
    expect(fake.out.text).toBe('#12 ◐ running: 2 at work, 7 not started\n');
  });

  it('refuses to begin nothing more and to kill at once', async () => {
    const fake = createFakeHost();
    expect(await runCli(['cancel', '12', '--waiting', '--kill'], fake.host)).toBe(2);
    expect(fake.err.text).toContain('cannot be used with');
  });

  it('prints the run with --json', async () => {
    const fake = createFakeHost({ engine: engineWithRun() });
    await runCli(['cancel', '12', '--json'], fake.host);
    expect(JSON.parse(fake.out.text)).toMatchObject({ no: 12, status: 'cancelling' });
  });

  it('exits 3 when the run has ended', async () => {
    const refuse = (): never => {
      throw new DroverError('run-is-final', 'Run 12 is success');
    };
    const fake = createFakeHost({ engine: { calls: { 'run.cancel': refuse } } });
    expect(await runCli(['cancel', '12'], fake.host)).toBe(3);
  });
});

describe('drover rerun', () => {
  it.each([
    [[], 'all'],
    [['--failed'], 'failed'],
    [['--timed-out'], 'timeout'],
    [['--unreachable'], 'unreachable'],
    [['--not-started'], 'not-started'],
    [
      ['--hosts', '7,0-2,1'],
      [0, 1, 2, 7],
    ],
  ])('with %j runs %j again and watches it like exec', async (flags, hosts) => {
    const engine = engineWithRun({ lines: [sampleLine()], run: { status: 'timeout', phase: 'task_limit' } });
    const fake = createFakeHost({ engine });
    expect(await runCli(['rerun', '11', ...flags], fake.host)).toBe(124);
    expect(fake.asked[0]).toEqual({ name: 'run.rerun', input: { run: '11', hosts } });
    expect(fake.out.text).toBe('hello\n');
  });

  it('prints the new number with --detach', async () => {
    const fake = createFakeHost({ engine: engineWithRun() });
    expect(await runCli(['rerun', '11', '--detach'], fake.host)).toBe(0);
    expect(fake.out.text).toBe('12\n');
  });

  it.each([
    [['--failed', '--hosts', '1'], 'cannot be used with'],
    [['--failed', '--not-started'], 'cannot be used with'],
    [['--unreachable', '--timed-out'], 'cannot be used with'],
    [['--hosts', 'web1'], 'It must be such as 0-4,7'],
    [['--hosts', '4-0'], 'It must be such as 0-4,7'],
  ])('refuses %j', async (flags, message) => {
    const fake = createFakeHost();
    expect(await runCli(['rerun', '11', ...flags], fake.host)).toBe(2);
    expect(fake.err.text).toContain(message);
  });

  it('exits 2 when nothing is left to run', async () => {
    const refuse = (): never => {
      throw new DroverError('nothing-to-rerun', 'No target failed');
    };
    const fake = createFakeHost({ engine: { calls: { 'run.rerun': refuse } } });
    expect(await runCli(['rerun', '11', '--failed'], fake.host)).toBe(2);
  });
});

describe('drover link', () => {
  const engine = {
    calls: { 'session.link': () => ({ url: 'http://127.0.0.1:7070/#/enter/abc', expiresAt: fakeNow + 600_000 }) },
  };

  it('prints nothing but the link, and on a terminal how long it lives', async () => {
    const fake = createFakeHost({ engine, terminal: { err: true } });
    expect(await runCli(['link'], fake.host)).toBe(0);
    expect(fake.out.text).toBe('http://127.0.0.1:7070/#/enter/abc\n');
    expect(fake.err.text).toContain('opens once, until 2026-11-20');
  });

  it('prints an object with --json', async () => {
    const fake = createFakeHost({ engine });
    await runCli(['link', '--json'], fake.host);
    expect(JSON.parse(fake.out.text)).toEqual({
      url: 'http://127.0.0.1:7070/#/enter/abc',
      expiresAt: fakeNow + 600_000,
    });
  });

  it('exits 3 when no engine runs that would outlive this command', async () => {
    const fake = createFakeHost({ engine, local: true });
    expect(await runCli(['link'], fake.host)).toBe(3);
    expect(fake.err.text).toContain('Start one: drover serve');
  });
});

describe('drover serve', () => {
  it('hands its options on and ends with the exit code of the engine', async () => {
    const seen: ServeFlags[] = [];
    const fake = createFakeHost({
      serve: async (flags) => {
        seen.push(flags);
        return 3;
      },
    });
    const flags = ['--data', 'd', '--listen', '[::1]:7443', '--tls-cert', 'c', '--tls-key', 'k', '--name', 'n'];
    expect(await runCli(['serve', ...flags], fake.host)).toBe(3);
    expect(seen).toEqual([{ data: 'd', listen: '[::1]:7443', tlsCert: 'c', tlsKey: 'k', name: 'n' }]);
  });

  it('lets the engine stop in good order on Ctrl-C', async () => {
    const stopped = Promise.withResolvers<number>();
    const fake = createFakeHost({ serve: () => stopped.promise });
    const code = runCli(['serve'], fake.host);
    await new Promise(setImmediate);
    fake.interrupt();
    stopped.resolve(0);
    expect(await code).toBe(0);
  });

  it('refuses a certificate behind a proxy', async () => {
    const fake = createFakeHost();
    expect(await runCli(['serve', '--behind-proxy', '--tls-cert', 'c'], fake.host)).toBe(2);
    expect(fake.err.text).toContain('cannot be used with');
  });
});

describe('drover version', () => {
  it('prints it for people and for programs, without an engine', async () => {
    const fake = createFakeHost({ unreachable: new Error('not asked') });
    expect(await runCli(['version'], fake.host)).toBe(0);
    expect(await runCli(['version', '--json'], fake.host)).toBe(0);
    expect(await runCli(['--version'], fake.host)).toBe(0);
    expect(fake.out.text).toBe('drover 1.2.3\n{"version":"1.2.3"}\n1.2.3\n');
  });
});

describe('numbers of runs', () => {
  it('may be the long id', async () => {
    const { id } = sampleRun();
    const fake = createFakeHost({ engine: engineWithRun() });
    await runCli(['cancel', id], fake.host);
    expect(fake.asked[0]?.input).toMatchObject({ run: id });
  });
});
