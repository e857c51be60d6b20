import { createHash } from 'node:crypto';

type Key = { readonly type: string; readonly publicKey: string; readonly fingerprint: string };

type Evidence = {
  /** The key the machine showed; `publicKey` is base64. */
  readonly shown: Key;
  readonly address: string;
  readonly port: number;
  readonly trusted: readonly Key[];
  readonly revoked: readonly Key[];
  readonly hasAuthority: boolean;
  /** A store that could not be read, with the reason. */
  readonly unreadable: string | null;
  readonly policy: 'known' | 'accept-new';
};

type Refusal = {
  readonly kind: 'refused';
  readonly code: 'unknown' | 'changed' | 'revoked' | 'host-certificate-unsupported' | 'unreadable';
  /** For operators, with the remedy. */
  readonly message: string;
  /** Fingerprint that is trusted in the place of the shown key. */
  readonly replaces: string | null;
};

type HostKeyVerdict = { readonly kind: 'trusted' } | { readonly kind: 'accept-new' } | Refusal;

/** SHA-256 of a key in base64, as OpenSSH shows it. */
export function fingerprintOf(publicKeyBase64: string): string {
  const digest = createHash('sha256').update(Buffer.from(publicKeyBase64, 'base64')).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}

/** Signatures have names of their own, but the key of all of them is an `ssh-rsa` one. */
const keyType = (type: string): string => (type.startsWith('rsa-sha2-') ? 'ssh-rsa' : type);

/** The name of a type comes from the machine: no more of it is shown than a terminal can bear. */
const shownType = (type: string): string =>
  keyType(type)
    .slice(0, 64)
    .replaceAll(/[^!-~]/g, '?') || 'nameless';

const isSame = (one: Key, other: Key): boolean =>
  Buffer.from(one.publicKey, 'base64').equals(Buffer.from(other.publicKey, 'base64'));

const list = (keys: readonly Key[]): string =>
  keys.map(({ type, fingerprint }) => `${shownType(type)} ${fingerprint}`).join(', ');

function changed({ shown, trusted, address }: Evidence, place: string): Refusal {
  const sameType = trusted.filter(({ type }) => keyType(type) === keyType(shown.type));
  const known = sameType.length > 0 ? sameType : trusted;
  const what =
    sameType.length > 0
      ? `The host key of ${place} has changed: it showed ${list([shown])}, but ${list(known)} is trusted.`
      : `${place} showed a host key of a type that is not known for it, ${list([shown])}, and none of the known ones: ${list(known)}.`;
  return {
    kind: 'refused',
    code: 'changed',
    message:
      `${what} It may have been set up anew, or somebody may be listening in between.` +
      ` Compare the fingerprint on the machine itself; if it is right, accept it with "drover hostkey accept ${address} --replace"` +
      ' and take the old key out of known_hosts if it is there.',
    replaces: known[0]?.fingerprint ?? null,
  };
}

function unknown({ shown, address }: Evidence, place: string): Refusal {
  return {
    kind: 'refused',
    code: 'unknown',
    message:
      `The host key of ${place} is not known: it showed ${list([shown])}.` +
      ` Compare the fingerprint on the machine itself, then accept it with "drover hostkey accept ${address}".`,
    replaces: null,
  };
}

/**
 * Decides whether a shown host key may be used. Revoked keys and unreadable stores are refused before anything else;
 * `accept-new` takes a key only when nothing at all is known of the machine.
 */
export function hostKeyVerdict(evidence: Evidence): HostKeyVerdict {
  const { shown, address, port, trusted, revoked, hasAuthority, unreadable, policy } = evidence;
  const place = port === 22 ? address : `${address} port ${port}`;
  const refused = (code: Refusal['code'], message: string): Refusal => ({
    kind: 'refused',
    code,
    message,
    replaces: null,
  });
  if (revoked.some((key) => isSame(key, shown))) {
    return refused(
      'revoked',
      `The host key of ${place}, ${list([shown])}, is marked @revoked in known_hosts and is never used. ` +
        'Give the machine a new host key, then accept that one.',
    );
  }
  if (unreadable !== null) {
    return refused(
      'unreadable',
      `The host key of ${place} cannot be checked, because known host keys cannot be read: ${unreadable}. ` +
        'Make the file readable for the account Drover runs as, or remove it.',
    );
  }
  if (trusted.some((key) => isSame(key, shown))) {
    return { kind: 'trusted' };
  }
  if (trusted.length > 0) {
    return changed(evidence, place);
  }
  if (hasAuthority) {
    return refused(
      'host-certificate-unsupported',
      `${place} is known by a @cert-authority line only, and Drover cannot check host certificates. ` +
        `Add its key to known_hosts beside the authority; it showed ${list([shown])}.`,
    );
  }
  return policy === 'accept-new' ? { kind: 'accept-new' } : unknown(evidence, place);
}

