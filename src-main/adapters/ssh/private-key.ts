import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { ParsedKey } from 'ssh2';
import { DroverError } from '#contract/errors';
import { loadSsh2 } from './load-ssh2.ts';
import { headOf, openSshText } from './openssh-key.ts';

const puttygen = 'convert it with `puttygen KEY -O private-openssh -o NEWKEY`';
/** Each round of bcrypt stops the program for some 20 ms. */
const mostRounds = 200;
/** As ssh2 opens them; the others are rare and some are opened wrongly. */
const ciphers = /^(aes(128|192|256)-(ctr|cbc|gcm@openssh\.com)|3des-cbc)$/;

/**
 * Reads a private key in OpenSSH's format, PEM (PKCS#1, PKCS#8, EC) or PuTTY's format 2, as ssh2 takes it. A passphrase
 * that the key does not need is not looked at. Takes 20 ms a round of bcrypt (16 are usual) for an encrypted OpenSSH key.
 *
 * @throws DroverError `bad-key`, whose message never holds any of the key
 */
export function readPrivateKey(text: string, passphrase: string | undefined): ParsedKey {
  // What editors and web forms do to a text: a byte order mark, other ends of lines, blanks behind them.
  const key = text
    .replace(/^\uFEFF/, '')
    .replaceAll(/[ \t]*(\r\n|\r|\n)/g, '\n')
    .trim();
  const secret = passphrase === '' ? undefined : passphrase;
  if (key === '') {
    throw bad('There is no private key: paste the whole file, from its first line to its last');
  }
  if (key.startsWith('PuTTY-User-Key-File-')) {
    // As it is: its integrity check covers the blanks of its comment.
    return readPutty(text.replace(/^\uFEFF/, '').trim(), secret);
  }
  const [openSsh] = /^-----BEGIN OPENSSH PRIVATE KEY-----$[^-]*-----END OPENSSH PRIVATE KEY-----$/m.exec(key) ?? [];
  if (openSsh !== undefined) {
    return readOpenSsh(openSsh, secret);
  }
  if (/^-----BEGIN ((RSA|EC|DSA|ENCRYPTED) )?PRIVATE KEY-----$/m.test(key)) {
    return readPem(key, secret);
  }
  if (key.includes('PRIVATE KEY-----')) {
    throw damaged();
  }
  throw strange(key);
}

const bad = (message: string): DroverError => new DroverError('bad-key', message);
const damaged = (): DroverError => bad('The private key is damaged or not whole: paste the whole file');
const needsPassphrase = (): DroverError => bad('The private key is encrypted: give its passphrase as well');
const wrongPassphrase = (): DroverError => bad('The passphrase does not open this private key');

function strange(key: string): DroverError {
  if (/^(ssh-|ecdsa-|sk-)\S+ AAAA|^-----BEGIN (RSA )?PUBLIC KEY-----|^---- BEGIN SSH2 PUBLIC KEY ----/m.test(key)) {
    return bad('This is a public key: give the private one, which is the file without `.pub`');
  }
  if (/^---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----/m.test(key)) {
    return bad(`Keys in the format of ssh.com cannot be used: ${puttygen}`);
  }
  return bad('This is no private key in OpenSSH, PEM or PuTTY format');
}

/** What ssh2 makes of a text, without its words, which may quote the key. */
function parse(text: string, passphrase?: string): ParsedKey | undefined {
  try {
    const parsed: ParsedKey | readonly ParsedKey[] | Error = loadSsh2().utils.parseKey(text, passphrase);
    const key = Array.isArray(parsed) ? (parsed as readonly ParsedKey[])[0] : (parsed as ParsedKey | Error | undefined);
    return key && !(key instanceof Error) && key.isPrivateKey() ? key : undefined;
  } catch {
    return undefined;
  }
}

function readPutty(text: string, passphrase: string | undefined): ParsedKey {
  const [, version, kind = ''] = /^PuTTY-User-Key-File-(\d+): (\S+)/.exec(text) ?? [];
  const [, encryption] = /^Encryption: (\S+)/m.exec(text) ?? [];
  if (version !== '2' || !/^ssh-(rsa|dss)$/.test(kind)) {
    throw bad(`This kind of PuTTY key cannot be used (format ${version ?? 'unknown'}): ${puttygen}`);
  }
  if (encryption === 'none') {
    const key = parse(text);
    if (!key) {
      throw damaged();
    }
    return key;
  }
  if (passphrase === undefined) {
    throw needsPassphrase();
  }
  const key = parse(text, passphrase);
  if (!key) {
    throw wrongPassphrase();
  }
  return key;
}

function readOpenSsh(text: string, passphrase: string | undefined): ParsedKey {
  const head = headOf(text);
  if (!head) {
    throw damaged();
  }
  refuseUnusable(head);
  const isEncrypted = head.cipher !== 'none';
  if (isEncrypted && passphrase === undefined) {
    throw needsPassphrase();
  }
  const key = parse(text, passphrase);
  if (!key) {
    throw isEncrypted ? wrongPassphrase() : damaged();
  }
  return key;
}

function refuseUnusable({ type, cipher, rounds }: { type: string; cipher: string; rounds: number }): void {
  if (type.startsWith('sk-')) {
    throw bad('This key needs its security key (FIDO) to be touched, which Drover cannot ask for: use another key');
  }
  if (!/^(ssh-(ed25519|rsa|dss)|ecdsa-sha2-nistp(256|384|521))$/.test(type)) {
    throw bad('This kind of key cannot be used: make one with `ssh-keygen -t ed25519`');
  }
  if (cipher !== 'none' && !ciphers.test(cipher)) {
    throw bad('The cipher of this private key cannot be used: change it with `ssh-keygen -p -Z aes256-ctr -f KEY`');
  }
  if (rounds > mostRounds) {
    throw bad(
      `This private key takes too long to open (${rounds} rounds): \`ssh-keygen -p -a 16 -f KEY\` changes that`,
    );
  }
}

function readPem(text: string, passphrase: string | undefined): ParsedKey {
  const isEncrypted = /^(Proc-Type: 4,ENCRYPTED|-----BEGIN ENCRYPTED PRIVATE KEY-----)$/m.test(text);
  if (isEncrypted && passphrase === undefined) {
    throw needsPassphrase();
  }
  if (text.includes('-----BEGIN DSA PRIVATE KEY-----')) {
    const key = parse(text, passphrase);
    if (!key) {
      throw isEncrypted ? wrongPassphrase() : damaged();
    }
    return key;
  }
  let found: KeyObject;
  try {
    found = createPrivateKey({ key: text, format: 'pem', ...(isEncrypted && { passphrase }) });
  } catch {
    throw isEncrypted ? wrongPassphrase() : damaged();
  }
  const key = parse(inSsh2Form(found));
  if (!key) {
    throw bad('The curve of this private key cannot be used: make a key with `ssh-keygen -t ed25519`');
  }
  return key;
}

/** ssh2 reads no PKCS#8, so that every PEM key is given to it in the form of its kind. */
function inSsh2Form(key: KeyObject): string {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return key.export({ type: 'pkcs1', format: 'pem' }).toString();
    case 'ec':
      return key.export({ type: 'sec1', format: 'pem' }).toString();
    case 'ed25519':
      return openSshText(key, '');
    default:
      throw bad('This kind of key cannot be used: make one with `ssh-keygen -t ed25519`');
  }
}
