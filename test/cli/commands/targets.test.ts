import { describe, expect, it } from 'vitest';
import type { OutputOf } from '#contract';
import { DroverError } from '#contract/errors';
import type { Target } from '#contract/target';
import { runCli } from '../../../src-main/cli/program.ts';
import { createFakeHost, type FakeEngine, fakeNow, type FakeOptions } from '../fake-host.ts';
import { sampleCredential, sampleTarget } from '../sample-reach.ts';

async function targets(argv: readonly string[], calls: FakeEngine['calls'] = {}, options: FakeOptions = {}) {
  const fake = createFakeHost({ engine: { calls }, ...options });
  const code = await runCli(['targets', ...argv], fake.host);
  const inputOf = (call: string) => fake.asked.find(({ name }) => name === call)?.input;
  return { ...fake, code, inputOf };
}

/** Pages of two, as an engine with many targets answers. */
const listOf = (all: readonly Target[]): NonNullable<FakeEngine['calls']> => ({
  'target.list': ({ after }) => {
    const rest = all.filter(({ no }) => no > after);
    return { targets: rest.slice(0, 2), next: rest.length > 2 ? (rest[1]?.no ?? null) : null, total: all.length };
  },
});

const jsonLines = (text: string): unknown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

const herd = [
  sampleTarget({ no: 1, name: 'local', address: 'This machine', connection: 'local' }),
  sampleTarget({ tags: ['web', 'prod'], lastReach: { at: fakeNow - 180_000, ok: true, reason: null, message: '' } }),
  sampleTarget({
    no: 3,
    name: 'db1',
    address: '10.0.0.2',
    port: 2222,
    maintenance: true,
    lastReach: { at: fakeNow - 3_600_000, ok: false, reason: 'auth-failed', message: 'No key was accepted' },
  }),
];

describe('drover targets ls', () => {
  it('lists number, name, address, system, tags and how it was last reached', async () => {
    const { out, code, inputOf } = await targets(['ls', 'tag:web'], listOf(herd));
    expect(out.text).toBe(
      [
        'NO  NAME   ADDRESS        OS     TAGS           LAST REACH',
        '1   local  This machine   linux',
        '2   web1   10.0.0.1       linux  web prod       ● reached 3 min ago',
        '3   db1    10.0.0.2:2222  linux  (maintenance)  ▲ login refused 1 h ago: No key was accepted',
        '',
      ].join('\n'),
    );
    expect(code).toBe(0);
    expect(inputOf('target.list')).toMatchObject({ query: 'tag:web' });
  });

  it('prints one object a line with --json', async () => {
    expect(jsonLines((await targets(['ls', '--json'], listOf(herd))).out.text)).toEqual(herd);
  });

  it('exits 2 for a selector that cannot be read', async () => {
    const refuse = (): never => {
      throw new DroverError('bad-selector', 'Unknown field tga; did you mean tag?');
    };
    const { code, err } = await targets(['ls', 'tga:web'], { 'target.list': refuse });
    expect([code, err.text]).toEqual([2, 'drover: Unknown field tga; did you mean tag? [bad-selector]\n']);
  });
});

const all = [
  '--address',
  '10.0.0.9',
  '-u',
  'ada',
  '-p',
  '2222',
  '--credential',
  'deploy',
  '--tag',
  'web',
  '--tag',
  'a/b',
  '--jump',
  'ada@bastion:2222,10.0.0.1,[fe80::1]:23',
  '--sudo=www',
  '--os',
  'other',
  '--attr',
  'rack=12=x',
  '--maintenance',
  '--weak-algorithms',
];
const allFields = {
  address: '10.0.0.9',
  user: 'ada',
  port: 2222,
  credentialId: 'id-deploy',
  tags: ['web', 'a/b'],
  jump: [
    { address: 'bastion', port: 2222, user: 'ada', credentialId: null },
    { address: '10.0.0.1', port: 22, user: null, credentialId: null },
    { address: 'fe80::1', port: 23, user: null, credentialId: null },
  ],
  become: { user: 'www' },
  os: 'other',
  attributes: { rack: '12=x' },
  maintenance: true,
  weakAlgorithms: true,
};
const credentials = { 'credential.list': () => ({ credentials: [sampleCredential()] }) };

