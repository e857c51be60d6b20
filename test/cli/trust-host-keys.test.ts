import { describe, expect, it } from 'vitest';
import type { HostKey } from '#contract/host-key';
import type { HostRow } from '#contract/run';
import { runCli } from '../../src-main/cli/program.ts';
import { createFakeHost, fakeNow, type FakeOptions } from './fake-host.ts';
import { engineWithRun, noCounts, sampleHost, sampleLine } from './sample-runs.ts';
import { sampleKey } from './sample-reach.ts';

const refusedRow = (host: number, change: Partial<HostRow> = {}): HostRow =>
  sampleHost({
    host,
    name: `web${host}`,
    address: `web${host}`,
    status: 'failed',
    reason: 'host-key',
    exitCode: null,
    ...change,
  });

type Scene = {
  readonly rows: readonly HostRow[];
  readonly keys: readonly HostKey[];
  /** How the second run ends. */
  readonly again?: 'success' | 'failed' | 'cancelled';
  readonly person?: FakeOptions['person'];
};

function execWith({ rows, keys, again = 'success', person }: Scene, flags: readonly string[] = []) {
  const counts = { ...noCounts, total: rows.length, failed: rows.filter(({ status }) => status === 'failed').length };
  const first = engineWithRun({ hosts: rows, run: { status: 'failed', phase: 'task_failed', counts } });
  const second = engineWithRun({
    hosts: [sampleHost({ name: 'web1' })],
    lines: [sampleLine({ text: 'second' })],
    run: {
      id: '01900000-0000-7000-8000-000000000013',
      no: 13,
      status: again,
      phase: again === 'success' ? 'ok' : 'task_failed',
      rerunOf: { id: 'x', no: 12 },
    },
  });
  const of = (run: unknown) => (run === '01900000-0000-7000-8000-000000000013' ? second : first);
  const fake = createFakeHost({
    ...(person && { person }),
    terminal: { err: person !== undefined },
    engine: {
      calls: {
        'run.start': first.calls['run.start'],
        'run.rerun': second.calls['run.rerun'],
        'run.hosts': ({ run }) => of(run).calls['run.hosts'](),
        'hostkey.list': ({ state }) => ({ keys: keys.filter((key) => key.state === state) }),
        'hostkey.accept': ({ ids }) => ({ keys: keys.filter(({ id }) => ids.includes(id)) }),
      },
      feeds: { 'run.output': (query) => of(query.run).feeds['run.output'](query) },
    },
  });
  const code = runCli(['exec', '-w', 'web[0-2]', ...flags, '--', 'x'], fake.host);
  const names = () => fake.asked.map(({ name }) => name);
  const inputOf = (call: string) => fake.asked.find(({ name }) => name === call)?.input;
  return { ...fake, code, names, inputOf };
}

const good = sampleHost({ host: 0, name: 'web0', address: 'web0' });
const unknown: Scene = {
  rows: [good, refusedRow(1), refusedRow(2)],
  keys: [sampleKey(), sampleKey({ address: 'WEB2' }), sampleKey({ address: 'other' })],
};

