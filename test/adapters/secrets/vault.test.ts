import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataFolder, FakeKeyring } from './vault-fixture.ts';

let folder: DataFolder;
beforeEach(() => {
  folder = new DataFolder();
});
afterEach(() => folder[Symbol.dispose]());

const secret = { password: 'canary-4be1' };
const locked = expect.objectContaining({ code: 'secrets-locked' });
const keep = { removeKeyFile: false };
const remove = { removeKeyFile: true };

/** What stands in every file below the data folder. */
function everything(): string {
  return readdirSync(folder.path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

describe('a vault without a data key', () => {
  it('is open and has written nothing', async () => {
    const vault = folder.vault({ keyring: new FakeKeyring(), passphrase: 'correct horse' });
    await vault.opened;
    expect(vault.state()).toEqual({ state: 'open', openers: [], message: '' });
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('makes a key file with its first secret, for its owner alone, and is opened by it again', () => {
    const sealed = folder.vault().seal('record', secret);
    expect(readdirSync(folder.secrets).toSorted()).toEqual(['key', 'openers.json']);
    expect(statSync(folder.secrets).mode & 0o777).toBe(0o700);
    expect(statSync(folder.key)).toMatchObject({ mode: 0o100600, size: 32, nlink: 1 });
    expect(statSync(folder.openers)).toMatchObject({ mode: 0o100600, nlink: 1 });
    const again = folder.vault();
    expect(again.state()).toEqual({ state: 'open', openers: ['key-file'], message: '' });
    expect(again.unseal('record', sealed)).toEqual(secret);
  });

  it('makes one data key, however many instances and calls ask for the first one', () => {
    const vaults = [folder.vault(), folder.vault(), folder.vault()];
    const sealed = vaults.flatMap((vault) => [vault.seal('a', secret), vault.seal('b', secret)]);
    expect(new Set(sealed.map((bytes) => Buffer.from(bytes).toString('hex', 1, 9))).size).toBe(1);
    for (const vault of [...vaults, folder.vault()]) {
      for (const [index, bytes] of sealed.entries()) {
        expect(vault.unseal(index % 2 === 0 ? 'a' : 'b', bytes)).toEqual(secret);
      }
    }
  });

  it('makes one data key when a secret and a passphrase come at the same moment', async () => {
    const vault = folder.vault();
    const setting = vault.setPassphrase('correct horse', keep);
    const sealed = vault.seal('record', secret);
    expect(await setting).toMatchObject({ state: 'open', openers: ['key-file', 'passphrase'] });
    expect(folder.vault().unseal('record', sealed)).toEqual(secret);
    rmSync(folder.key);
    const other = folder.vault();
    await other.unlock('correct horse');
    expect(other.unseal('record', sealed)).toEqual(secret);
  });

  it('says that the key is gone when there are secrets', () => {
    const sealed = folder.vault().seal('record', secret);
    rmSync(folder.secrets, { recursive: true });
    const vault = folder.vault();
    expect(() => vault.unseal('record', sealed)).toThrow(expect.objectContaining({ code: 'vault-damaged' }));
    expect(existsSync(folder.secrets)).toBe(false);
  });

  it('does not begin anew when the openers are lost and the key file is not', () => {
    folder.vault().seal('record', secret);
    rmSync(folder.openers);
    const vault = folder.vault();
    expect(vault.state()).toMatchObject({
      state: 'locked',
      message: expect.stringMatching(/openers\.json is missing/),
    });
    expect(() => vault.seal('record', secret)).toThrow(locked);
    expect(readdirSync(folder.secrets)).toEqual(['key']);
  });

  it('goes on where an instance died between the key file and the openers', () => {
    folder.vault().seal('record', secret);
    const key = readFileSync(folder.key);
    rmSync(folder.openers);
    writeFileSync(join(folder.secrets, 'openers.json.00ff.part'), '{"version":1,"ke');
    writeFileSync(join(folder.secrets, 'key.00ff.part'), key, { mode: 0o600 });
    const vault = folder.vault();
    expect(vault.state().state).toBe('open');
    const sealed = vault.seal('record', secret);
    expect(readFileSync(folder.key)).toEqual(key);
    expect(readdirSync(folder.secrets).toSorted()).toEqual(['key', 'openers.json']);
    expect(folder.vault().unseal('record', sealed)).toEqual(secret);
  });

  it('goes on where an instance died before the key file', () => {
    folder.vault().seal('other', secret);
    rmSync(folder.openers);
    rmSync(folder.key);
    writeFileSync(join(folder.secrets, 'openers.json.00ff.part'), '');
    const sealed = folder.vault().seal('record', secret);
    expect(folder.vault().unseal('record', sealed)).toEqual(secret);
    expect(readdirSync(folder.secrets).toSorted()).toEqual(['key', 'openers.json']);
  });

  it('says why the key cannot be written', () => {
    writeFileSync(folder.secrets, 'in the way');
    expect(() => folder.vault().seal('record', secret)).toThrow(locked);
    expect(readFileSync(folder.secrets, 'utf8')).toBe('in the way');
  });
});

describe('a passphrase', () => {
  it('opens the secrets instead of a key file, from the start or later', async () => {
    const vault = folder.vault({ passphrase: 'correct horse' });
    expect(() => vault.seal('record', secret)).toThrow(locked);
    await vault.opened;
    const sealed = vault.seal('record', secret);
    expect(readdirSync(folder.secrets)).toEqual(['openers.json']);

    const atStart = folder.vault({ passphrase: 'correct horse' });
    await atStart.opened;
    expect(atStart.unseal('record', sealed)).toEqual(secret);

    const later = folder.vault();
    await later.opened;
    expect(later.state()).toEqual({
      state: 'locked',
      openers: ['passphrase'],
      message: expect.stringMatching(/drover unlock.*DROVER_PASSPHRASE_FILE/),
    });
    expect(() => later.unseal('record', sealed)).toThrow(locked);
    expect(() => later.seal('record', secret)).toThrow(locked);
    expect(await later.unlock('correct horse')).toEqual({ state: 'open', openers: ['passphrase'], message: '' });
    expect(later.unseal('record', sealed)).toEqual(secret);
  });

  it('that is wrong opens nothing, and each further one has to wait longer', async () => {
    let now = 0;
    await folder.vault().setPassphrase('correct horse', keep);
    const vault = folder.vault({ monotonic: () => now });
    await vault.opened;
    const tryAt = (passphrase: string): Promise<string> =>
      vault.unlock(passphrase).then(
        ({ state }) => state,
        (error: unknown) => (error as { code: string }).code,
      );
    const wrong = await Promise.all([1, 2, 3, 4, 5].map((index) => tryAt(`wrong horse ${index}`)));
    expect(wrong).toEqual(['access-denied', 'access-denied', 'access-denied', 'too-many-tries', 'too-many-tries']);
    expect(await tryAt('correct horse')).toBe('too-many-tries');
    now += 1_000;
    expect(await tryAt('wrong horse')).toBe('access-denied');
    now += 1_999;
    expect(await tryAt('correct horse')).toBe('too-many-tries');
    now += 1;
    expect(await tryAt('correct horse')).toBe('open');
    expect(JSON.stringify(folder.log.entries)).not.toContain('horse');
  });

  it('that is wrong at the start leaves the vault locked and says so', async () => {
    await folder.vault().setPassphrase('correct horse', keep);
    const vault = folder.vault({ passphrase: 'wrong horse' });
    await vault.opened;
    expect(vault.state().message).toMatch(/passphrase that was given at the start does not open them/);
    expect(folder.log.messages('warn')).toEqual(['The secrets are locked']);
  });

  it('can be changed, and the old one opens nothing any more', async () => {
    const vault = folder.vault({ passphrase: 'correct horse' });
    await vault.opened;
    const sealed = vault.seal('record', secret);
    await vault.setPassphrase('battery staple', keep);
    const other = folder.vault();
    await expect(other.unlock('correct horse')).rejects.toMatchObject({ code: 'access-denied' });
    await other.unlock('battery staple');
    expect(other.unseal('record', sealed)).toEqual(secret);
  });

  it('stands beside the key file, or in its place when that is wished', async () => {
    const vault = folder.vault();
    const sealed = vault.seal('record', secret);
    expect((await vault.setPassphrase('correct horse', keep)).openers).toEqual(['key-file', 'passphrase']);
    expect(folder.vault().unseal('record', sealed)).toEqual(secret);
    expect((await vault.setPassphrase('correct horse', remove)).openers).toEqual(['passphrase']);
    expect(readdirSync(folder.secrets)).toEqual(['openers.json']);
    const other = folder.vault();
    expect(() => other.unseal('record', sealed)).toThrow(locked);
    await other.unlock('correct horse');
    expect(other.unseal('record', sealed)).toEqual(secret);
  });

  it('is not set in a locked vault, nor over the openers of another archive', async () => {
    await folder.vault().setPassphrase('correct horse', keep);
    await expect(folder.vault().setPassphrase('battery staple', keep)).rejects.toMatchObject({
      code: 'secrets-locked',
    });

    using strange = new DataFolder();
    const vault = strange.vault();
    vault.seal('record', secret);
    writeFileSync(strange.openers, readFileSync(folder.openers));
    await expect(vault.setPassphrase('battery staple', keep)).rejects.toMatchObject({ code: 'vault-damaged' });
    expect(readFileSync(strange.openers)).toEqual(readFileSync(folder.openers));
  });

  it('cannot open what it was never set for', async () => {
    folder.vault().seal('record', secret);
    chmodSync(folder.key, 0o644);
    await expect(folder.vault().unlock('correct horse')).rejects.toMatchObject({
      code: 'secrets-locked',
      message: expect.stringMatching(/No passphrase was set.*chmod 600/),
    });
  });
});

describe('a keyring', () => {
  it('opens the secrets, and no key file is made', async () => {
    const keyring = new FakeKeyring();
    const vault = folder.vault({ keyring });
    await vault.opened;
    const sealed = vault.seal('record', secret);
    expect(readdirSync(folder.secrets)).toEqual(['openers.json']);
    const again = folder.vault({ keyring });
    await again.opened;
    expect(again.state().openers).toEqual(['keyring']);
    expect(again.unseal('record', sealed)).toEqual(secret);
  });

  it('that protects nothing is not asked: a key file is made', async () => {
    const keyring = new FakeKeyring('basic_text', false);
    const vault = folder.vault({ keyring });
    await vault.opened;
    vault.seal('record', secret);
    expect(keyring.isAsked).toBe(0);
    expect(vault.state().openers).toEqual(['key-file']);
  });

  it('that fails counts as none', async () => {
    const keyring = new FakeKeyring();
    keyring.seal = () => Promise.reject(new Error('canary'));
    const vault = folder.vault({ keyring });
    await vault.opened;
    vault.seal('record', secret);
    expect(vault.state().openers).toEqual(['key-file']);
    expect(JSON.stringify(folder.log.entries)).not.toContain('canary');
  });

  it('that was changed for another one leaves the vault locked until the first is back, or a passphrase opens it', async () => {
    const gnome = new FakeKeyring();
    const vault = folder.vault({ keyring: gnome });
    await vault.opened;
    const sealed = vault.seal('record', secret);
    await vault.setPassphrase('correct horse', keep);

    const switched = folder.vault({ keyring: new FakeKeyring('kwallet6') });
    await switched.opened;
    expect(switched.state()).toMatchObject({
      state: 'locked',
      openers: ['keyring', 'passphrase'],
      message: expect.stringMatching(/kwallet6 does not open them: the keyring gnome_libsecret opens them/),
    });
    await switched.unlock('correct horse');
    expect(switched.unseal('record', sealed)).toEqual(secret);

    const back = folder.vault({ keyring: gnome });
    await back.opened;
    expect(back.unseal('record', sealed)).toEqual(secret);
  });

  it('that does not answer keeps nothing but the secrets from being used', () => {
    const keyring = new FakeKeyring();
    keyring.seal = () => new Promise(() => {});
    const vault = folder.vault({ keyring });
    expect(vault.state()).toMatchObject({ state: 'locked', message: expect.stringMatching(/not answered yet/) });
    expect(() => vault.seal('record', secret)).toThrow(locked);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('that gives another text opens nothing', async () => {
    const keyring = new FakeKeyring();
    const vault = folder.vault({ keyring });
    await vault.opened;
    vault.seal('record', secret);
    for (const text of ['', 'drover-1:0011223344556677:AAAA', `drover-1:0011223344556677:${'A'.repeat(43)}=`]) {
      keyring.unseal = () => Promise.resolve(text);
      const other = folder.vault({ keyring });
      await other.opened;
      expect(other.state().state).toBe('locked');
    }
  });
});

it('a secret stands nowhere in the data folder nor in the log', async () => {
  const vault = folder.vault();
  const sealed = vault.seal('record', secret);
  await vault.setPassphrase('canary-passphrase', keep);
  vault.unseal('record', sealed);
  writeFileSync(join(folder.path, 'row'), sealed);
  expect(`${everything()}${JSON.stringify(folder.log.entries)}`).not.toMatch(/canary/);
});