const algorithmGroups: readonly { readonly type: string; readonly strong: string[]; readonly weak: string[] }[] = [
  { type: 'ssh-ed25519', strong: ['ssh-ed25519'], weak: [] },
  { type: 'ecdsa-sha2-nistp256', strong: ['ecdsa-sha2-nistp256'], weak: [] },
  { type: 'ecdsa-sha2-nistp384', strong: ['ecdsa-sha2-nistp384'], weak: [] },
  { type: 'ecdsa-sha2-nistp521', strong: ['ecdsa-sha2-nistp521'], weak: [] },
  { type: 'ssh-rsa', strong: ['rsa-sha2-512', 'rsa-sha2-256'], weak: ['ssh-rsa'] },
  { type: 'ssh-dss', strong: [], weak: ['ssh-dss'] },
];

/** Signatures to ask a machine for, in ssh2's names: those of known keys first, so that it shows one of them. */
export function hostKeyAlgorithms(trusted: readonly Pick<Key, 'type'>[], weak: boolean): string[] {
  const types = new Set(trusted.map(({ type }) => keyType(type)));
  const known = algorithmGroups.filter(({ type }) => types.has(type));
  const others = algorithmGroups.filter(({ type }) => !types.has(type));
  return [
    // An old server may know the weak name of a known key only: it comes before the strong ones of unknown keys.
    ...known.flatMap((group) => (weak ? [...group.strong, ...group.weak] : group.strong)),
    ...others.flatMap(({ strong }) => strong),
    ...(weak ? others.flatMap((group) => group.weak) : []),
  ];
}

const columns = 17;
const rows = 9;
const shades = ' .o+=*BOX@%&#/^';

/** How often each field was trodden by a walk from the middle that the digest's pairs of bits steer. */
function walk(digest: Uint8Array): { counts: number[]; end: number } {
  const counts = Array.from({ length: columns * rows }, () => 0);
  let x = Math.floor(columns / 2);
  let y = Math.floor(rows / 2);
  for (const byte of digest) {
    for (let shift = 0; shift < 8; shift += 2) {
      const bits = byte >> shift;
      x = Math.min(Math.max(x + (bits & 1 ? 1 : -1), 0), columns - 1);
      y = Math.min(Math.max(y + (bits & 2 ? 1 : -1), 0), rows - 1);
      const at = y * columns + x;
      counts[at] = Math.min((counts[at] ?? 0) + 1, shades.length - 1);
    }
  }
  return { counts, end: y * columns + x };
}

function border(title: string): string {
  const text = `[${title}]`.slice(0, columns);
  const before = Math.floor((columns - text.length) / 2);
  return `+${('-'.repeat(before) + text).padEnd(columns, '-')}+`;
}

/** The picture of a key (base64) that OpenSSH draws with `-lv`; `title` stands in its upper border, such as `ED25519 256`. */
export function randomart(publicKeyBase64: string, title: string): string {
  const digest = createHash('sha256').update(Buffer.from(publicKeyBase64, 'base64')).digest();
  const { counts, end } = walk(digest);
  const middle = Math.floor(counts.length / 2);
  const fields = counts.map((count, at) => (at === end ? 'E' : at === middle ? 'S' : (shades[count] ?? ' '))).join('');
  const lines = Array.from({ length: rows }, (_, row) => `|${fields.slice(row * columns, (row + 1) * columns)}|`);
  return [border(title), ...lines, border('SHA256')].join('\n');
}