describe('drover targets add', () => {
  it('hands every option on', async () => {
    const calls = { ...credentials, 'target.create': () => sampleTarget() };
    const { inputOf, out, code } = await targets(['add', 'web1', ...all], calls);
    expect(inputOf('target.create')).toEqual({ ...allFields, name: 'web1', connection: 'ssh' });
    expect([code, out.text]).toEqual([0, '2 web1\n']);
  });

  it('means root by --sudo alone, whatever word follows', async () => {
    const { inputOf } = await targets(['add', '--sudo', 'web1', '--address', 'a'], {
      'target.create': () => sampleTarget(),
    });
    expect(inputOf('target.create')).toMatchObject({ name: 'web1', become: { user: 'root' } });
  });

  it.each([
    [['add', 'web1'], "required option '--address <address>' not specified"],
    [['add', 'web,1', '--address', 'a'], 'It must be a name of 1 to 128 letters'],
    [['add', 'web1', '--address', '-oProxy'], 'It must be a host name or an IP address.'],
    [['add', 'web1', '--address', 'a', '--jump', 'a:b:c'], 'It must be such as ada@bastion:2222,10.0.0.1.'],
    [['add', 'web1', '--address', 'a', '--tag', '!x'], 'It must be letters, digits, dots, dashes and slashes.'],
    [['add', 'web1', '--address', 'a', '--attr', 'x'], 'It must be NAME=VALUE'],
  ])('refuses %j without asking the engine', async (argv, message) => {
    const { code, err, connects } = await targets(argv);
    expect(err.text).toContain(message);
    expect([code, connects]).toEqual([2, []]);
  });

  it('answers an unknown credential with the nearest one', async () => {
    const { code, err } = await targets(['add', 'web1', '--address', 'a', '--credential', 'depoly'], credentials);
    expect(err.text).toContain("There is no credential 'depoly'; did you mean deploy? [unknown-credential]");
    expect(code).toBe(2);
  });
});

describe('drover targets set', () => {
  const before = sampleTarget({ attributes: { rack: '1', row: '2' } });
  const calls = { ...credentials, 'target.get': () => before, 'target.update': () => before };

  it('changes only what is named, on the version that was read', async () => {
    const { inputOf, code } = await targets(['set', 'web1', '--address', '10.0.0.7', '--rename', 'web2'], calls);
    expect(inputOf('target.update')).toEqual({ id: 'id-web1', rev: 7, change: { address: '10.0.0.7', name: 'web2' } });
    expect(code).toBe(0);
  });

  it('takes values away and keeps other attributes', async () => {
    const none = ['--no-user', '--no-credential', '--no-tag', '--no-jump', '--no-sudo', '--no-maintenance'];
    const { inputOf } = await targets(['set', 'web1', ...none, '--attr', 'rack=', '--attr', 'new=3'], calls);
    expect(inputOf('target.update')).toMatchObject({
      change: {
        user: null,
        credentialId: null,
        tags: [],
        jump: [],
        become: null,
        maintenance: false,
        attributes: { row: '2', new: '3' },
      },
    });
  });

  it('refuses to change nothing', async () => {
    const { code, err } = await targets(['set', 'web1'], calls);
    expect([code, err.text]).toEqual([2, expect.stringContaining('Nothing to change')]);
  });

  it('exits 3 when somebody else was quicker', async () => {
    const refuse = (): never => {
      throw new DroverError('changed-meanwhile', 'Somebody has changed web1');
    };
    expect((await targets(['set', 'web1', '--maintenance'], { ...calls, 'target.update': refuse })).code).toBe(3);
  });
});

describe('drover targets import', () => {
  const rows: OutputOf<'target.import'>['rows'] = [
    { line: 1, kind: 'new', name: 'web1', address: '10.0.0.1', user: 'ada', become: 'root', message: '' },
    { line: 2, kind: 'same', name: 'web2', address: '10.0.0.2', user: null, become: null, message: '' },
    { line: 3, kind: 'invalid', name: '?', address: '', user: null, become: null, message: 'not a name' },
  ];
  const engine = (kept = rows) => ({
    'target.import': ({ apply }: { apply: boolean }) => ({
      format: 'ssh-config' as const,
      rows: kept,
      notes: ['ForwardAgent is not used'],
      written: apply ? 1 : 0,
      created: apply ? ['id-1'] : [],
    }),
  });
  const applied = (asked: readonly { input: unknown }[]) =>
    asked.map(({ input }) => (input as { apply: boolean }).apply);
  const shown =
    'WHAT     LINE  NAME  ADDRESS   USER  SUDO  WHY\nnew      1     web1  10.0.0.1  ada   root\ninvalid  3     ?                           not a name\n1 new, 1 same, 1 invalid (ssh-config)\n';

  it('shows what would be written and without a terminal writes nothing', async () => {
    const { out, err, code, asked } = await targets(['import', '-', '--tag', 'x', '-u', 'ada'], engine(), {
      stdin: 'Host web1\n',
    });
    expect(out.text).toBe(shown);
    expect(err.text).toBe('drover: ForwardAgent is not used\ndrover: nothing was written; --apply writes it\n');
    expect(code).toBe(0);
    expect(asked).toMatchObject([
      { input: { text: 'Host web1\n', format: 'auto', defaults: { tags: ['x'], user: 'ada' }, apply: false } },
    ]);
  });

  it('asks at a terminal and writes after a yes', async () => {
    const { out, code, asked, questions } = await targets(['import', '-'], engine(), { person: { answers: ['y'] } });
    expect(questions[0]?.text).toBe('Write 1 target now? [y/N] ');
    expect(applied(asked)).toEqual([false, true]);
    expect(out.text).toBe(`${shown}1 target written\n`);
    expect(code).toBe(1);
  });

  it('writes nothing after a no', async () => {
    const { asked, code } = await targets(['import', '-'], engine(), { person: { answers: ['n'] } });
    expect([applied(asked), code]).toEqual([[false], 0]);
  });

  it.each([['--apply'], ['--yes']])('writes at once with %s', async (flag) => {
    const { asked, code } = await targets(['import', '-', flag], engine(rows.slice(0, 2)));
    expect([applied(asked), code]).toEqual([[true], 0]);
  });

  it('prints one object a row and an end with --json, and asks nothing', async () => {
    const { out, asked } = await targets(['import', '-', '--json'], engine(), { person: { answers: [] } });
    expect(jsonLines(out.text)).toEqual([
      ...rows,
      { kind: 'end', format: 'ssh-config', notes: ['ForwardAgent is not used'], written: 0 },
    ]);
    expect(applied(asked)).toEqual([false]);
  });
});

