import { describe, expect, it } from 'vitest';
import { runCli } from '../../src-main/cli/program.ts';
import { createFakeHost } from './fake-host.ts';
import { engineWithRun, sampleHost, sampleLine } from './sample-runs.ts';

const failed = { status: 'failed', phase: 'task_failed' } as const;

describe('many failed targets', () => {
  it('are told by reason and message, with their node sets', async () => {
    const hosts = Array.from({ length: 30 }, (_, host) =>
      sampleHost({
        host,
        name: `web${String(host + 1).padStart(2, '0')}`,
        status: 'failed',
        exitCode: null,
        ...(host < 25 ? { reason: 'unreachable', message: 'no route' } : { reason: 'exit-code', exitCode: 3 }),
      }),
    );
    const fake = createFakeHost({ engine: engineWithRun({ hosts, run: failed }) });
    expect(await runCli(['exec', '-t', 'all', '--', 'x'], fake.host)).toBe(1);
    expect(fake.err.text).toBe(
      'drover: web[01-25] (25): failed, unreachable: no route\ndrover: web[26-30] (5): failed, exit code 3\n',
    );
  });

  it('are told together when their messages differ by their own address only', async () => {
    const hosts = Array.from({ length: 25 }, (_, host) =>
      sampleHost({
        host,
        name: `e${host}`,
        address: `10.0.0.${host}`,
        status: 'failed',
        exitCode: null,
        reason: 'refused-connection',
        message: `Nothing listens at 10.0.0.${host} port 2${host}`,
      }),
    );
    const shared = hosts.map((row) => ({ ...row, message: row.message.replace(/2\d+$/, '22') }));
    const fake = createFakeHost({ engine: engineWithRun({ hosts: shared, run: failed }) });
    await runCli(['exec', '-t', 'all', '--', 'x'], fake.host);
    expect(fake.err.text).toBe('drover: e[0-24] (25): failed, connection refused: Nothing listens at HOST port 22\n');
  });

  it('are counted when each failed in its own way', async () => {
    const hosts = Array.from({ length: 50 }, (_, host) =>
      sampleHost({ host, name: `n${host}`, status: 'failed', reason: 'exit-code', exitCode: host + 1 }),
    );
    const fake = createFakeHost({ engine: engineWithRun({ hosts, run: failed }) });
    await runCli(['exec', '-t', 'all', '--', 'x'], fake.host);
    const lines = fake.err.text.trimEnd().split('\n');
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe('drover: 30 more failed in other ways: drover show 12');
  });
});

describe('the lines of 200 targets with uneven names', () => {
  const hosts = Array.from({ length: 200 }, (_, host) =>
    sampleHost({ host, name: host === 7 ? 'a-very-long-name-of-a-machine.example.org' : `web${host}` }),
  );
  const lines = [0, 7, 123].map((host, index) => sampleLine({ seq: index + 1, host, text: `from ${host}` }));

  it('stand in one column on a terminal', async () => {
    const fake = createFakeHost({ engine: engineWithRun({ hosts, lines }), terminal: { out: true } });
    await runCli(['exec', '-t', 'all', '--', 'x'], fake.host);
    expect(fake.out.text).toBe('web0:   from 0\na-very-long-name-of-a-machine.example.org: from 7\nweb123: from 123\n');
  });

  it('have nothing added to them in a pipe', async () => {
    const fake = createFakeHost({ engine: engineWithRun({ hosts, lines }) });
    await runCli(['exec', '-t', 'all', '--', 'x'], fake.host);
    expect(fake.out.text).toMatch(/^web0: from 0\n/);
  });
});