describe('machines that were never seen before', () => {
  it('are asked about once, with their fingerprints, and after a yes the run goes on there', async () => {
    const run = execWith({ ...unknown, person: { answers: ['y'] } });
    expect(await run.code).toBe(0);
    expect(run.questions).toEqual([
      { text: 'Trust these 2 host keys and run on these targets now? [y/N] ', hidden: false },
    ]);
    expect(run.err.text).toContain(
      'Never seen before:\n  web1  ssh-ed25519  SHA256:of-web1\n  WEB2  ssh-ed25519  SHA256:of-WEB2\n',
    );
    expect(run.err.text).not.toContain('other');
    expect(run.inputOf('hostkey.accept')).toEqual({ ids: ['key-web1-22', 'key-WEB2-22'], replace: false });
    expect(run.inputOf('run.rerun')).toEqual({ run: '01900000-0000-7000-8000-000000000012', hosts: [1, 2] });
    expect(run.out.text).toBe('second\n');
  });

  it('are reached the second time as they were the first time', async () => {
    const run = execWith({ ...unknown, person: { answers: ['secret', 'yes'] } }, ['-u', 'ada', '--ask-password']);
    await run.code;
    const login = { user: 'ada', password: 'secret', keys: [], hostKeys: 'known' };
    expect(run.inputOf('run.rerun')).toMatchObject({ login });
  });

  it.each([
    ['success', good, 0],
    ['failed', good, 1],
    ['cancelled', good, 130],
    ['success', sampleHost({ host: 0, status: 'failed', reason: 'exit-code', exitCode: 1 }), 1],
    ['success', sampleHost({ host: 0, status: 'skipped', reason: 'not-started' }), 1],
  ] as const)('give an exit code for both runs: %s and %j', async (again, other, code) => {
    const rows = [other, refusedRow(1)];
    expect(await execWith({ rows, keys: unknown.keys, again, person: { answers: ['y'] } }).code).toBe(code);
  });

  it.each([['n'], [''], [null]])('stay refused after %j', async (answer) => {
    const run = execWith({ ...unknown, person: { answers: [answer] } });
    expect(await run.code).toBe(1);
    expect(run.names()).not.toContain('hostkey.accept');
    expect(run.err.text).toContain('nobody has trusted the host keys of web[1-2] (2) yet');
  });

  it.each([
    ['nobody is there', {}, []],
    ['nobody watches', { person: { answers: [], isInteractive: false } }, []],
    ['the output is JSON', { person: { answers: [] } }, ['--json']],
  ])('are refused when %s, saying how to trust them', async (_, change, flags) => {
    const run = execWith({ ...unknown, ...change }, flags);
    expect(await run.code).toBe(1);
    expect(run.names()).not.toContain('hostkey.accept');
    expect(run.err.text).toContain('drover hostkey accept ADDRESS trusts one, and --accept-new-host-keys');
  });

  it('are shown ten at a time', async () => {
    const rows = Array.from({ length: 13 }, (_, host) => refusedRow(host));
    const keys = rows.map(({ address }) => sampleKey({ address }));
    const run = execWith({ rows, keys, person: { answers: ['n'] } });
    await run.code;
    expect(run.err.text).toContain('SHA256:of-web9\n  and 3 more\n');
    expect(run.err.text).not.toContain('SHA256:of-web10\n');
  });

  it('are told by the fingerprint in the message where several ports share an address', async () => {
    const keys = [
      sampleKey({ address: '127.0.0.1', port: 2201, fingerprint: 'SHA256:one' }),
      sampleKey({ address: '127.0.0.1', port: 2202, fingerprint: 'SHA256:two', replaces: 'SHA256:old' }),
    ];
    const rows = [refusedRow(1, { address: '127.0.0.1', message: 'Its key SHA256:one is not known' })];
    const run = execWith({ rows, keys, person: { answers: ['y'] } });
    expect(await run.code).toBe(0);
    expect(run.questions).toEqual([{ text: 'Trust this host key and run on this target now? [y/N] ', hidden: false }]);
    expect(run.err.text).toContain('  127.0.0.1:2201  ssh-ed25519  SHA256:one\n');
  });

  it('are not asked about for keys of an earlier run', async () => {
    const keys = [sampleKey({ seenAt: fakeNow - 86_400_000 })];
    const run = execWith({ rows: [refusedRow(1)], keys, person: { answers: [] } });
    expect(await run.code).toBe(1);
    expect(run.questions).toEqual([]);
  });
});

describe('a changed host key', () => {
  const changed = sampleKey({ address: 'web2', port: 2222, replaces: 'SHA256:old' });

  it('is never part of the question and is shown with both fingerprints', async () => {
    const rows = [refusedRow(1), refusedRow(2)];
    const run = execWith({ rows, keys: [sampleKey(), changed], person: { answers: ['y'] } });
    expect(await run.code).toBe(1);
    expect(run.inputOf('hostkey.accept')).toEqual({ ids: ['key-web1-22'], replace: false });
    expect(run.inputOf('run.rerun')).toMatchObject({ hosts: [1] });
    expect(run.err.text).toContain(
      'drover: the host key of web2:2222 has changed (ssh-ed25519): trusted is SHA256:old, shown was SHA256:of-web2; ' +
        'only if you know why: drover hostkey accept --replace web2:2222\n',
    );
  });

  it('alone asks nothing', async () => {
    const run = execWith({ rows: [refusedRow(2)], keys: [changed], person: { answers: [] } });
    expect(await run.code).toBe(1);
    expect(run.questions).toEqual([]);
  });
});
