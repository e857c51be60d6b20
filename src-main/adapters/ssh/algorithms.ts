import type { Algorithms } from 'ssh2';

const strong = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group14-sha256',
    'diffie-hellman-group-exchange-sha256',
  ],
  // Neither CBC nor chacha20: what Terrapin needs is never agreed on, whether the other side knows of it or not.
  cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
} as const;

const weak = {
  kex: ['diffie-hellman-group14-sha1', 'diffie-hellman-group-exchange-sha1', 'diffie-hellman-group1-sha1'],
  cipher: ['aes128-cbc', 'aes256-cbc', '3des-cbc'],
  hmac: ['hmac-sha1-etm@openssh.com', 'hmac-sha1'],
} as const;

/** What is offered to a server: fast and safe first, the old only for who was allowed it; never compression. */
export function algorithmsFor(serverHostKey: readonly string[], allowsWeak: boolean): Algorithms {
  const some = allowsWeak ? weak : { kex: [], cipher: [], hmac: [] };
  return {
    kex: [...strong.kex, ...some.kex],
    cipher: [...strong.cipher, ...some.cipher],
    hmac: [...strong.hmac, ...some.hmac],
    compress: ['none'],
    serverHostKey: [...serverHostKey],
  } as Algorithms;
}
