import { Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { DroverError } from '#contract/errors';
import type { RunQuery } from '#contract/run';
import { runCli } from '../../../src-main/cli/program.ts';
import { createFakeHost, fakeNow } from '../fake-host.ts';
import {
  engineWithRun,
  heldOutput,
  noCounts,
  sampleDetail,
  sampleHost,
  sampleLine,
  sampleRun,
} from '../sample-runs.ts';

const jsonLines = (text: string): unknown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

describe('drover runs', () => {
  const found = [
    sampleRun({
      no: 13,
      status: 'failed',
      phase: 'task_failed',
      name: 'night\u001b]0;x\u0007ly\ncheck of everything there is to check in this house',
      firstTarget: 'web1',
      counts: { ...noCounts, total: 10, failed: 1, success: 9 },
      durationMs: 65_000,
    }),
    sampleRun({ startedAt: null, durationMs: null, status: 'pending', phase: 'queued', createdAt: fakeNow - 2_000 }),
  ];
  const engine = { calls: { 'run.list': () => ({ runs: found, next: null }) } };

  it('lists number, status with its shape, targets, source, age, duration and what was run', async () => {
    const fake = createFakeHost({ engine });
    expect(await runCli(['runs'], fake.host)).toBe(0);
    expect(fake.out.text).toBe(
      [
        'RUN  STATUS     TARGETS  SOURCE  STARTED    TOOK        WHAT',
        '#13  ▲ failed   web1 +9  manual  3 min ago  1 min 05 s  nightly check of everything there is to check in this house',
        '#12  ○ pending  local    manual  now                    df -h',
        '',
      ].join('\n'),
    );
  });

  it('cuts to the width of a terminal and colours by status', async () => {
    const fake = createFakeHost({ engine, terminal: { out: true, columns: 72 } });
    await runCli(['runs'], fake.host);
    const [, first = ''] = fake.out.text.split('\n');
    expect(first).toContain('\u001b[31m▲ failed \u001b[0m');
    expect(first.replaceAll('\u001b[31m', '').replaceAll('\u001b[0m', '')).toHaveLength(72);
    expect(first).toMatch(/…$/);
  });

  it.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('uses no colours under %j', async (env) => {
    const fake = createFakeHost({ engine, env, terminal: { out: true } });
    await runCli(['runs'], fake.host);
    expect(fake.out.text).not.toContain('\u001b');
  });

  it('prints one run a line with --json', async () => {
    const fake = createFakeHost({ engine });
    await runCli(['runs', '--json'], fake.host);
    expect(jsonLines(fake.out.text)).toEqual(found);
  });

  it('hands the filters on and reads as many pages as it takes', async () => {
    const list = vi.fn((query: RunQuery) => ({
      runs: Array.from({ length: query.limit }, (_, index) => sampleRun({ no: (query.before ?? 2_000) - 1 - index })),
      next: (query.before ?? 2_000) - query.limit,
    }));
    const fake = createFakeHost({ engine: { calls: { 'run.list': list } } });
    const flags = ['--status', 'failed,timeout', '--source', 'api', '--since', '7d', '-n', '700', 'x', 'target:web*'];
    await runCli(['runs', '--json', ...flags], fake.host);
    const filters = {
      status: ['failed', 'timeout'],
      source: ['api'],
      text: 'x target:web*',
      since: fakeNow - 7 * 86_400_000,
    };
    expect(list.mock.calls.map(([query]) => query)).toEqual([
      { ...filters, limit: 500 },
      { ...filters, limit: 200, before: 1_500 },
    ]);
    expect(jsonLines(fake.out.text)).toHaveLength(700);
  });

  it('goes on where a search that takes long has come to, and ends where nothing is left', async () => {
    const list = vi.fn((query: RunQuery) =>
      query.before === undefined ? { runs: [], next: 900 } : { runs: [sampleRun({ no: 7 })], next: null },
    );
    const fake = createFakeHost({ engine: { calls: { 'run.list': list } } });
    await runCli(['runs', '--json', 'rare'], fake.host);
    expect(list.mock.calls.map(([query]) => query.before)).toEqual([undefined, 900]);
    expect(jsonLines(fake.out.text)).toHaveLength(1);
  });

  it('says what is wrong with a query, and exits 2', async () => {
    const list = (): never => {
      throw new DroverError('bad-selector', "No field 'statsu', the nearest is 'status' (at character 1)");
    };
    const fake = createFakeHost({ engine: { calls: { 'run.list': list } } });
    expect(await runCli(['runs', 'statsu:failed'], fake.host)).toBe(2);
    expect(fake.err.text).toContain("the nearest is 'status'");
  });

  it('says when there is nothing, and exits 0', async () => {
    const fake = createFakeHost({ engine: { calls: { 'run.list': () => ({ runs: [], next: null }) } } });
    expect(await runCli(['runs'], fake.host)).toBe(0);
    expect(fake.out.text).toBe('');
    expect(fake.err.text).toBe('drover: no runs\n');
  });
});

describe('drover show', () => {
  const detail = sampleDetail({
    run: sampleRun({ name: 'nightly', reason: 'Tolerated: 1 failed', rerunOf: { id: 'x', no: 9 } }),
    finalText: 'df -h\n\u001b]0;evil\u0007rm x\n',
  });
  const { task } = detail;
  const engine = {
    calls: {
      'run.get': () => ({ ...detail, task: { ...task, parameters: { DAYS: 7 }, args: ['--all'] } }),
      'run.hosts': () => ({
        hosts: [
          sampleHost(),
          sampleHost({ host: 1, name: 'web1', status: 'failed', reason: 'exit-code', exitCode: 2 }),
        ],
        next: null,
      }),
    },
  } as const;

  it('tells what the run was, on which targets, and how it ended', async () => {
    const fake = createFakeHost({ engine });
    expect(await runCli(['show', '#12'], fake.host)).toBe(0);
    for (const part of [
      '#12 ● success  nightly\n',
      'Reason      Tolerated: 1 failed\n',
      'by ada, manual\n',
      'Rerun of    #9\n',
      'Options     timeout 600 s, 64 at once\n',
      '▲ failed   0.3 s  2      exit code 2\n',
      'Parameters\n  DAYS = 7\n',
      'Arguments\n  1 = --all\n',
      'Text (shell, SHA-256 abc123)\n  df -h\n',
    ]) {
      expect(fake.out.text).toContain(part);
    }
    expect(fake.asked[0]).toEqual({ name: 'run.get', input: { run: '12' } });
  });

  it('makes the text harmless on a terminal', async () => {
    const fake = createFakeHost({ engine, terminal: { out: true }, env: { NO_COLOR: '1' } });
    await runCli(['show', '12'], fake.host);
    expect(fake.out.text).not.toContain('\u001b');
    expect(fake.out.text).toContain('  rm x\n');
  });

  it('prints one object with the hosts with --json', async () => {
    const fake = createFakeHost({ engine });
    await runCli(['show', '12', '--json'], fake.host);
    const [only, ...rest] = jsonLines(fake.out.text);
    expect(rest).toEqual([]);
    expect(only).toMatchObject({
      run: { no: 12 },
      finalText: detail.finalText,
      hosts: [{ name: 'local' }, { name: 'web1' }],
    });
  });

  it('hands the table of results on as it comes, byte for byte, with --csv', async () => {
    const table = Buffer.from('run,target\r\n12,web\u001b[31m1\r\n');
    const fake = createFakeHost({ engine: { ...engine, download: () => Readable.from([table]) } });
    expect(await runCli(['show', '12', '--csv'], fake.host)).toBe(0);
    expect(fake.asked.at(-1)).toEqual({ name: 'run.results', input: { run: '12' } });
    expect(fake.out.text).toBe(table.toString());
  });

  it('lets no cell of the table act on a terminal', async () => {
    const table = Buffer.from('run,target\r\n12,web\u001b]0;x\u00071\r\n');
    const engineWithTable = { ...engine, download: () => Readable.from([table]) };
    const fake = createFakeHost({ engine: engineWithTable, terminal: { out: true } });
    expect(await runCli(['show', '12', '--csv'], fake.host)).toBe(0);
    expect(fake.out.text).toBe('run,target\n12,web1\n');
  });

  it('gives either a table or an object', async () => {
    const fake = createFakeHost({ engine });
    expect(await runCli(['show', '12', '--csv', '--json'], fake.host)).toBe(2);
  });
});

describe.each(['show', 'output', 'cancel', 'rerun'])('drover %s of a run that does not exist', (command) => {
  it('exits 2', async () => {
    const refuse = (): never => {
      throw new DroverError('not-found', 'No run 99');
    };
    const calls = { 'run.get': refuse, 'run.hosts': refuse, 'run.cancel': refuse, 'run.rerun': refuse };
    const fake = createFakeHost({ engine: { calls } });
    expect(await runCli([command, '99'], fake.host)).toBe(2);
    expect(fake.err.text).toContain('drover: No run 99 [not-found]');
  });

  it('exits 2 for what is no number, without asking', async () => {
    const fake = createFakeHost();
    expect(await runCli([command, 'latest'], fake.host)).toBe(2);
    expect(fake.connects).toEqual([]);
    expect(fake.err.text).toContain('It must be the number of a run.');
  });
});

describe('drover output', () => {
  const hosts = [
    sampleHost({ name: 'web1' }),
    sampleHost({ host: 1, name: 'web2' }),
    sampleHost({ host: 2, name: '0' }),
  ];
  const lines = [
    sampleLine({ text: 'a' }),
    sampleLine({ seq: 2, host: 1, text: 'b' }),
    sampleLine({ seq: 3, host: 1, stream: 'err', text: 'c' }),
    sampleLine({ seq: 4, host: 2, text: 'd' }),
  ];

  it.each([[[]], [['--follow']]])('prints every stored line once, in order, with %j', async (flags) => {
    const fake = createFakeHost({ engine: engineWithRun({ hosts, lines }) });
    expect(await runCli(['output', '12', ...flags], fake.host)).toBe(0);
    expect(fake.out.text).toBe('web1: a\nweb2: b\n0: d\n');
    expect(fake.err.text).toBe('web2: c\n');
  });

  it.each([
    ['web2', 'b\n', 'c\n'],
    ['1', 'b\n', 'c\n'],
    ['0', 'd\n', ''],
  ])('chooses target %s, a name before a place', async (target, out, err) => {
    const fake = createFakeHost({ engine: engineWithRun({ hosts, lines }) });
    await runCli(['output', '12', '--target', target], fake.host);
    expect([fake.out.text, fake.err.text]).toEqual([out, err]);
  });

  it('exits 2 for a target that is not in the run, naming those that are', async () => {
    const fake = createFakeHost({ engine: engineWithRun({ hosts, lines }) });
    expect(await runCli(['output', '12', '--target', '7'], fake.host)).toBe(2);
    expect(fake.err.text).toContain("No target '7' in this run [unknown-target]\n  Its targets: web1, web2, 0");
  });

  it('exits 0 although the run failed: it was read', async () => {
    const fake = createFakeHost({ engine: engineWithRun({ lines, run: { status: 'failed', phase: 'task_failed' } }) });
    expect(await runCli(['output', '12', '--follow'], fake.host)).toBe(0);
  });

  it('begins lines with their time', async () => {
    const fake = createFakeHost({ engine: engineWithRun({ lines: [sampleLine({ text: 'a' })] }) });
    await runCli(['output', '12', '--timestamps'], fake.host);
    expect(fake.out.text).toBe('2026-11-20T12:00:00.000Z a\n');
  });

  it('prints objects with --json, and the end when it followed to it', async () => {
    const engine = engineWithRun({ lines: [sampleLine({ text: 'a' })] });
    const stored = createFakeHost({ engine });
    await runCli(['output', '12', '--json'], stored.host);
    expect(jsonLines(stored.out.text)).toEqual([{ kind: 'line', ...sampleLine({ text: 'a' }), name: 'local' }]);

    const followed = createFakeHost({ engine });
    await runCli(['output', '12', '--json', '--follow'], followed.host);
    expect(jsonLines(followed.out.text)).toMatchObject([{ kind: 'line' }, { kind: 'end', run: { no: 12 } }]);
  });

  it('copies exact bytes with --raw', async () => {
    const bytes = Buffer.from([0xff, 0x00, 0x1b, 0x0a]);
    const written: Buffer[] = [];
    const fake = createFakeHost({
      engine: {
        ...engineWithRun({ hosts, lines }),
        async *download() {
          yield bytes;
          yield bytes;
        },
      },
    });
    const write = fake.out._write.bind(fake.out);
    fake.out._write = (chunk: Buffer, encoding, done) => {
      written.push(chunk);
      write(chunk, encoding, done);
    };
    expect(await runCli(['output', '12', '--raw', '--target', 'web2', '--stream', 'out'], fake.host)).toBe(0);
    expect(Buffer.concat(written)).toEqual(Buffer.concat([bytes, bytes]));
    expect(fake.asked.at(-1)).toEqual({
      name: 'run.download',
      input: { run: '12', host: 1, stream: 'out', format: 'raw' },
    });
  });

  it('does not let raw bytes act on a terminal', async () => {
    const fake = createFakeHost({ engine: engineWithRun(), terminal: { out: true } });
    expect(await runCli(['output', '12', '--raw'], fake.host)).toBe(2);
    expect(fake.err.text).toContain('Raw bytes may act on this terminal');
  });

  it('makes lines harmless on a terminal, over the border of two slices, and puts colours back', async () => {
    const hostile = [
      sampleLine({ text: 'a\u001b]0;ti', open: true }),
      sampleLine({ seq: 2, text: 'tle\u0007b\u001b[2J\u001b[31mred' }),
    ];
    const fake = createFakeHost({ engine: engineWithRun({ lines: hostile }), terminal: { out: true } });
    await runCli(['output', '12'], fake.host);
    expect(fake.out.text).toBe('ab\u001b[0;31mred\n\u001b[0m');
  });

  it('keeps the colours of a target on a terminal out of the labels and lines of others', async () => {
    const lines = [
      sampleLine({ text: '\u001b[31mred', open: true }),
      sampleLine({ seq: 2, host: 1, text: 'plain' }),
      sampleLine({ seq: 3, text: ' still' }),
      sampleLine({ seq: 4, host: 1, text: 'plain' }),
    ];
    const fake = createFakeHost({ engine: engineWithRun({ hosts, lines }), terminal: { out: true } });
    await runCli(['output', '12'], fake.host);
    expect(fake.out.text.split('\n')).toEqual([
      'web1: \u001b[0;31mred\u001b[0m',
      'web2: plain',
      'web1: \u001b[0;31m still\u001b[0m',
      'web2: plain',
      '\u001b[0m',
    ]);
  });

  it('lets no target on a terminal write over the label of another', async () => {
    const lying = [sampleLine({ text: 'x\rweb2: all is well' })];
    const fake = createFakeHost({ engine: engineWithRun({ hosts, lines: lying }), terminal: { out: true } });
    await runCli(['output', '12'], fake.host);
    expect(fake.out.text).toBe('web1: x web2: all is well\n');
  });

  it('ends quietly with 0 when its reader has seen enough', async () => {
    const output = heldOutput();
    const fake = createFakeHost({ engine: { ...engineWithRun(), feeds: { 'run.output': output.feed } } });
    const code = runCli(['output', '12', '--follow'], fake.host);
    fake.out.breakWith('EPIPE');
    output.push({ kind: 'lines', lines: [sampleLine()] });
    expect(await code).toBe(0);
    expect(fake.err.text).toBe('');
  });

  it('ends with 130 on Ctrl-C and touches no run', async () => {
    const output = heldOutput();
    const fake = createFakeHost({ engine: { ...engineWithRun(), feeds: { 'run.output': output.feed } } });
    const code = runCli(['output', '12', '--follow'], fake.host);
    await vi.waitFor(() => expect(fake.asked.at(-1)?.name).toBe('run.output'));
    fake.interrupt();
    expect(await code).toBe(130);
    expect(fake.asked.map(({ name }) => name)).toEqual(['run.get', 'run.hosts', 'run.output']);
    expect(fake.closed()).toBe(1);
  });
});
