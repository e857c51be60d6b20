import type { HostKey } from '#contract/host-key';
import { DroverError } from '#contract/errors';
import type { Actor, Archive, AuditEntry, Clock, Log } from '#core/ports';
import type { HostKeyBook, HostKeyStore, ShownKey } from '#core/ports-reach';
import { canonicalAddress } from '../search/address-span.ts';
import { HostKeyIndex } from './host-key-index.ts';
import { type NewKey, NewHostKeys } from './new-host-keys.ts';

type BookParts = {
  readonly store: HostKeyStore & Pick<Archive, 'together'>;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly log: Pick<Log, 'warn'>;
  /** Who stands in the audit log for keys that a run took. */
  readonly engine: Actor;
  /** Most offered keys that are kept; 10 000 unless told. */
  readonly mostOffers?: number;
};

/** The host keys Drover trusts, and what people do with them. */
export interface HostKeys extends HostKeyBook {
  /** By address, port and type; offered keys first. */
  list(filter: { state?: HostKey['state'] | undefined; address?: string | undefined }): HostKey[];
  /** Trusts offered keys, all or none. Throws DroverError `not-found`; `bad-input` when a key replaces another and `replace` is not set. */
  acceptOffered(choice: { ids: readonly string[]; replace: boolean }, actor: Actor): HostKey[];
  /** How many of them were there. */
  remove(ids: readonly string[], actor: Actor): number;
  /** Stores what was taken a moment ago; called when the engine closes, too. */
  flush(): void;
}

const mostOffers = 10_000;
/** A key longer than any real one is no key a person could trust; RSA with 16 384 bits takes 2 750 characters. */
const longestKey = 20_000;
const plainType = /^[!-~]{1,64}$/;
/** Stored offers that were superseded are removed in lots of this size. */
const staleLot = 1_000;
/** The same key shown again is noted no more often than this. */
const renewEveryMs = 60_000;

/** Reads the store once; afterwards every question is answered from memory. */
export function createHostKeyBook(parts: BookParts): HostKeys {
  const { store, clock } = parts;
  const index = new HostKeyIndex(store.listHostKeys(), parts.mostOffers ?? mostOffers);
  const now = (): number => Math.round(clock.now());

  /** What a connection tells must never end it. */
  const quietly = (what: string, act: () => void): void => {
    try {
      act();
    } catch (error) {
      parts.log.warn('host key not stored', { what, error });
    }
  };

  const forgetStale = (atLeast: number): void => {
    const stale = index.takeStale(atLeast);
    if (stale.length > 0) {
      store.removeHostKeys(stale, auditOf(parts.engine, 'hostkey.forget', { offered: stale.length }));
    }
  };

  const offer = (key: ShownKey, replaces: string | null): void => {
    if (key.publicKey.length > longestKey || !plainType.test(key.type)) {
      return;
    }
    const known = index.offeredAt(key);
    const isSame = known?.publicKey === key.publicKey && known.replaces === replaces;
    if (isSame && Math.abs(now() - known.seenAt) < renewEveryMs) {
      return;
    }
    const row = { ...key, state: 'offered', replaces, acceptedBy: null, seenAt: now() } as const;
    const saved = store.saveHostKey(row, undefined);
    index.add({ ...saved, replaces });
    // In large lots: whoever shows ever new keys must not fill the audit log either.
    forgetStale(staleLot);
  };

  const fresh = new NewHostKeys({ ...parts, save: (keys) => saveTaken(parts, keys).forEach((key) => index.add(key)) });
  const trusted = (address: string, port: number): readonly ShownKey[] => [
    ...index.acceptedAt(address, port),
    ...fresh.at(address, port),
  ];

  return {
    trusted: (address, port) => trusted(canonicalAddress(address), port),
    offer: (shown, replaces) => quietly('offered', () => offer(canonical(shown), replaces)),
    accept: (shown, by) =>
      quietly('accepted', () => {
        const key = canonical(shown);
        const other = trusted(key.address, key.port).find(({ type }) => type === key.type);
        if (other && other.publicKey !== key.publicKey) {
          // Another connection was faster, and was shown another key.
          offer(key, other.fingerprint);
        } else if (!other) {
          fresh.add(key, by);
        }
      }),
    flush: () => fresh.flush(),
    ...forPeople(parts, index, () => fresh.flush()),
  };
}

