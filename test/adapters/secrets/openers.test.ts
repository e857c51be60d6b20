import { chmodSync, chownSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataFolder } from './vault-fixture.ts';

let folder: DataFolder;
let sealed: Uint8Array;
beforeEach(() => {
  folder = new DataFolder();
  sealed = folder.vault().seal('record', secret);
});
afterEach(() => folder[Symbol.dispose]());

const secret = { password: 'x' };
const locked = expect.objectContaining({ code: 'secrets-locked' });

/** What was done to a key file, and what the message has to say. */
const unfit: readonly (readonly [string, () => void, RegExp])[] = [
  ['with the mode 640', () => chmodSync(folder.key, 0o640), /others \(mode 640\): chmod 600 \S+\/key\./],
  ['with the mode 644', () => chmodSync(folder.key, 0o644), /others \(mode 644\): chmod 600/],
  ['with the mode 602', () => chmodSync(folder.key, 0o602), /others \(mode 602\): chmod 600/],
  ['that is a link', linkKey, /is a symbolic link/],
  ['that is missing', () => rmSync(folder.key), /is missing: put it back from a backup/],
  ['that was cut', () => writeFileSync(folder.key, Buffer.alloc(31)), /does not hold 32 bytes/],
  ['that is empty', () => writeFileSync(folder.key, ''), /does not hold 32 bytes/],
  ['that has grown', () => writeFileSync(folder.key, Buffer.alloc(33)), /does not hold 32 bytes/],
  ['of another archive', () => writeFileSync(folder.key, Buffer.alloc(32, 7)), /do not belong together/],
  ['that is a folder', folderAsKey, /is not a regular file/],
  ['that is a pipe', pipeAsKey, /is not a regular file/],
];

function linkKey(): void {
  renameSync(folder.key, `${folder.key}.real`);
  symlinkSync(`${folder.key}.real`, folder.key);
}

function folderAsKey(): void {
  rmSync(folder.key);
  mkdirSync(folder.key, 0o700);
}

function pipeAsKey(): void {
  rmSync(folder.key);
  execFileSync('mkfifo', ['-m', '600', folder.key]);
}

describe.skipIf(process.platform === 'win32')('a key file', () => {
  it.each(unfit)('%s is refused with the remedy and stays as it is', async (_what, spoil, words) => {
    spoil();
    const before = execFileSync('ls', ['-laR', folder.secrets]).toString();
    const vault = folder.vault();
    await vault.opened;
    expect(vault.state()).toEqual({
      state: 'locked',
      openers: ['key-file'],
      message: expect.stringMatching(words),
    });
    expect(() => vault.unseal('record', sealed)).toThrow(locked);
    expect(() => vault.seal('other', secret)).toThrow(locked);
    expect(() => vault.seal('other', secret)).toThrow(words);
    expect(execFileSync('ls', ['-laR', folder.secrets]).toString()).toBe(before);
    expect(folder.log.messages('warn')).toEqual(['The secrets are locked']);
  });

  it.runIf(process.getuid?.() === 0)('of another account is refused with the remedy', () => {
    chownSync(folder.key, 65_534, 65_534);
    expect(folder.vault().state()).toMatchObject({
      state: 'locked',
      message: expect.stringMatching(/another account \(uid 65534, this program runs as uid 0\): chown 0 /),
    });
  });

  it('opens the vault without a restart once it is mended', () => {
    chmodSync(folder.key, 0o640);
    const vault = folder.vault();
    expect(vault.state().state).toBe('locked');
    chmodSync(folder.key, 0o600);
    expect(vault.unseal('record', sealed)).toEqual(secret);
    expect(vault.state()).toEqual({ state: 'open', openers: ['key-file'], message: '' });
  });

  it('that is unfit is told of in the log when a passphrase opens the vault', async () => {
    await folder.vault().setPassphrase('correct horse', { removeKeyFile: false });
    chmodSync(folder.key, 0o644);
    const vault = folder.vault({ passphrase: 'correct horse' });
    await vault.opened;
    expect(vault.unseal('record', sealed)).toEqual(secret);
    expect(folder.log.entries.filter(({ level }) => level === 'warn')).toEqual([
      {
        level: 'warn',
        message: 'An opener of the secrets could not be used',
        fields: { opener: 'key-file', problem: expect.stringContaining('chmod 600') },
      },
    ]);
  });

  it('that is unfit is not taken for a first secret either', () => {
    rmSync(folder.openers);
    writeFileSync(`${folder.openers}.00ff.part`, '');
    chmodSync(folder.key, 0o644);
    const vault = folder.vault();
    expect(() => vault.seal('record', secret)).toThrow(locked);
    chmodSync(folder.key, 0o600);
    vault.seal('record', secret);
    expect(vault.state().openers).toEqual(['key-file']);
  });
});

describe('the file of the openers', () => {
  it('cut anywhere or with any character changed opens nothing or the right secrets, and is never written over', () => {
    const whole = readFileSync(folder.openers, 'utf8');
    const cuts = Array.from({ length: whole.length }, (_, at) => whole.slice(0, at));
    const changes = Array.from({ length: whole.length }, (_, at) => `${whole.slice(0, at)}~${whole.slice(at + 1)}`);
    for (const text of [...cuts, ...changes]) {
      writeFileSync(folder.openers, text);
      const vault = folder.vault();
      if (vault.state().state === 'open') {
        expect(JSON.parse(text)).toEqual(JSON.parse(whole));
        expect(vault.unseal('record', sealed)).toEqual(secret);
      } else {
        expect(vault.state().message).toMatch(/openers\.json (is damaged|and|.* do not belong together)|do not belong/);
        expect(() => vault.seal('record', secret)).toThrow(locked);
        expect(readFileSync(folder.openers, 'utf8')).toBe(text);
      }
    }
  });

  it.each([
    ['other JSON', '[]'],
    ['no openers', '{"version":1,"keyId":"0011223344556677","openers":[]}'],
    ['a cost that would take all memory', costly()],
  ])('with %s is damaged', async (_what, text) => {
    writeFileSync(folder.openers, text);
    const vault = folder.vault({ passphrase: 'correct horse' });
    await vault.opened;
    expect(vault.state()).toMatchObject({
      state: 'locked',
      message: expect.stringMatching(/is damaged: put the file/),
    });
    await expect(vault.unlock('correct horse')).rejects.toMatchObject({ code: 'vault-damaged' });
  });

  it('of a newer program is left to that', () => {
    writeFileSync(folder.openers, '{"version":2,"more":true}');
    expect(folder.vault().state().message).toMatch(/newer Drover/);
  });

  it('of another archive does not fit the key file', () => {
    using other = new DataFolder();
    other.vault().seal('record', secret);
    writeFileSync(folder.openers, readFileSync(other.openers));
    expect(folder.vault().state()).toMatchObject({
      state: 'locked',
      message: expect.stringMatching(/do not belong together/),
    });
  });

  it('of another archive with its key file opens none of the secrets here', () => {
    using other = new DataFolder();
    other.vault().seal('record', secret);
    writeFileSync(folder.openers, readFileSync(other.openers));
    writeFileSync(folder.key, readFileSync(other.key));
    expect(() => folder.vault().unseal('record', sealed)).toThrow(
      expect.objectContaining({ code: 'vault-damaged', message: expect.stringMatching(/another key/) }),
    );
  });
});

function costly(): string {
  const opener = { kind: 'passphrase', N: 2 ** 30, r: 8, p: 1, salt: 'AAAA', wrapped: 'AAAA' };
  return JSON.stringify({ version: 1, keyId: '0011223344556677', openers: [opener] });
}
