import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DroverError } from '#contract/errors';
import { runCli } from '../../../src-main/cli/program.ts';
import { createFakeHost } from '../fake-host.ts';
import { engineWithRun, noCounts, sampleHost, sampleLine } from '../sample-runs.ts';

const exec = ['exec', '-t', 'local'];

async function requestOf(argv: readonly string[], options: { stdin?: string; cwd?: string } = {}) {
  const fake = createFakeHost({ engine: engineWithRun(), ...options });
  const code = await runCli(argv, fake.host);
  return { code, error: fake.err.text, input: fake.asked.find(({ name }) => name === 'run.start')?.input };
}

it('refuses a pause where there are no batches for it to lie between', async () => {
  const { code, error, input } = await requestOf([...exec, '--pause', '5', '--', 'true']);
  expect([code, input]).toEqual([2, undefined]);
  expect(error).toContain('give --batch as well');
});

const jsonLines = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('what drover exec asks for', () => {
  it('sends one word behind -- as shell text, as it is', async () => {
    const { input } = await requestOf([...exec, '--', "df -h | sort; echo 'x'"]);
    expect(input).toMatchObject({
      targets: 'local',
      task: { language: 'shell', text: "df -h | sort; echo 'x'", args: [] },
    });
  });

  it('quotes several words each, so that nothing in them is expanded', async () => {
    const { input } = await requestOf([...exec, '--', 'echo', "it's $HOME", '-n', '*']);
    expect(input).toMatchObject({ task: { text: `'echo' 'it'\\''s $HOME' '-n' '*'` } });
  });

  it('looks at no word behind --, not even at one that looks like an option or --', async () => {
    const { input, code } = await requestOf([...exec, '--', 'tool', '--json', '--', '-t', '@/etc/passwd']);
    expect(code).toBe(0);
    expect(input).toMatchObject({ targets: 'local', task: { text: `'tool' '--json' '--' '-t' '@/etc/passwd'` } });
  });

  it('hands every option on', async () => {
    const what = ['--name', 'nightly', '--param', 'A=1', '--param', 'B=x=y', '--env', 'C=@file', '--no-parameters'];
    const limits = ['--timeout', '30', '--deadline', '90', '-c', '8', '--stop-after', '3', '--tolerate', '10%'];
    const batches = ['--batch', '1,10%,100%', '--pause', '5'];
    const { input } = await requestOf(['exec', '--target', 'local', ...what, ...limits, ...batches, '--', 'true']);
    expect(input).toEqual({
      name: 'nightly',
      targets: 'local',
      addresses: '',
      task: {
        type: 'script',
        language: 'shell',
        text: 'true',
        args: [],
        environment: { C: '@file' },
        parameters: { A: '1', B: 'x=y' },
        noParameters: true,
      },
      options: {
        timeoutS: 30,
        deadlineS: 90,
        concurrency: 8,
        batches: ['1', '10%', '100%'],
        pauseS: 5,
        stopAfter: '3',
        tolerate: '10%',
      },
    });
  });

  it.each([[['--data', 'there', ...exec]], [['--data=there', '--json', ...exec]]])(
    'takes %j with the data folder before its name',
    async (argv) => {
      const fake = createFakeHost({ engine: engineWithRun() });
      expect(await runCli([...argv, '--', 'tool', '--data', 'x'], fake.host)).toBe(0);
      expect(fake.connects).toEqual([{ data: 'there' }]);
      expect(fake.asked[0]).toMatchObject({ input: { task: { text: "'tool' '--data' 'x'" } } });
    },
  );

  it('passes the data folder on and leaves the engine again', async () => {
    const fake = createFakeHost({ engine: engineWithRun() });
    await runCli(['exec', '--data', 'there', '-t', 'local', '--', 'true'], fake.host);
    expect(fake.connects).toEqual([{ data: 'there' }]);
    expect(fake.closed()).toBe(1);
  });
});

