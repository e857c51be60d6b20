import { createCipheriv, createHash, createHmac, type KeyObject } from 'node:crypto';

const field = (content: Buffer | string): Buffer => {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/** A positive number of the SSH wire format. */
function mpint(base64url = ''): Buffer {
  const bytes = Buffer.from(base64url, 'base64url');
  return field((bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Buffer.of(0), bytes]));
}

const sha1 = (...parts: (Buffer | string)[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha1')).digest();

const linesOf = (bytes: Buffer): string[] => bytes.toString('base64').match(/.{1,64}/g) ?? [];

/** An RSA key as PuTTY's own format 2 (its manual, appendix C) holds it. */
export function puttyKey(key: KeyObject, passphrase = ''): string {
  const { e, n, d, p, q, qi } = key.export({ format: 'jwk' });
  const encryption = passphrase === '' ? 'none' : 'aes256-cbc';
  const comment = 'anna@putty ';
  const publicPart = Buffer.concat([field('ssh-rsa'), mpint(e), mpint(n)]);
  const numbers = Buffer.concat([mpint(d), mpint(p), mpint(q), mpint(qi)]);
  const missing = passphrase === '' ? 0 : (16 - (numbers.length % 16)) % 16;
  const privatePart = Buffer.concat([numbers, sha1(numbers).subarray(0, missing)]);
  const covered = [field('ssh-rsa'), field(encryption), field(comment), field(publicPart), field(privatePart)];
  const mac = createHmac('sha1', sha1('putty-private-key-file-mac-key', passphrase));
  const publicLines = linesOf(publicPart);
  const privateLines = linesOf(passphrase === '' ? privatePart : encrypted(privatePart, passphrase));
  return [
    'PuTTY-User-Key-File-2: ssh-rsa',
    `Encryption: ${encryption}`,
    `Comment: ${comment}`,
    `Public-Lines: ${publicLines.length}`,
    ...publicLines,
    `Private-Lines: ${privateLines.length}`,
    ...privateLines,
    `Private-MAC: ${mac.update(Buffer.concat(covered)).digest('hex')}`,
    '',
  ].join('\r\n');
}

function encrypted(content: Buffer, passphrase: string): Buffer {
  const key = Buffer.concat([sha1(Buffer.alloc(4), passphrase), sha1(Buffer.of(0, 0, 0, 1), passphrase)]);
  const cipher = createCipheriv('aes-256-cbc', key.subarray(0, 32), Buffer.alloc(16)).setAutoPadding(false);
  return Buffer.concat([cipher.update(content), cipher.final()]);
}
