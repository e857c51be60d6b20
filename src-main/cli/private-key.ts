import { DroverError } from '#contract/errors';
import { askSecret } from './ask-person.ts';
import { secretText } from './secret-file.ts';
import type { Session } from './session.ts';

export type GivenKey = { readonly privateKey: string; readonly passphrase?: string };

/**
 * A private key from a file, with its passphrase asked once when it needs one. The path stays here. Throws DroverError
 * `bad-key` for what is no private key, `bad-input` for a file that cannot or must not be read.
 */
export async function privateKey(session: Session, file: string): Promise<GivenKey> {
  const text = await secretText(file, session.host);
  if (!/PRIVATE KEY-----|^PuTTY-User-Key-File-/m.test(text)) {
    const isPublic = /^(ssh|ecdsa|sk)-[a-z0-9@.-]+ AAAA/.test(text);
    throw new DroverError('bad-key', `${file} holds ${isPublic ? 'the public half of a key' : 'no private key'}`, {
      detail: {
        remedy: isPublic ? `Name the private half: ${file.replace(/\.pub$/, '')}` : 'Name a private key file.',
      },
    });
  }
  if (!isEncrypted(text)) {
    return { privateKey: text };
  }
  const passphrase = await askSecret(
    session,
    `Passphrase of ${file}: `,
    'Save the key once at a terminal: drover credential add NAME -i FILE',
  );
  return { privateKey: text, passphrase };
}

/** By what stands outside the encrypted part, in each of the formats. */
function isEncrypted(text: string): boolean {
  if (/^Proc-Type: 4,ENCRYPTED|BEGIN ENCRYPTED PRIVATE KEY|^Encryption: (?!none\b)/m.test(text)) {
    return true;
  }
  const [, body] = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(text) ?? [];
  return body !== undefined && !Buffer.from(body, 'base64').toString('latin1').startsWith(plainOpenSsh);
}

/** Magic word, then the length and the name of the cipher. */
const plainOpenSsh = 'openssh-key-v1\0\0\0\0\u0004none';
