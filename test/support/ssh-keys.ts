import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type KeyType = 'ed25519' | 'rsa';

/** A key of OpenSSH, made for one test. */
export type TestKey = {
  /** As a host key or in an `authorized_keys` it begins with, such as `ssh-ed25519`. */
  readonly type: string;
  /** Type and base64, without a comment. */
  readonly publicKey: string;
  /** As OpenSSH shows it: `SHA256:…`. */
  readonly fingerprint: string;
  /** In OpenSSH's format, without a passphrase. */
  readonly privateKey: string;
};

/** `SHA256:…` of a public key as it stands in a file: type and base64. */
export function fingerprintOf(publicKey: string): string {
  const blob = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64');
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** Makes a new key by OpenSSH's own ssh-keygen; an RSA key has 3072 bits and takes a moment. */
export function newTestKey(kind: KeyType = 'ed25519'): TestKey {
  const folder = mkdtempSync(join(tmpdir(), 'drover-key-'));
  try {
    const file = join(folder, 'key');
    const size = kind === 'rsa' ? ['-b', '3072'] : [];
    execFileSync('ssh-keygen', ['-q', '-t', kind, ...size, '-N', '', '-C', '', '-f', file]);
    const [type = '', base64 = ''] = readFileSync(`${file}.pub`, 'utf8').split(' ');
    const publicKey = `${type} ${base64.trim()}`;
    return { type, publicKey, fingerprint: fingerprintOf(publicKey), privateKey: readFileSync(file, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
