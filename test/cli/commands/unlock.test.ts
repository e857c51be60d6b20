import { describe, expect, it } from 'vitest';
import { DroverError } from '#contract/errors';
import { runCli } from '../../../src-main/cli/program.ts';
import { createFakeHost, type FakeEngine, type FakeOptions } from '../fake-host.ts';

const open = { state: 'open' as const, openers: ['key-file' as const, 'passphrase' as const], message: '' };
const calls: NonNullable<FakeEngine['calls']> = { 'vault.unlock': () => open, 'vault.passphrase': () => open };

async function unlock(argv: readonly string[], options: FakeOptions = {}) {
  const fake = createFakeHost({ engine: { calls }, ...options });
  return { ...fake, code: await runCli(['unlock', ...argv], fake.host) };
}

describe('drover unlock', () => {
  it('asks hidden and opens the secrets', async () => {
    const { asked, questions, out, err, code } = await unlock([], { person: { answers: ['canary'] } });
    expect(asked).toEqual([{ name: 'vault.unlock', input: { passphrase: 'canary' } }]);
    expect(questions).toEqual([{ text: 'Passphrase: ', hidden: true }]);
    expect([code, out.text, err.text]).toEqual([0, 'open; opened by a key file, a passphrase\n', '']);
  });

  it('reads it from a file, and prints the state with --json', async () => {
    const { asked, out } = await unlock(['--passphrase-file', '-', '--json'], { stdin: 'from file\n' });
    expect(asked).toMatchObject([{ input: { passphrase: 'from file' } }]);
    expect(JSON.parse(out.text)).toEqual(open);
  });

  it('exits 3 for a wrong one and does not repeat it', async () => {
    const refuse = (): never => {
      throw new DroverError('access-denied', 'This passphrase does not open the secrets');
    };
    const { code, err } = await unlock([], {
      person: { answers: ['canary'] },
      engine: { calls: { 'vault.unlock': refuse } },
    });
    expect(code).toBe(3);
    expect(err.text).not.toContain('canary');
  });

  it('says that there is nothing to open when no engine runs', async () => {
    const { code, err } = await unlock([], { local: true, person: { answers: ['x'] } });
    expect([code, err.text]).toEqual([3, expect.stringContaining('Start one: drover serve.')]);
  });
});

describe('drover unlock --set', () => {
  it('asks twice and sets the passphrase, also without a running engine', async () => {
    const { asked, code } = await unlock(['--set', '--remove-key-file'], {
      local: true,
      person: { answers: ['long enough', 'long enough'] },
    });
    expect(asked).toEqual([{ name: 'vault.passphrase', input: { passphrase: 'long enough', removeKeyFile: true } }]);
    expect(code).toBe(0);
  });

  it('changes nothing when the two are not the same', async () => {
    const { asked, code, err } = await unlock(['--set'], { person: { answers: ['canary-1', 'canary-2'] } });
    expect(err.text).toContain('The two passphrases are not the same; nothing was changed');
    expect(err.text).not.toContain('canary');
    expect([code, asked]).toEqual([2, []]);
  });

  it('is needed to remove the key file', async () => {
    expect((await unlock(['--remove-key-file'])).code).toBe(2);
  });
});
