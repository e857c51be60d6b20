import { describe, expect, it } from 'vitest';
import type { HostRow, OutputLine } from '#contract/run';
import { runCli } from '../../src-main/cli/program.ts';
import { createFakeHost, type FakeEngine, type FakeOptions } from './fake-host.ts';
import { engineWithRun, noCounts, sampleHost, sampleLine, sampleRun } from './sample-runs.ts';

const silent = { lines: 0, bytes: 0, omitted: 0, sha256: null };

/** Targets that wrote these lines, the lines of all of them mixed as they come from many machines. */
function story(outputs: Record<string, readonly string[]>, change: (row: HostRow) => HostRow = (row) => row) {
  const names = Object.keys(outputs);
  const hosts = names.map((name, host) =>
    change(sampleHost({ host, name, ...(outputs[name]?.length === 0 && { out: silent, err: silent }) })),
  );
  const longest = Math.max(...Object.values(outputs).map(({ length }) => length));
  const lines: OutputLine[] = [];
  for (let index = 0; index < longest; index += 1) {
    names.forEach((name, host) => {
      const text = outputs[name]?.[index];
      if (text !== undefined) {
        lines.push(sampleLine({ seq: lines.length + 1, n: index + 1, host, text }));
      }
    });
  }
  return { hosts, lines };
}

async function execGrouped(engine: FakeEngine, options: FakeOptions = {}, flags: readonly string[] = []) {
  const fake = createFakeHost({ engine, ...options });
  const code = await runCli(['exec', '-t', 'all', '-g', ...flags, '--', 'x'], fake.host);
  return { ...fake, code };
}

const twenty = Array.from({ length: 20 }, (_, index) => `web${String(index + 1).padStart(2, '0')}`);
const mixed = story({
  old1: ['5.10', 'x'],
  ...Object.fromEntries([...twenty, 'db1'].map((name) => [name, ['6.1', 'y']])),
  quiet1: [],
  quiet2: [],
});

describe('drover exec -g', () => {
  it('prints each different output once, the most frequent first, with its node set', async () => {
    const { out, err, code } = await execGrouped(engineWithRun(mixed));
    const rule = '---------------';
    expect(out.text.split('\n')).toEqual([
      rule,
      'web[01-20],db1 (21)',
      rule,
      '6.1',
      'y',
      rule,
      'old1',
      rule,
      '5.10',
      'x',
      '',
    ]);
    expect(err.text).toBe('drover: no output from quiet[1-2] (2)\n');
    expect(code).toBe(0);
  });

  it('names failures with exit code and reason', async () => {
    const failing = story({ web1: ['no'], web2: ['no'] }, (row) => ({
      ...row,
      status: 'failed',
      reason: 'exit-code',
      exitCode: 3,
    }));
    const run = { status: 'failed', phase: 'task_failed' } as const;
    const { out, err, code } = await execGrouped(engineWithRun({ ...failing, run }));
    expect(out.text).toContain('web[1-2] (2)\n');
    expect(err.text).toBe('drover: web1: failed, exit code 3\ndrover: web2: failed, exit code 3\n');
    expect(code).toBe(1);
  });

  it('keeps outputs apart that only look alike because they are not UTF-8', async () => {
    const alike = story({ web1: ['\ufffd'], web2: ['\ufffd'] }, (row) => ({
      ...row,
      out: { ...row.out, sha256: `digest ${row.host}` },
    }));
    expect((await execGrouped(engineWithRun(alike))).out.text).not.toContain('(2)');
  });

  it('takes a line in slices for the same line', async () => {
    const hosts = [sampleHost({ name: 'web1' }), sampleHost({ host: 1, name: 'web2' })];
    const lines = [
      sampleLine({ text: 'on', open: true }),
      sampleLine({ seq: 2, host: 1, text: 'one' }),
      sampleLine({ seq: 3, text: 'e' }),
    ];
    const { out } = await execGrouped(engineWithRun({ hosts, lines }));
    expect(out.text).toBe('---------------\nweb[1-2] (2)\n---------------\none\n');
  });

  it('shows at most a megabyte of one output and says how to see the rest', async () => {
    const long = story({ web1: Array.from({ length: 30 }, () => 'é'.repeat(25_000)) });
    const { out, err } = await execGrouped(engineWithRun(long));
    expect(Buffer.byteLength(out.text)).toBeGreaterThan(900_000);
    expect(Buffer.byteLength(out.text)).toBeLessThan(1_000_100);
    expect(err.text).toContain("only the first megabyte of web1 is shown; all of it: drover output 12 --target 'web1'");
  });

  it('makes outputs harmless on a terminal and ends an open line', async () => {
    const hosts = [sampleHost({ name: 'web1' })];
    const lines = [sampleLine({ text: 'a\u001b]0;x\u0007\u001b[2Jb\u001b[31mc', open: true })];
    const { out } = await execGrouped(engineWithRun({ hosts, lines }), { terminal: { out: true } });
    expect(out.text).toBe('---------------\nweb1\n---------------\nab\u001b[0;31mc\u001b[0m\n');
  });

  it('prints one object a group with --json', async () => {
    const { out } = await execGrouped(engineWithRun(mixed), {}, ['--json']);
    const objects = out.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(objects.map(({ kind }) => kind)).toEqual([
      'started',
      'group',
      'group',
      'group',
      ...mixed.hosts.map(() => 'host'),
      'end',
    ]);
    expect(objects[1]).toEqual({
      kind: 'group',
      hosts: [...twenty, 'db1'],
      count: 21,
      sha256: '023aceedb047ef9e64a7dfd9dc634d66493aee3dcb81f5f135c5763ac77a4607',
      text: '6.1\ny\n',
    });
    expect(objects[2]).toMatchObject({ hosts: ['quiet1', 'quiet2'], text: '' });
  });

  it('tells how far it is on a terminal, and takes that away again', async () => {
    const engine = engineWithRun(mixed);
    const counts = { ...noCounts, total: 24, success: 10, failed: 2, pending: 12 };
    const shown = Promise.withResolvers<void>();
    const { err } = await execGrouped(
      {
        ...engine,
        feeds: {
          'run.changes': async function* () {
            yield { seq: 1, item: { kind: 'run' as const, run: sampleRun({ counts }) } };
            shown.resolve();
          },
          'run.output': async function* (query) {
            await shown.promise;
            yield* engine.feeds['run.output'](query);
          },
        },
      },
      { terminal: { err: true } },
    );
    expect(err.text.startsWith('\r12/24 done, 2 failed\u001b[K\r\u001b[K')).toBe(true);
  });
});
