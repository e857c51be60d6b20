import { execFileSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DroverError } from '#contract/errors';
import { readPrivateKey } from '#adapters/ssh/private-key';
import { sshKeys } from '#adapters/ssh/ssh-keys';
import { puttyKey } from './putty-key.ts';

let folder: string;
let made = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-keys-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Made = { readonly path: string; readonly text: string; readonly line: string; readonly fingerprint: string };

/** A key made by OpenSSH itself. */
function keygen(options: readonly string[], passphrase = ''): Made {
  made += 1;
  const path = join(folder, `key-${made}`);
  execFileSync('ssh-keygen', ['-q', '-N', passphrase, '-C', 'anna@host', '-f', path, ...options]);
  return filesOf(path);
}

function filesOf(path: string): Made {
  const [, fingerprint = ''] = execFileSync('ssh-keygen', ['-lf', `${path}.pub`])
    .toString()
    .split(' ');
  return {
    path,
    text: readFileSync(path, 'utf8'),
    line: readFileSync(`${path}.pub`, 'utf8').trim(),
    fingerprint,
  };
}

/** A key in PKCS#8, with what OpenSSH says of its public half. */
function pkcs8(options: Parameters<typeof keysOf>[0], passphrase?: string): { text: string; blob: string } {
  const { publicKey, privateKey } = keysOf(options);
  const encryption = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  const text = privateKey.export({ type: 'pkcs8', format: 'pem', ...encryption }).toString();
  made += 1;
  const path = join(folder, `spki-${made}`);
  writeFileSync(path, publicKey.export({ type: 'spki', format: 'pem' }));
  const line =
    options === 'ed25519'
      ? ed25519Blob(publicKey)
      : execFileSync('ssh-keygen', ['-i', '-m', 'PKCS8', '-f', path]).toString();
  return { text, blob: line.trim().split(' ')[1] ?? '' };
}

/** ssh-keygen reads no Ed25519 key in PKCS#8. */
function ed25519Blob(key: ReturnType<typeof keysOf>['publicKey']): string {
  const { x = '' } = key.export({ format: 'jwk' });
  const field = (bytes: Buffer): Buffer => Buffer.concat([Buffer.of(0, 0, 0, bytes.length), bytes]);
  const blob = Buffer.concat([field(Buffer.from('ssh-ed25519')), field(Buffer.from(x, 'base64url'))]);
  return `ssh-ed25519 ${blob.toString('base64')}`;
}

function keysOf(kind: 'rsa' | 'P-256' | 'P-521' | 'secp256k1' | 'ed25519' | 'ed448' | 'dsa') {
  switch (kind) {
    case 'rsa':
      return generateKeyPairSync('rsa', { modulusLength: 2_048 });
    case 'ed25519':
      return generateKeyPairSync('ed25519');
    case 'ed448':
      return generateKeyPairSync('ed448');
    case 'dsa':
      return generateKeyPairSync('dsa', { modulusLength: 1_024, divisorLength: 160 });
    default:
      return generateKeyPairSync('ec', { namedCurve: kind });
  }
}

function refusal(text: string, passphrase?: string): string {
  try {
    sshKeys.describe(text, passphrase);
  } catch (error) {
    if (error instanceof DroverError && error.code === 'bad-key') {
      expect(error.cause).toBeUndefined();
      return error.message;
    }
    throw error;
  }
  throw new Error('the key was taken');
}

/** Whether the key as it was read signs for its own public half. */
function signsTruly(text: string, passphrase?: string): boolean {
  const key = readPrivateKey(text, passphrase);
  const content = Buffer.from('to be signed');
  const algorithm = key.type === 'ssh-ed25519' ? null : 'sha256';
  const signature = key.sign(content, algorithm ?? undefined);
  return verify(algorithm, content, createPublicKey(key.getPublicPEM()), signature);
}

const needs = /is encrypted: give its passphrase/;
const wrong = /passphrase does not open this private key/;
const damaged = /damaged or not whole/;
const puttygen = /puttygen KEY -O private-openssh -o NEWKEY/;