describe('files that drover exec reads', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drover-exec-'));
    await writeFile(join(folder, 'job.py'), '\ufeffprint(1)\r\n');
    await writeFile(join(folder, 'job'), '#!/bin/bash\n');
    await writeFile(join(folder, 'job.rb'), 'puts 1\n');
    await writeFile(join(folder, 'latin.sh'), Buffer.from([0x65, 0xe9, 0x0a]));
    await writeFile(join(folder, 'input'), 'a\nb');
  });

  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('takes a script exactly as it is and the words behind -- as its arguments', async () => {
    const { input } = await requestOf([...exec, '--script', 'job.py', '--', '--verbose', 'two words'], { cwd: folder });
    expect(input).toMatchObject({
      task: { language: 'python', text: '\ufeffprint(1)\r\n', args: ['--verbose', 'two words'] },
    });
  });

  it.each([
    [['--script', 'job'], 'shell'],
    [['--script', 'job', '--language', 'perl'], 'perl'],
    [['--script', 'job.rb', '--language', 'bat'], 'bat'],
  ])('takes %j for %s', async (flags, language) => {
    const { input } = await requestOf([...exec, ...flags], { cwd: folder });
    expect(input).toMatchObject({ task: { language } });
  });

  it('does not guess the language of an extension it does not know', async () => {
    const { code, error, input } = await requestOf([...exec, '--script', 'job.rb'], { cwd: folder });
    expect(code).toBe(2);
    expect(error).toContain('say --language');
    expect(input).toBeUndefined();
  });

  it('reads a script from standard input', async () => {
    const { input } = await requestOf([...exec, '--script', '-'], { stdin: 'echo é\n' });
    expect(input).toMatchObject({ task: { language: 'shell', text: 'echo é\n' } });
  });

  it('reads what the commands read from a file or from standard input', async () => {
    const file = await requestOf([...exec, '--stdin', 'input', '--', 'cat'], { cwd: folder });
    expect(file.input).toMatchObject({ task: { stdin: 'a\nb' } });
    const piped = await requestOf([...exec, '--stdin', '-', '--', 'cat'], { stdin: 'piped' });
    expect(piped.input).toMatchObject({ task: { stdin: 'piped' } });
  });

  it.each([
    ['missing.sh', 'Cannot read missing.sh'],
    ['latin.sh', 'latin.sh is not UTF-8 text'],
  ])('says what is wrong with %s', async (file, message) => {
    const { code, error } = await requestOf([...exec, '--script', file], { cwd: folder });
    expect(code).toBe(2);
    expect(error).toContain(message);
    expect(error).not.toContain('    at ');
  });
});

describe('wrong usage of drover exec', () => {
  it.each([
    [['exec', '--', 'true'], 'for example -t local'],
    [['exec', '-t', ' ', '--', 'true'], 'for example -t local'],
    [['exec', '-t', 'a', '-t', 'b', '--', 'true'], 'put commas between several names'],
    [[...exec], 'the command stands behind --'],
    [[...exec, '--', '  '], 'Nothing to run'],
    [[...exec, 'true'], "'true' stands before --"],
    [[...exec, '--timeout', '0', '--', 'true'], "option '--timeout <s>' argument '0' is invalid"],
    [[...exec, '--timeout', '1.5', '--', 'true'], 'It must be a whole number from 1 to 86400.'],
    [[...exec, '--concurrency', '0', '--', 'true'], 'It must be a whole number from 1 to 1000.'],
    [[...exec, '--batch', '5x', '--', 'true'], 'It must be a number such as 3 or a share such as 10%.'],
    [[...exec, '-p', '70000', '--', 'true'], 'It must be a whole number from 1 to 65535.'],
    [[...exec, '-u', '-oProxyCommand=x', '--', 'true'], 'It must be the name of an account.'],
    [[...exec, '--sudo=a b', '--', 'true'], 'It must be the name of an account.'],
    [[...exec, '--ask-sudo-password', '--', 'true'], 'A password for sudo is given without --sudo'],
    [[...exec, '--ask-password', '--password-file', 'x', '--', 'true'], 'cannot be used with'],
    [[...exec, '--hosts', '-', '--password-file', '-', '--', 'true'], 'Stdin cannot be two things'],
    [[...exec, '-g', '--detach', '--', 'true'], 'cannot be used with'],
    [['exec', '-w', ' ', '--', 'true'], 'for example -t local'],
    [[...exec, '--param', '9=1', '--', 'true'], 'It must be NAME=VALUE'],
    [[...exec, '--param', 'A=1', '--param', 'A=2', '--', 'true'], 'A is given twice'],
    [[...exec, '--language', 'ruby', '--', 'true'], 'Allowed choices are shell'],
    [[...exec, '--language', 'python', '--', 'print(1)', 'x'], 'must be one word behind --'],
    [[...exec, '--script', '-', '--stdin', '-'], 'Stdin cannot be two things'],
  ])('%j exits 2 and starts nothing', async (argv, message) => {
    const { code, error, input } = await requestOf(argv);
    expect(error).toContain(message);
    expect(error).toMatch(/^drover: /);
    expect(code).toBe(2);
    expect(input).toBeUndefined();
  });

  it('exits 2 when the selector names no target', async () => {
    const engine = {
      calls: {
        'run.start': () => {
          throw new DroverError('unknown-target', "No target 'web'; known: local");
        },
      },
    };
    const fake = createFakeHost({ engine });
    expect(await runCli(['exec', '-t', 'web', '--', 'true'], fake.host)).toBe(2);
    expect(fake.err.text).toBe(
      "drover: No target 'web'; known: local [unknown-target]\n  `-t local` is this machine.\n",
    );
    expect(fake.closed()).toBe(1);
  });
});

