import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deriveKey, newDerivation, readPassphraseFile, usualCost } from '#adapters/secrets/passphrase';
import { cheap } from './vault-fixture.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-passphrase-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function fileWith(content: string | Uint8Array, mode = 0o600): string {
  const path = join(folder, 'passphrase');
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

describe('the key of a passphrase', () => {
  it('is the same for the same passphrase and salt only', async () => {
    const derivation = newDerivation(cheap);
    const key = await deriveKey('correct horse', derivation);
    expect(await deriveKey('correct horse', derivation)).toEqual(key);
    expect(await deriveKey('correct horsf', derivation)).not.toEqual(key);
    expect(await deriveKey('correct horse', newDerivation(cheap))).not.toEqual(key);
  });

  it('does not depend on how the keyboard writes an accented letter', async () => {
    const derivation = newDerivation(cheap);
    expect(await deriveKey('caf\u0065\u0301', derivation)).toEqual(await deriveKey('caf\u00E9', derivation));
  });

  it('can be computed at the usual cost, while the event loop goes on', async () => {
    let turns = 0;
    const turning = setInterval(() => (turns += 1), 1);
    const key = await deriveKey('correct horse', newDerivation(usualCost));
    clearInterval(turning);
    expect(key).toHaveLength(32);
    expect(turns).toBeGreaterThan(5);
  });
});

describe('a passphrase file', () => {
  it.each([
    ['correct horse', 'correct horse'],
    ['correct horse\n', 'correct horse'],
    ['correct horse\r\n', 'correct horse'],
    ['correct horse\n\n', 'correct horse\n'],
    [' blanks stay ', ' blanks stay '],
  ])('that holds %j gives %j', (content, passphrase) => {
    expect(readPassphraseFile(fileWith(content))).toBe(passphrase);
  });

  it.skipIf(process.platform === 'win32').each([0o640, 0o644, 0o604, 0o620, 0o602])(
    'with the mode %o is refused with the remedy',
    (mode) => {
      const path = fileWith('correct horse', mode);
      expect(() => readPassphraseFile(path)).toThrow(
        expect.objectContaining({ code: 'bad-input', message: expect.stringContaining(`chmod 600 ${path}`) }),
      );
    },
  );

  it.each([
    ['nothing', ''],
    ['a newline', '\n'],
    ['a NUL', 'a\0b'],
    ['other bytes than UTF-8', Uint8Array.of(0xff, 0xfe)],
    ['too much', 'x'.repeat(5_000)],
  ])('that holds %s is refused without its words', (_what, content) => {
    expect(() => readPassphraseFile(fileWith(content))).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });

  it('that is missing or a folder is refused', () => {
    expect(() => readPassphraseFile(join(folder, 'absent'))).toThrow(/cannot be read \(ENOENT\)/);
    expect(() => readPassphraseFile(folder)).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });

  it.skipIf(process.platform === 'win32')('may be a pipe', () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', ['-m', '600', path]);
    spawn('sh', ['-c', 'printf "correct horse\\n" > "$1"', 'sh', path], { stdio: 'ignore' });
    expect(readPassphraseFile(path)).toBe('correct horse');
  });
});
