import { describe, expect, it } from 'vitest';
import { runCli } from '../../../src-main/cli/program.ts';
import { createFakeHost, type FakeEngine, fakeNow, type FakeOptions } from '../fake-host.ts';
import { sampleKey } from '../sample-reach.ts';

const keys = [
  sampleKey({ state: 'accepted', acceptedBy: 'ada', address: 'db1', seenAt: fakeNow - 60_000 }),
  sampleKey(),
  sampleKey({ address: 'fe80::1', port: 2222 }),
  sampleKey({ address: 'web9', replaces: 'SHA256:old' }),
];

const calls: NonNullable<FakeEngine['calls']> = {
  'hostkey.list': ({ state }) => ({ keys: keys.filter((key) => state === undefined || key.state === state) }),
  'hostkey.accept': ({ ids }) => ({
    keys: keys.filter(({ id }) => ids.includes(id)).map((key) => ({ ...key, state: 'accepted' as const })),
  }),
  'hostkey.remove': ({ ids }) => ({ removed: ids.length }),
};

async function hostkey(argv: readonly string[], options: FakeOptions = {}) {
  const fake = createFakeHost({ engine: { calls }, ...options });
  const code = await runCli(['hostkey', ...argv], fake.host);
  const inputOf = (call: string) => fake.asked.find(({ name }) => name === call)?.input;
  return { ...fake, code, inputOf };
}

describe('drover hostkey ls', () => {
  it('lists machines, fingerprints, and which wait or have changed', async () => {
    expect((await hostkey(['ls'])).out.text).toBe(
      [
        'ADDRESS         TYPE         FINGERPRINT        SEEN       STATE',
        'db1             ssh-ed25519  SHA256:of-db1      1 min ago  trusted by ada',
        'web1            ssh-ed25519  SHA256:of-web1     now        waits',
        '[fe80::1]:2222  ssh-ed25519  SHA256:of-fe80::1  now        waits',
        'web9            ssh-ed25519  SHA256:of-web9     now        CHANGED, trusted is SHA256:old',
        '',
      ].join('\n'),
    );
  });

  it('lists those that wait, one object a line, with --offered --json', async () => {
    expect((await hostkey(['ls', '--offered', '--json'])).out.text.trimEnd().split('\n')).toHaveLength(3);
  });
});

describe('drover hostkey accept', () => {
  it('shows the fingerprints, asks and trusts', async () => {
    const { err, questions, inputOf, out, code } = await hostkey(['accept', 'WEB1', '[fe80::1]:2222'], {
      person: { answers: ['y'] },
    });
    expect(err.text).toBe(
      '  web1            ssh-ed25519  SHA256:of-web1\n  [fe80::1]:2222  ssh-ed25519  SHA256:of-fe80::1\n',
    );
    expect(questions[0]?.text).toBe('Trust these 2 host keys? [y/N] ');
    expect(inputOf('hostkey.accept')).toEqual({ ids: ['key-web1-22', 'key-fe80::1-2222'], replace: false });
    expect([code, out.text]).toEqual([0, '2 host keys accepted\n']);
  });

  it('takes all that were never seen before with --all, and tells of those that have changed', async () => {
    const { inputOf, err } = await hostkey(['accept', '--all', '--yes']);
    expect(inputOf('hostkey.accept')).toMatchObject({ ids: ['key-web1-22', 'key-fe80::1-2222'] });
    expect(err.text).toContain('the host key of web9 has changed (ssh-ed25519): trusted is SHA256:old');
  });

  it('does not replace a trusted key without --replace', async () => {
    const { code, err, inputOf } = await hostkey(['accept', 'web9', '--yes']);
    expect(err.text).toContain('trusted is SHA256:old, shown was SHA256:of-web9');
    expect(err.text).toContain('Nothing was accepted: a trusted host key would be replaced [bad-input]');
    expect([code, inputOf('hostkey.accept')]).toEqual([2, undefined]);
  });

  it('replaces it with --replace, and prints the keys with --json', async () => {
    const { code, out, inputOf } = await hostkey(['accept', 'web9', '--replace', '--yes', '--json']);
    expect(inputOf('hostkey.accept')).toEqual({ ids: ['key-web9-22'], replace: true });
    expect(JSON.parse(out.text)).toMatchObject({ address: 'web9', state: 'accepted' });
    expect(code).toBe(0);
  });

  it.each([
    [['accept', 'unknown'], 'No refused host key of unknown waits'],
    [['accept'], 'Name the addresses of machines, or say --all'],
    [['accept', 'web1', '--all'], 'Name the addresses of machines, or say --all'],
    [['accept', 'web1'], 'Say --yes to do it without being asked.'],
  ])('%j trusts nothing and exits 2', async (argv, message) => {
    const { code, err, inputOf } = await hostkey(argv);
    expect(err.text).toContain(message);
    expect([code, inputOf('hostkey.accept')]).toEqual([2, undefined]);
  });

  it('trusts nothing after a no', async () => {
    const { code, err, inputOf } = await hostkey(['accept', 'web1'], { person: { answers: ['n'] } });
    expect(err.text).toContain('nothing was changed');
    expect([code, inputOf('hostkey.accept')]).toEqual([130, undefined]);
  });
});

describe('drover hostkey rm', () => {
  it('forgets all keys of a machine', async () => {
    const { inputOf, out } = await hostkey(['rm', 'db1', 'web9']);
    expect(inputOf('hostkey.remove')).toEqual({ ids: ['key-db1-22', 'key-web9-22'] });
    expect(out.text).toBe('2 host keys removed\n');
  });

  it('exits 2 for a machine it does not know', async () => {
    expect((await hostkey(['rm', 'nobody'])).code).toBe(2);
  });
});
