import { describe, expect, it } from 'vitest';
import { algorithmsFor } from '#adapters/ssh/algorithms';

const broken = /sha1|cbc|3des|md5|arcfour|chacha20|group1-|-96/;

describe('the algorithms that are offered', () => {
  it('hold nothing broken, and neither of the ciphers that Terrapin needs', () => {
    const { kex, cipher, hmac, serverHostKey } = algorithmsFor(['ssh-ed25519', 'rsa-sha2-512'], false);
    for (const names of [kex, cipher, hmac]) {
      expect(names).not.toHaveLength(0);
      expect((names as string[]).filter((name) => broken.test(name))).toEqual([]);
    }
    expect(serverHostKey).toEqual(['ssh-ed25519', 'rsa-sha2-512']);
  });

  it('put what is weak last, for who was allowed it', () => {
    const [strong, both] = [algorithmsFor([], false), algorithmsFor([], true)];
    for (const kind of ['kex', 'cipher', 'hmac'] as const) {
      const names = both[kind] as string[];
      const before = strong[kind] as string[];
      expect(names.slice(0, before.length)).toEqual(before);
      expect(names.slice(before.length)).not.toHaveLength(0);
      expect(names.slice(before.length).every((name) => broken.test(name))).toBe(true);
    }
  });

  it('never hold compression', () => {
    expect(algorithmsFor([], false).compress).toEqual(['none']);
    expect(algorithmsFor([], true).compress).toEqual(['none']);
  });
});
