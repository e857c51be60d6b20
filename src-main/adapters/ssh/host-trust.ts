import type { HostKeyBook, ShownKey } from '#core/ports-reach';
import { fingerprintOf, hostKeyAlgorithms, hostKeyVerdict } from './host-key-verdict.ts';
import type { KnownHosts } from './known-hosts.ts';

export type HostKeyPolicy = 'known' | 'accept-new';

/** Decides on the keys that machines show, over known_hosts and Drover's own book. */
export class HostTrust {
  readonly #knownHosts: Pick<KnownHosts, 'find'>;
  readonly #book: HostKeyBook;

  constructor(knownHosts: Pick<KnownHosts, 'find'>, book: HostKeyBook) {
    this.#knownHosts = knownHosts;
    this.#book = book;
  }

  /** Host key algorithms to ask for, those of known keys first. */
  algorithms(address: string, port: number, allowsWeak: boolean): string[] {
    return hostKeyAlgorithms(
      [...this.#knownHosts.find(address, port).trusted, ...this.#book.trusted(address, port)],
      allowsWeak,
    );
  }

  /** Why a key is refused, with the remedy; null when it is trusted, or new and taken. */
  refusalOf(key: Buffer, where: { address: string; port: number; policy: HostKeyPolicy }): string | null {
    const { address, port, policy } = where;
    const publicKey = key.toString('base64');
    const shown: ShownKey = { address, port, type: typeOf(key), publicKey, fingerprint: fingerprintOf(publicKey) };
    const known = this.#knownHosts.find(address, port);
    const trusted = [...known.trusted, ...this.#book.trusted(address, port)];
    const verdict = hostKeyVerdict({ ...known, shown, address, port, trusted, policy });
    switch (verdict.kind) {
      case 'trusted':
        return null;
      case 'accept-new':
        this.#book.accept(shown, 'accept-new');
        return null;
      case 'refused':
        if (verdict.code === 'unknown' || verdict.code === 'changed') {
          this.#book.offer(shown, verdict.replaces);
        }
        return verdict.message;
    }
  }
}

/** A key in SSH's binary form begins with the length and the name of its type. */
function typeOf(key: Buffer): string {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  return key.subarray(4, 4 + Math.min(length, 100)).toString('latin1');
}