describe('what drover exec shows', () => {
  const lines = [
    sampleLine({ seq: 1, text: 'one\r' }),
    sampleLine({ seq: 2, n: 1, stream: 'err', text: 'warning' }),
    sampleLine({ seq: 3, n: 2, text: 'half', open: true }),
    sampleLine({ seq: 4, n: 2, text: ' a line', open: true }),
  ];

  it('keeps standard output and standard error apart and adds nothing to what one target wrote', async () => {
    const fake = createFakeHost({ engine: engineWithRun({ lines }) });
    expect(await runCli([...exec, '--', 'x'], fake.host)).toBe(0);
    expect(fake.out.text).toBe('one\r\nhalf a line');
    expect(fake.err.text).toBe('warning\n');
  });

  it('begins each line with the name of its target when there are several', async () => {
    const hosts = [sampleHost({ name: 'web1' }), sampleHost({ host: 1, name: 'web2' })];
    const engine = engineWithRun({
      hosts,
      lines: [
        sampleLine({ seq: 1, text: 'from one ', open: true }),
        sampleLine({ seq: 2, host: 1, text: 'from two' }),
        sampleLine({ seq: 3, text: 'one again' }),
      ],
    });
    const fake = createFakeHost({ engine });
    await runCli(['exec', '-t', 'web1,web2', '--', 'x'], fake.host);
    expect(fake.out.text).toBe('web1: from one \nweb2: from two\nweb1: one again\n');
  });

  it('ends with a summary on a terminal only', async () => {
    const fake = createFakeHost({ engine: engineWithRun(), terminal: { err: true } });
    await runCli([...exec, '--', 'x'], fake.host);
    expect(fake.err.text).toBe('#12 success, 1 target, 0.3 s\n');

    const quiet = createFakeHost({ engine: engineWithRun(), terminal: { err: true } });
    await runCli([...exec, '-q', '--', 'x'], quiet.host);
    expect(quiet.err.text).toBe('');
  });

  it.each([[[]], [['-q']]])('says with %j which target failed and why', async (flags) => {
    const hosts = [
      sampleHost({ name: 'web1' }),
      sampleHost({ host: 1, name: 'web2', status: 'failed', reason: 'exit-code', exitCode: 3 }),
      sampleHost({
        host: 2,
        name: 'web3',
        status: 'failed',
        reason: 'unreachable',
        exitCode: null,
        message: 'no route',
      }),
      sampleHost({ host: 3, name: 'web4', status: 'timeout', reason: 'timed-out', exitCode: null, message: '' }),
      sampleHost({ host: 4, name: 'web5', status: 'skipped', reason: 'not-started', exitCode: null, message: '' }),
    ];
    const counts = { ...noCounts, total: 5, success: 1, failed: 2, timeout: 1, skipped: 1 };
    const fake = createFakeHost({
      engine: engineWithRun({ hosts, run: { status: 'failed', phase: 'task_failed', counts } }),
    });
    expect(await runCli(['exec', '-t', 'x', ...flags, '--', 'x'], fake.host)).toBe(1);
    expect(fake.err.text).toBe(
      [
        'drover: web2: failed, exit code 3',
        'drover: web3: failed, unreachable: no route',
        'drover: web4: timed out',
        'drover: 1 not started; to run these: drover rerun 12 --not-started',
        '',
      ].join('\n'),
    );
  });

  it('says why a run failed of which no target did', async () => {
    const engine = engineWithRun({ run: { status: 'failed', phase: 'refused', reason: 'Not allowed here' } });
    const fake = createFakeHost({ engine });
    expect(await runCli([...exec, '--', 'x'], fake.host)).toBe(3);
    expect(fake.err.text).toContain('#12 failed, 1 target, 0.3 s – Not allowed here');
  });

  it('prints the number alone with --detach and waits for nothing', async () => {
    const fake = createFakeHost({ engine: { calls: { 'run.start': () => ({ id: 'i', no: 12 }) } } });
    expect(await runCli([...exec, '--detach', '--', 'x'], fake.host)).toBe(0);
    expect(fake.out.text).toBe('12\n');
    expect(fake.err.text).toBe('');
  });

  it('says with --detach when this process has to stay because no engine runs', async () => {
    const fake = createFakeHost({ local: true, engine: { calls: { 'run.start': () => ({ id: 'i', no: 12 }) } } });
    expect(await runCli([...exec, '--detach', '--', 'x'], fake.host)).toBe(0);
    expect(fake.err.text).toContain('no engine is running, so this process works on #12 until it has ended');
  });

  it('says that a started run may go on when the engine is lost while watching it', async () => {
    const engine = engineWithRun();
    const fake = createFakeHost({
      engine: {
        ...engine,
        feeds: {
          'run.output': () => {
            throw new DroverError('engine-unreachable', 'No engine answers');
          },
        },
      },
    });
    expect(await runCli([...exec, '--', 'x'], fake.host)).toBe(3);
    expect(fake.err.text).toBe(
      'drover: Lost sight of run #12, which may go on: No engine answers [engine-unreachable]\n  drover output 12 --follow\n',
    );
  });

  it('does not take the end of the feed for the end of the run', async () => {
    const engine = engineWithRun({ run: { status: 'running', phase: 'running' } });
    const fake = createFakeHost({ engine: { ...engine, feeds: { 'run.output': () => [] } } });
    expect(await runCli([...exec, '--', 'x'], fake.host)).toBe(3);
    expect(fake.err.text).toContain('Lost sight of run #12');
  });
});

