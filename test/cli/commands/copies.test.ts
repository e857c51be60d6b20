import { describe, expect, it } from 'vitest';
import type { ArchiveCopies, ArchiveCopy } from '#contract/copies';
import { runCli } from '../../../src-main/cli/program.ts';
import { createFakeHost, fakeNow } from '../fake-host.ts';

const copy = (change: Partial<ArchiveCopy> = {}): ArchiveCopy => ({
  no: 2,
  beganAt: fakeNow - 60_000,
  endedAt: fakeNow,
  askedBy: 'anna',
  file: '/copies/b.zip',
  withKey: false,
  state: 'made',
  bytes: 1_500_000,
  message: '',
  ...change,
});

const state = (copies: readonly ArchiveCopy[], change: Partial<ArchiveCopies> = {}): ArchiveCopies => ({
  folder: '/copies',
  nextAt: null,
  isBusy: false,
  copies: [...copies],
  ...change,
});

async function copies(argv: readonly string[], looks: readonly ArchiveCopies[]) {
  const left = [...looks];
  const fake = createFakeHost({
    engine: {
      calls: {
        'copy.make': () => state([copy({ state: 'running', endedAt: null, bytes: null })], { isBusy: true }),
        'copy.list': () => left.shift() ?? state([]),
      },
    },
  });
  let code: number | undefined;
  const ended = runCli(['copies', ...argv], fake.host).then((given) => {
    code = given;
  });
  while (code === undefined) {
    fake.ringTimers();
    await new Promise((resolve) => void setImmediate(resolve));
  }
  await ended;
  return { code, out: fake.out.text, err: fake.err.text };
}

describe('drover copies', () => {
  it('lists them with state, size and why one failed', async () => {
    const failed = copy({ no: 3, state: 'failed', bytes: null, message: 'The disk under /copies is full' });
    const { code, out } = await copies([], [state([failed, copy()], { nextAt: fakeNow + 1_000 })]);
    expect(code).toBe(0);
    expect(out).toMatch(/^MADE +STATE +SIZE +FILE\n/);
    expect(out).toContain('/copies/b.zip: The disk under /copies is full');
    expect(out).toMatch(/made +1\.5 MB +\/copies\/b\.zip\n/);
    expect(out).toMatch(/The next one is made .*, in \/copies\n$/);
  });

  it('says how they are scheduled when there are none', async () => {
    expect((await copies([], [state([])])).out).toBe('None are scheduled: drover settings set copies.at 02:30\n');
  });

  it('waits for the one that was asked for', async () => {
    const running = state([copy({ state: 'running', endedAt: null, bytes: null })], { isBusy: true });
    const { code, out } = await copies(['--now'], [running, state([copy({ withKey: true })])]);
    expect(code).toBe(0);
    expect(out).toContain('made, with key');
  });

  it('fails when that failed', async () => {
    const { code, err } = await copies(['--now'], [state([copy({ state: 'failed', message: 'The disk is full' })])]);
    expect(code).toBe(3);
    expect(err).toContain('The archive was not copied: The disk is full');
  });

  it('gives one object a line with --json', async () => {
    const { out } = await copies(['--json'], [state([copy(), copy({ no: 1 })])]);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as ArchiveCopy).no),
    ).toEqual([2, 1]);
  });
});