describe('drover targets test', () => {
  const many = Array.from({ length: 20 }, (_, index) => sampleTarget({ no: index + 1, name: `web${index}` }));
  const test = (failing: readonly string[]): NonNullable<FakeEngine['calls']> => ({
    ...listOf(many),
    'target.test': ({ ids }) => ({
      tests: ids.map((id) => ({
        id,
        name: id.slice(3),
        address: '10.0.0.1',
        ok: !failing.includes(id),
        reason: failing.includes(id) ? 'refused-connection' : null,
        message: failing.includes(id) ? 'port 22 is closed' : '',
        durationMs: 40,
      })),
    }),
  });

  it('tests sixteen at a time and exits 1 when one did not answer, saying why in words', async () => {
    const { asked, out, err, code } = await targets(['test'], test(['id-web3']));
    const sizes = asked
      .filter(({ name }) => name === 'target.test')
      .map(({ input }) => (input as { ids: [] }).ids.length);
    expect(sizes).toEqual([16, 4]);
    expect(out.text).toMatch(/^web3 +10\.0\.0\.1 +▲ connection refused +40 ms +port 22 is closed$/m);
    expect(out.text).toMatch(/^web4 +10\.0\.0\.1 +● reached +40 ms$/m);
    expect(err.text).toBe('drover: 20 targets tested, 1 failed\n');
    expect(code).toBe(1);
  });

  it('exits 0 when all answered, and prints one object each with --json', async () => {
    const { out, code } = await targets(['test', 'tag:web', '--json'], test([]));
    expect(jsonLines(out.text)).toHaveLength(20);
    expect(code).toBe(0);
  });

  it('tells at a terminal how far it is', async () => {
    const { err } = await targets(['test', '*'], test(['id-web3']), { terminal: { err: true } });
    expect(err.text).toContain('\r16/20 tested, 1 failed\u001b[K');
  });

  it('exits 2 when nothing is found', async () => {
    expect((await targets(['test', 'tag:none'], listOf([]))).code).toBe(2);
  });
});

describe('drover targets rm', () => {
  const calls: NonNullable<FakeEngine['calls']> = {
    ...listOf(herd),
    'target.get': ({ target }) => sampleTarget({ name: target }),
    'target.remove': ({ ids }) => ({ removed: ids.length }),
  };

  it('asks with the names folded, and removes after a yes', async () => {
    const { questions, inputOf, out, code } = await targets(['rm', 'web1', 'web2'], calls, {
      person: { answers: ['y'] },
    });
    expect(questions[0]?.text).toBe('Remove web[1-2] (2)? [y/N] ');
    expect(inputOf('target.remove')).toEqual({ ids: ['id-web1', 'id-web2'] });
    expect([code, out.text]).toEqual([0, '2 targets removed\n']);
  });

  it('removes what a query finds, but never this machine, with --yes and --json', async () => {
    const { inputOf, out } = await targets(['rm', '--query', 'os:linux', '--yes', '--json'], calls);
    expect(inputOf('target.remove')).toEqual({ ids: ['id-web1', 'id-db1'] });
    expect(out.text).toBe('{"removed":2}\n');
  });

  it.each([
    [{ person: { answers: ['n'] } }, 130, 'nothing was changed'],
    [{ person: { answers: [null] } }, 130, 'nothing was changed'],
    [{}, 2, 'Say --yes to do it without being asked.'],
  ])('removes nothing when it is not confirmed: %j', async (options, code, message) => {
    const run = await targets(['rm', 'web1'], calls, options);
    expect(run.err.text).toContain(message);
    expect([run.code, run.inputOf('target.remove')]).toEqual([code, undefined]);
  });

  it.each([[['rm']], [['rm', '--query', ' ']], [['rm', 'web1', '--query', 'tag:old']]])('refuses %j', async (argv) => {
    expect((await targets(argv, calls)).code).toBe(2);
  });
});