describe('exit codes of drover exec', () => {
  it.each([
    ['success', 'ok', 0],
    ['success', 'tolerated', 0],
    ['failed', 'task_failed', 1],
    ['failed', 'lost', 1],
    ['failed', 'refused', 3],
    ['timeout', 'task_limit', 124],
    ['timeout', 'run_limit', 124],
    ['cancelled', 'by_user', 130],
    ['cancelled', 'rejected', 130],
  ] as const)('%s · %s is %i', async (status, phase, code) => {
    const fake = createFakeHost({ engine: engineWithRun({ run: { status, phase } }) });
    expect(await runCli([...exec, '--', 'x'], fake.host)).toBe(code);
  });

  it.each([
    ['engine-unreachable', 3],
    ['archive-locked', 3],
    ['archive-newer', 3],
  ] as const)('%s on the way to the engine is %i', async (errorCode, code) => {
    const fake = createFakeHost({ unreachable: new DroverError(errorCode, 'No') });
    expect(await runCli([...exec, '--', 'x'], fake.host)).toBe(code);
    expect(fake.err.text).toContain(`[${errorCode}]`);
  });
});

describe('drover exec --json', () => {
  it('prints one object a line: started, line, host, end', async () => {
    const lines = [sampleLine({ text: 'he\u009bllo' }), sampleLine({ seq: 2, stream: 'err', text: 'no' })];
    const fake = createFakeHost({ engine: engineWithRun({ lines }), terminal: { err: true } });
    expect(await runCli([...exec, '--json', '--', 'x'], fake.host)).toBe(0);
    const objects = jsonLines(fake.out.text);
    expect(objects.map(({ kind }) => kind)).toEqual(['started', 'line', 'line', 'host', 'end']);
    expect(objects[0]).toMatchObject({ no: 12 });
    expect(objects[1]).toEqual({ kind: 'line', ...lines[0], name: 'local' });
    expect(objects[3]).toEqual({ kind: 'host', ...sampleHost() });
    expect(objects[4]).toMatchObject({ run: { no: 12, status: 'success' } });
    expect(fake.out.text).not.toContain('\u009b');
    expect(fake.err.text).toBe('');
  });

  it('prints errors of usage and of the engine as one object on standard error', async () => {
    const usage = createFakeHost();
    expect(await runCli(['exec', '--json', '--', 'x'], usage.host)).toBe(2);
    expect(JSON.parse(usage.err.text)).toMatchObject({ error: { code: 'no-targets' } });

    const refused = createFakeHost({
      unreachable: new DroverError('archive-locked', 'In use', { detail: { pid: 7 } }),
    });
    expect(await runCli([...exec, '--json', '--', 'x'], refused.host)).toBe(3);
    expect(JSON.parse(refused.err.text)).toEqual({
      error: { code: 'archive-locked', message: 'In use', detail: { pid: 7 } },
    });
    expect(usage.out.text + refused.out.text).toBe('');
  });

  it('is not meant by a --json that belongs to the command', async () => {
    const fake = createFakeHost({ unreachable: new DroverError('archive-locked', 'In use') });
    await runCli([...exec, '--', 'tool', '--json'], fake.host);
    expect(fake.err.text).toMatch(/^drover: In use/);
  });
});
