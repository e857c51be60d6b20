import type { HostKey } from '#contract/host-key';
import type { ShownKey } from '#core/ports-reach';
import { canonicalAddress } from '../search/address-span.ts';

/**
 * Host keys by where they were seen. Of offered keys only the newest of each address, port and type counts, and only so
 * many in all: a hostile network can show ever new ones.
 */
export class HostKeyIndex {
  readonly #mostOffers: number;
  readonly #byId = new Map<string, HostKey>();
  readonly #accepted = new Map<string, HostKey[]>();
  /** By address, port and type; the oldest first. */
  readonly #offered = new Map<string, HostKey>();
  #stale: string[] = [];

  constructor(keys: readonly HostKey[], most: number) {
    this.#mostOffers = most;
    for (const key of keys.toSorted((a, b) => a.seenAt - b.seenAt)) {
      this.add(key);
    }
  }

  get(id: string): HostKey | undefined {
    return this.#byId.get(id);
  }

  acceptedAt(address: string, port: number): readonly HostKey[] {
    return this.#accepted.get(`${address} ${port}`) ?? [];
  }

  offeredAt({ address, port, type }: Pick<ShownKey, 'address' | 'port' | 'type'>): HostKey | undefined {
    return this.#offered.get(`${address} ${port} ${type}`);
  }

  /** The trusted keys that an offered one takes the place of. */
  replacedBy(key: HostKey): HostKey[] {
    return key.state === 'accepted'
      ? []
      : this.acceptedAt(key.address, key.port).filter(
          (other) =>
            other.publicKey !== key.publicKey && (other.type === key.type || other.fingerprint === key.replaces),
        );
  }

  /** Offered keys first, then by address, port and type. */
  list(): HostKey[] {
    const order = ({ state, address }: HostKey): string => `${state === 'offered' ? 0 : 1} ${address}`;
    return [...this.#byId.values()].toSorted(
      (a, b) => compare(order(a), order(b)) || a.port - b.port || compare(a.type, b.type),
    );
  }

  add(stored: HostKey): void {
    const key = { ...stored, address: canonicalAddress(stored.address) };
    if (key.state === 'accepted') {
      const place = `${key.address} ${key.port}`;
      const others = this.acceptedAt(key.address, key.port).filter(({ id }) => id !== key.id);
      this.#accepted.set(place, [...others, key]);
      this.#byId.set(key.id, key);
      const offered = this.offeredAt(key);
      if (offered?.publicKey === key.publicKey) {
        this.#supersede(offered);
      }
      return;
    }
    const older = this.offeredAt(key);
    if (older) {
      this.#supersede(older, key.id);
    }
    this.#offered.set(`${key.address} ${key.port} ${key.type}`, key);
    this.#byId.set(key.id, key);
    this.#stale = this.#stale.filter((id) => id !== key.id);
    for (const oldest of this.#offered.values()) {
      if (this.#offered.size <= this.#mostOffers) {
        break;
      }
      this.#supersede(oldest);
    }
  }

  remove(ids: readonly string[]): void {
    for (const id of ids) {
      const key = this.#byId.get(id);
      if (key?.state === 'accepted') {
        const others = this.acceptedAt(key.address, key.port).filter((other) => other.id !== id);
        this.#accepted.set(`${key.address} ${key.port}`, others);
      } else if (key) {
        this.#offered.delete(`${key.address} ${key.port} ${key.type}`);
      }
      this.#byId.delete(id);
    }
  }

  /** Ids of stored offers that count no longer, to be removed now; none before there are `atLeast` of them. */
  takeStale(atLeast: number): string[] {
    if (this.#stale.length < atLeast) {
      return [];
    }
    const stale = this.#stale;
    this.#stale = [];
    return stale;
  }

  /** An offer no longer counts; its row stays for a while, unless it is the row of its successor. */
  #supersede(key: HostKey, successor?: string): void {
    this.remove([key.id]);
    if (key.id !== successor) {
      this.#stale.push(key.id);
    }
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