describe('a key of ssh-keygen', () => {
  it.each([
    [['-t', 'ed25519']],
    [['-t', 'rsa', '-b', '2048']],
    [['-t', 'ecdsa', '-b', '256']],
    [['-t', 'ecdsa', '-b', '384']],
    [['-t', 'ecdsa', '-b', '521']],
  ])('made with %j is described as OpenSSH does, and signs', (options) => {
    const key = keygen(options);
    expect(sshKeys.describe(key.text, undefined)).toEqual({ publicKey: key.line, fingerprint: key.fingerprint });
    expect(signsTruly(key.text)).toBe(true);
  });

  it.each([
    [['-t', 'rsa', '-b', '2048', '-m', 'PEM']],
    [['-t', 'ecdsa', '-b', '384', '-m', 'PEM']],
    [['-t', 'rsa', '-b', '2048', '-m', 'PKCS8']],
    [['-t', 'ecdsa', '-b', '256', '-m', 'PKCS8']],
  ])('in PEM, made with %j, is described alike, plain and encrypted', (options) => {
    const plain = keygen(options);
    const blob = plain.line.split(' ').slice(0, 2).join(' ');
    expect(sshKeys.describe(plain.text, undefined)).toEqual({ publicKey: blob, fingerprint: plain.fingerprint });
    expect(signsTruly(plain.text)).toBe(true);
    const { text, fingerprint } = keygen(options, 'correct horse');
    expect(sshKeys.describe(text, 'correct horse').fingerprint).toBe(fingerprint);
    expect(signsTruly(text, 'correct horse')).toBe(true);
    expect(refusal(text)).toMatch(needs);
    expect(refusal(text, '')).toMatch(needs);
    expect(refusal(text, 'wrong horse')).toMatch(wrong);
  });

  it.each(['aes256-ctr', 'aes256-cbc', 'aes128-gcm@openssh.com', '3des-cbc'])(
    'encrypted with %s opens with its passphrase only',
    (cipher) => {
      const { text, line, fingerprint } = keygen(['-t', 'ed25519', '-Z', cipher, '-a', '1'], 'correct horse');
      expect(sshKeys.describe(text, 'correct horse')).toEqual({ publicKey: line, fingerprint });
      expect(refusal(text)).toMatch(needs);
      expect(refusal(text, '')).toMatch(needs);
      expect(refusal(text, 'wrong horse')).toMatch(wrong);
    },
  );

  it('that would stop the program for minutes is refused at once', () => {
    const { text } = keygen(['-t', 'ed25519', '-a', '1'], 'x y z');
    const [head = '', ...body] = text.trim().split('\n');
    const data = Buffer.from(body.slice(0, -1).join(''), 'base64');
    const salt = data.indexOf('bcrypt') + 6 + 4 + 4 + 16;
    data.writeUInt32BE(4_000_000_000, salt);
    const changed = [head, ...(data.toString('base64').match(/.{1,70}/g) ?? []), body.at(-1)].join('\n');
    expect(refusal(changed, 'x y z')).toMatch(/4000000000 rounds.*ssh-keygen -p -a 16/);
  });

  it('that another tool has given other line ends, blanks or a byte order mark is the same key', () => {
    const { text, line } = keygen(['-t', 'ed25519']);
    const read = (changed: string): string => sshKeys.describe(changed, undefined).publicKey;
    expect(read(text.replaceAll('\n', '\r\n'))).toBe(line);
    expect(read(text.replaceAll('\n', '\r'))).toBe(line);
    expect(read(`\uFEFF\n  ${text.replaceAll('\n', '  \n')}\n\n`)).toBe(line);
    expect(read(`Some words\n${text}more words`)).toBe(line);
    expect(read(text.trim())).toBe(line);
  });

  it('that needs no passphrase is not bothered by one', () => {
    for (const options of [
      ['-t', 'ed25519'],
      ['-t', 'rsa', '-b', '2048', '-m', 'PEM'],
    ]) {
      const { text, fingerprint } = keygen(options);
      expect(sshKeys.describe(text, 'needless').fingerprint).toBe(fingerprint);
    }
  });

  it('that was cut or changed anywhere is refused without any of it', () => {
    for (const options of [
      ['-t', 'ed25519'],
      ['-t', 'ecdsa', '-m', 'PEM'],
    ]) {
      const { text } = keygen(options);
      const lines = text.split('\n').filter((line) => !line.startsWith('-----') && line.length > 10);
      for (let at = 0; at < text.trim().length; at += 7) {
        const message = refusal(text.slice(0, at));
        expect(lines.some((line) => message.includes(line.slice(0, 10)))).toBe(false);
      }
      expect(refusal(text.replace(lines[0] ?? '', ''))).toMatch(damaged);
    }
  });
});

describe('a key in PKCS#8', () => {
  it.each(['rsa', 'P-256', 'P-521', 'ed25519'] as const)('of the kind %s is read, plain and encrypted', (kind) => {
    for (const passphrase of [undefined, 'correct horse']) {
      const { text, blob } = pkcs8(kind, passphrase);
      expect(sshKeys.describe(text, passphrase).publicKey.split(' ')[1]).toBe(blob);
      expect(signsTruly(text, passphrase)).toBe(true);
    }
  });

  it('of another curve or kind is refused in words', () => {
    const text = (kind: 'secp256k1' | 'ed448'): string =>
      keysOf(kind).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(refusal(text('secp256k1'))).toMatch(/curve of this private key cannot be used/);
    expect(refusal(text('ed448'))).toMatch(/kind of key cannot be used/);
  });
});

