import { type KeyObject, randomBytes } from 'node:crypto';

const magic = 'openssh-key-v1\0';
const blockBytes = 8;

/** What stands in the clear in a private key of OpenSSH's format. */
type Head = { readonly type: string; readonly cipher: string; readonly rounds: number };

/** Undefined for what is no such key. */
export function headOf(text: string): Head | undefined {
  const [, base64 = ''] =
    /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END OPENSSH PRIVATE KEY-----/.exec(text) ?? [];
  const data = Buffer.from(base64, 'base64');
  if (data.toString('latin1', 0, magic.length) !== magic) {
    return undefined;
  }
  try {
    const cipher = fieldAt(data, magic.length);
    const derivation = fieldAt(data, cipher.end);
    const options = fieldAt(data, derivation.end);
    const publicKey = fieldAt(data, options.end + 4);
    const rounds = options.value.length === 0 ? 0 : options.value.readUInt32BE(fieldAt(options.value, 0).end);
    const type = fieldAt(publicKey.value, 0).value.toString('latin1');
    return { type, cipher: cipher.value.toString('latin1'), rounds };
  } catch {
    return undefined;
  }
}

/** A field of the SSH wire format: its length in 4 bytes, then the bytes. Throws RangeError beyond the end. */
function fieldAt(data: Buffer, at: number): { value: Buffer; end: number } {
  const start = at + 4;
  const end = start + data.readUInt32BE(at);
  if (end > data.length) {
    throw new RangeError('the field is longer than the key');
  }
  return { value: data.subarray(start, end), end };
}

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

const field = (content: Buffer | string): Buffer => {
  const bytes = Buffer.from(content);
  return Buffer.concat([uint32(bytes.length), bytes]);
};

/** An Ed25519 key as `ssh-keygen` writes it, without a passphrase. */
export function openSshText(key: KeyObject, comment: string): string {
  const { d = '', x = '' } = key.export({ format: 'jwk' });
  const publicPart = Buffer.from(x, 'base64url');
  const publicKey = Buffer.concat([field('ssh-ed25519'), field(publicPart)]);
  const check = randomBytes(4);
  const content = Buffer.concat([
    check,
    check,
    publicKey,
    field(Buffer.concat([Buffer.from(d, 'base64url'), publicPart])),
    field(comment),
  ]);
  const missing = (blockBytes - (content.length % blockBytes)) % blockBytes;
  const padding = Buffer.from(Array.from({ length: missing }, (_, index) => index + 1));
  const whole = Buffer.concat([
    Buffer.from(magic, 'latin1'),
    field('none'),
    field('none'),
    field(''),
    uint32(1),
    field(publicKey),
    field(Buffer.concat([content, padding])),
  ]);
  const lines = whole.toString('base64').match(/.{1,70}/g) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n');
}
