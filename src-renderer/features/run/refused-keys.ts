import type { HostKey } from '#contract/host-key';
import type { HostRow, Run } from '#contract/run';

const sshPort = 22;

/** `web1`, `web1:2222`, `[fe80::1]:2222`: as it is typed for `drover hostkey accept`. */
export function machineText({ address, port }: Pick<HostKey, 'address' | 'port'>): string {
  if (port === sshPort) {
    return address;
  }
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

type RefusedKeys = {
  /** Of machines whose trusted key was another. */
  readonly changed: readonly HostKey[];
  /** Of machines that were never seen before. */
  readonly unknown: readonly HostKey[];
  /** Targets for which nothing but unknown keys stands in the way. */
  readonly trustable: readonly HostRow[];
};

const fingerprintsIn = ({ message }: HostRow): string[] =>
  [...message.matchAll(/SHA256:[A-Za-z0-9+/=]+/g)].map(([fingerprint]) => fingerprint);

/** Targets of which every key that stood in the way has been accepted since. */
export function trustedSince(
  refused: readonly HostRow[],
  accepted: readonly Pick<HostKey, 'fingerprint'>[],
): readonly HostRow[] {
  const known = new Set(accepted.map(({ fingerprint }) => fingerprint));
  return refused.filter((row) => {
    const named = fingerprintsIn(row);
    return named.length > 0 && named.every((fingerprint) => known.has(fingerprint));
  });
}

/** Keys that were shown during this run by the refused targets, or by a machine on the way to them. */
export function keysOfRefused(
  refused: readonly HostRow[],
  offered: readonly HostKey[],
  run: Pick<Run, 'createdAt'>,
): RefusedKeys {
  const recent = offered.filter(({ seenAt }) => seenAt >= run.createdAt);
  const byAddress = Map.groupBy(recent, ({ address }) => address.toLowerCase());
  const byFingerprint = Map.groupBy(recent, ({ fingerprint }) => fingerprint);
  const found = refused.map((row) => {
    const named = fingerprintsIn(row).flatMap((fingerprint) => byFingerprint.get(fingerprint) ?? []);
    const address = row.address.toLowerCase();
    const here = named.filter((key) => key.address.toLowerCase() === address);
    return { row, keys: here.length > 0 ? here : named.length > 0 ? named : (byAddress.get(address) ?? []) };
  });
  const isUnknown = ({ replaces }: HostKey): boolean => replaces === null;
  const ofTrustable = found.filter(({ keys }) => keys.length > 0 && keys.every(isUnknown));
  return {
    changed: [...new Set(found.flatMap(({ keys }) => keys.filter((key) => !isUnknown(key))))],
    unknown: [...new Set(ofTrustable.flatMap(({ keys }) => keys))],
    trustable: ofTrustable.map(({ row }) => row),
  };
}