describe('a key of PuTTY', () => {
  it('in format 2 is read, plain and encrypted', () => {
    const { privateKey } = keysOf('rsa');
    const { fingerprint } = sshKeys.describe(privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(), undefined);
    const [plain, sealed] = [puttyKey(privateKey), puttyKey(privateKey, 'correct horse')];
    expect(sshKeys.describe(plain, undefined).publicKey).toMatch(/^ssh-rsa \S+ anna@putty$/);
    for (const [text, passphrase] of [
      [plain, undefined],
      [plain, 'needless'],
      [sealed, 'correct horse'],
    ] as const) {
      expect(sshKeys.describe(text, passphrase).fingerprint).toBe(fingerprint);
      expect(sshKeys.describe(text.replaceAll('\r\n', '\n'), passphrase).fingerprint).toBe(fingerprint);
      expect(signsTruly(text, passphrase)).toBe(true);
    }
    expect(refusal(sealed)).toMatch(needs);
    expect(refusal(sealed, 'wrong horse')).toMatch(wrong);
    expect(refusal(plain.slice(0, 400))).toMatch(damaged);
    expect(refusal(plain.replace('anna@', 'otto@'))).toMatch(damaged);
  });

  it.each([
    ['format 3', 'PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nComment: x\n'],
    ['Ed25519', 'PuTTY-User-Key-File-2: ssh-ed25519\r\nEncryption: none\r\nComment: x\r\n'],
    ['ECDSA', 'PuTTY-User-Key-File-2: ecdsa-sha2-nistp256\nEncryption: none\n'],
    ['format 1', 'PuTTY-User-Key-File-1: ssh-rsa\n'],
  ])('in or of %s is refused with the remedy', (_what, text) => {
    expect(refusal(text)).toMatch(puttygen);
  });
});

describe('what is no private key', () => {
  it('is refused in words', () => {
    const { line, path } = keygen(['-t', 'ed25519']);
    expect(refusal(line)).toMatch(/This is a public key/);
    for (const format of ['RFC4716', 'PEM', 'PKCS8']) {
      const { path: rsa } = keygen(['-t', 'rsa', '-b', '2048']);
      expect(refusal(execFileSync('ssh-keygen', ['-e', '-m', format, '-f', rsa]).toString())).toMatch(/public key/);
    }
    for (const nothing of ['', ' \n\t', '\uFEFF']) {
      expect(refusal(nothing)).toMatch(/There is no private key/);
    }
    expect(refusal(path)).toMatch(/no private key in OpenSSH, PEM or PuTTY format/);
    expect(refusal('\0\u0001\u0002')).toMatch(/no private key in OpenSSH/);
    expect(refusal('---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nx')).toMatch(puttygen);
    expect(refusal('-----BEGIN PRIVATE KEY-----\nQUFB\n-----END PRIVATE KEY-----')).toMatch(damaged);
    expect(refusal('-----BEGIN OPENSSH PRIVATE KEY-----\nQUFB\n-----END OPENSSH PRIVATE KEY-----')).toMatch(damaged);
  });

  it('is a key that lives in a security key', () => {
    const head = (type: string): Buffer => {
      const field = (bytes: Buffer | string): Buffer => {
        const length = Buffer.alloc(4);
        length.writeUInt32BE(Buffer.from(bytes).length);
        return Buffer.concat([length, Buffer.from(bytes)]);
      };
      const options = Buffer.concat([field(Buffer.alloc(16)), Buffer.of(0, 0, 0, 16)]);
      const rest = [field('aes256-ctr'), field('bcrypt'), field(options), Buffer.of(0, 0, 0, 1), field(field(type))];
      return Buffer.concat([Buffer.from('openssh-key-v1\0'), ...rest, field(Buffer.alloc(64))]);
    };
    for (const type of ['sk-ssh-ed25519@openssh.com', 'sk-ecdsa-sha2-nistp256@openssh.com']) {
      const text = `-----BEGIN OPENSSH PRIVATE KEY-----\n${head(type).toString('base64')}\n-----END OPENSSH PRIVATE KEY-----`;
      expect(refusal(text)).toMatch(/security key \(FIDO\)/);
    }
  });
});

describe('a new key', () => {
  it('is an Ed25519 key as OpenSSH writes it', () => {
    const { privateKey, publicKey, fingerprint } = sshKeys.generate('drover web key');
    expect(publicKey).toMatch(/^ssh-ed25519 \S+ drover web key$/);
    const path = join(folder, 'generated');
    writeFileSync(path, privateKey, { mode: 0o600 });
    expect(execFileSync('ssh-keygen', ['-y', '-f', path]).toString().trim()).toBe(publicKey);
    expect(execFileSync('ssh-keygen', ['-lf', path]).toString()).toContain(fingerprint);
    expect(signsTruly(privateKey)).toBe(true);
  });

  it('is another one each time, whatever its comment', () => {
    const keys = Array.from({ length: 50 }, (_, length) => sshKeys.generate('c'.repeat(length)));
    expect(new Set(keys.map(({ fingerprint }) => fingerprint)).size).toBe(50);
    for (const { privateKey, publicKey, fingerprint } of keys) {
      expect(sshKeys.describe(privateKey, undefined)).toEqual({ publicKey, fingerprint });
    }
  });

  it('has one line, whatever its comment', () => {
    expect(sshKeys.generate('two\nlines').publicKey).toMatch(/^ssh-ed25519 \S+ two lines$/);
  });
});