/** All or none. */
function saveTaken({ store, clock, engine }: BookParts, keys: readonly NewKey[]): HostKey[] {
  const seenAt = Math.round(clock.now());
  return store.together(() =>
    keys.map(({ key, by }) =>
      store.saveHostKey(
        { ...key, state: 'accepted', replaces: null, acceptedBy: by, seenAt },
        auditOf(engine, 'hostkey.accept', { ...factsOf(key), by }),
      ),
    ),
  );
}

function forPeople(
  { store, clock }: BookParts,
  index: HostKeyIndex,
  flush: () => void,
): Pick<HostKeys, 'list' | 'acceptOffered' | 'remove'> {
  return {
    list({ state, address }) {
      flush();
      return index
        .list()
        .filter((key) => state === undefined || key.state === state)
        .filter((key) => address === undefined || key.address === canonicalAddress(address))
        .map((key) => ({ ...key, replaces: index.replacedBy(key)[0]?.fingerprint ?? key.replaces }));
    },

    acceptOffered({ ids, replace }, actor) {
      flush();
      const keys = [...new Set(ids)].map((id) => index.get(id) ?? refuseUnknown(id));
      const offered = keys.filter((key) => key.state === 'offered');
      if (!replace) {
        for (const key of offered) {
          refuseReplacing(key, index.replacedBy(key)[0]?.fingerprint ?? key.replaces);
        }
      }
      const forgotten = offered.flatMap((key) => index.replacedBy(key));
      const stale = index.takeStale(1);
      const accepted = store.together(() => {
        const saved = offered.map((key) => {
          const { id: objectId, ...row } = key;
          const audit = auditOf(actor, 'hostkey.accept', { ...factsOf(key), replaces: key.replaces });
          return store.saveHostKey(
            { ...row, state: 'accepted', acceptedBy: actor.name, replaces: null, seenAt: Math.round(clock.now()) },
            { ...audit, objectId },
          );
        });
        const gone = [...[...forgotten, ...offered].map(({ id }) => id), ...stale];
        if (gone.length > 0) {
          store.removeHostKeys(gone, auditOf(actor, 'hostkey.remove', { replaced: forgotten.map(factsOf) }));
        }
        return saved;
      });
      index.remove([...forgotten, ...offered].map(({ id }) => id));
      for (const key of accepted) {
        index.add(key);
      }
      return [...keys.filter((key) => key.state === 'accepted'), ...accepted];
    },

    remove(ids, actor) {
      flush();
      const keys = [...new Set(ids)].flatMap((id) => index.get(id) ?? []);
      if (keys.length === 0) {
        return 0;
      }
      const found = keys.map(({ id }) => id);
      const audit = auditOf(actor, 'hostkey.remove', { keys: keys.map(factsOf) });
      store.removeHostKeys([...found, ...index.takeStale(1)], audit);
      index.remove(found);
      return found.length;
    },
  };
}

function canonical({ address, port, type, publicKey, fingerprint }: ShownKey): ShownKey {
  return { address: canonicalAddress(address), port, type, publicKey, fingerprint };
}

function factsOf({ address, port, type, fingerprint }: ShownKey): Record<string, unknown> {
  return { address, port, type, fingerprint };
}

function auditOf(actor: Actor, action: string, detail: Record<string, unknown>): AuditEntry {
  return { actor, action, objectType: 'hostkey', objectId: '', detail };
}

function refuseUnknown(id: string): never {
  throw new DroverError('not-found', `There is no host key ${id.slice(0, 100)}: the list shows which there are`);
}

function refuseReplacing({ address, port, type, fingerprint }: HostKey, replaces: string | null): void {
  if (replaces !== null) {
    throw new DroverError(
      'bad-input',
      `${address}:${port} shows the ${type} key ${fingerprint}, but ${replaces} is trusted: it was set up anew, or somebody stands in between. Compare the fingerprints on the machine itself, then accept it as a replacement`,
      { detail: { address, port, type, offered: fingerprint, trusted: replaces } },
    );
  }
}
