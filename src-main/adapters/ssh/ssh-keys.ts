import { createHash, generateKeyPairSync } from 'node:crypto';
import type { ParsedKey } from 'ssh2';
import type { SshKeys } from '#core/ports-reach';
import { openSshText } from './openssh-key.ts';
import { readPrivateKey } from './private-key.ts';

/** Reads keys in the formats that `readPrivateKey` knows, and makes Ed25519 keys. */
export const sshKeys: SshKeys = {
  describe: (privateKey, passphrase) => publicHalf(readPrivateKey(privateKey, passphrase)),
  generate(comment) {
    const line = comment.replaceAll(/\s+/g, ' ').trim();
    const privateKey = openSshText(generateKeyPairSync('ed25519').privateKey, line);
    return { privateKey, ...publicHalf(readPrivateKey(privateKey, undefined)) };
  },
};

function publicHalf(key: ParsedKey): { publicKey: string; fingerprint: string } {
  const blob = key.getPublicSSH();
  // A comment comes out of a file that anybody may have written: it may not begin a second line.
  const comment = key.comment.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
  return {
    publicKey: `${key.type} ${blob.toString('base64')}${comment === '' ? '' : ` ${comment}`}`,
    fingerprint: `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`,
  };
}
