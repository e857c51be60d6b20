import { describe, expect, it } from 'vitest';
import type { PurgeOutlook, SweepState } from '#contract/retention';
import { runCli } from '../../../src-main/cli/program.ts';
import { createFakeHost, fakeNow } from '../fake-host.ts';
import { engineWithRun } from '../sample-runs.ts';

const outlook: PurgeOutlook = {
  rules: { days: 180, runs: 0, bytes: 20e9 },
  kept: { runs: 40, bytes: 3_400_000 },
  removes: { bytes: 1_200_000, byRule: { age: 11, count: 0, bytes: 1 } },
  oldest: [{ no: 3, endedAt: fakeNow - 1e10, bytes: 1_000, rule: 'age' }],
};
const idle: SweepState = { running: null, last: null, problem: null, nextAt: null };
const last = {
  beganAt: 1,
  endedAt: 2,
  askedBy: 'anna',
  stopped: false,
  bytes: 1_200_000,
  byRule: outlook.removes.byRule,
};

async function retention(argv: readonly string[], looks: readonly SweepState[], preview = outlook) {
  const states = [...looks];
  const asked: string[] = [];
  const fake = createFakeHost({
    engine: {
      calls: {
        'retention.preview': () => preview,
        'retention.sweep': () => {
          asked.push('sweep');
          return { ...idle, running: { runs: 0, of: null, bytes: 0 } };
        },
        'retention.state': () => states.shift() ?? idle,
      },
    },
  });
  let code: number | undefined;
  const ended = runCli(['retention', ...argv], fake.host).then((given) => {
    code = given;
  });
  while (code === undefined) {
    fake.ringTimers();
    await new Promise((resolve) => void setImmediate(resolve));
  }
  await ended;
  return { code, asked, out: fake.out.text, err: fake.err.text };
}

describe('drover retention', () => {
  it('says what would go, by which rule, and with --dry-run removes nothing', async () => {
    const { code, asked, out } = await retention(['--dry-run'], []);
    expect(code).toBe(0);
    expect(asked).toEqual([]);
    expect(out).toContain('Rules     180 days, 20.0 GB\n');
    expect(out).toContain('Kept      40 runs with 3.4 MB of output\n');
    expect(out).toContain('To remove the output of 12 runs (11 by age, 1 by bytes), 1.2 MB\n');
    expect(out).toMatch(/ {2}#3, ended .*, 1\.0 kB, by age\n {2}and 11 newer runs\n$/);
  });

  it('removes it and waits for the end', async () => {
    const { code, asked, out } = await retention(
      [],
      [
        { ...idle, running: { runs: 4, of: 12, bytes: 4 } },
        { ...idle, last },
      ],
    );
    expect(code).toBe(0);
    expect(asked).toEqual(['sweep']);
    expect(out).toMatch(/Removed {3}the output of 12 runs \(11 by age, 1 by bytes\), 1\.2 MB\n$/);
  });

  it('asks for nothing when nothing is to go', async () => {
    const nothing = { ...outlook, removes: { bytes: 0, byRule: { age: 0, count: 0, bytes: 0 } }, oldest: [] };
    const { code, asked, out } = await retention([], [], nothing);
    expect([code, asked]).toEqual([0, []]);
    expect(out).toMatch(/To remove nothing\n$/);
  });

  it('fails with the reason when it could not go on', async () => {
    const { code, err } = await retention([], [{ ...idle, last, problem: 'The disk is full' }]);
    expect(code).toBe(3);
    expect(err).toContain('The disk is full');
  });

  it('gives one object a line with --json', async () => {
    const { out } = await retention(['--json'], [{ ...idle, last }]);
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toMatchObject([
      { kind: 'outlook', kept: { runs: 40 } },
      { kind: 'sweep', askedBy: 'anna' },
    ]);
  });
});

describe('a run whose output was removed', () => {
  const purged = { at: fakeNow - 86_400_000, rule: 'age', limit: 180 } as const;

  it.each([
    ['output', '12'],
    ['output', '12', '--raw'],
    ['output', '12', '--follow'],
  ])('is not shown as one that wrote nothing by %s', async (...argv) => {
    const fake = createFakeHost({ engine: engineWithRun({ run: { purged } }) });
    expect(await runCli(argv, fake.host)).toBe(3);
    expect(fake.out.text).toBe('');
    expect(fake.err.text).toMatch(/The output of run 12 was removed by policy .* \(older than 180 days\)/);
    expect(fake.err.text).toContain('drover show 12');
  });

  it('is told by show, with all the rest', async () => {
    const fake = createFakeHost({ engine: engineWithRun({ run: { purged, lastSeq: 7, outputBytes: 90 } }) });
    expect(await runCli(['show', '12'], fake.host)).toBe(0);
    expect(fake.out.text).toMatch(/Output +7 lines, 90 bytes; removed by policy .* \(older than 180 days\)/);
  });
});
