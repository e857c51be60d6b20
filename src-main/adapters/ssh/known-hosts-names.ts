import { hash } from 'node:crypto';
import ipaddr from 'ipaddr.js';

const sshPort = 22;
const blockLength = 64;

/** The one spelling of an IPv6 address, with its zone; undefined for anything else. */
function oneSpelling(text: string): string | undefined {
  const [address = '', ...zone] = text.split('%');
  if (!address.includes(':') || !ipaddr.IPv6.isValid(address)) {
    return undefined;
  }
  const parsed = ipaddr.IPv6.parse(address);
  const shown = parsed.isIPv4MappedAddress() ? `::ffff:${parsed.toIPv4Address().toString()}` : parsed.toRFC5952String();
  return [shown, ...zone].join('%');
}

/** A name of known_hosts in small letters; an IPv6 address, also in `[address]:port`, in its one spelling. */
export function normalName(name: string): string {
  const small = name.toLowerCase();
  const [, before = '', host = small, after = ''] = /^(!?\[|!)?([^\]]*)(\]:\d+)?$/.exec(small) ?? [];
  const address = oneSpelling(host);
  return address === undefined ? small : `${before}${address}${after}`;
}

/** As which names a machine may stand in known_hosts: as it was written, and in the one spelling of its address. */
export function namesOf(address: string, port: number): readonly string[] {
  const small = address.toLowerCase();
  return [...new Set([small, oneSpelling(small) ?? small])].map((name) =>
    port === sshPort ? name : `[${name}]:${port}`,
  );
}

export type HashedName = { readonly salt: Buffer; readonly digest: Buffer };

/** A name as `|1|salt|digest`; undefined when it is none. */
export function parseHashedName(text: string): HashedName | undefined {
  const [, salt = '', digest = ''] = /^\|1\|([A-Za-z0-9+/]{27}=)\|([A-Za-z0-9+/]{27}=)$/.exec(text) ?? [];
  return salt === '' ? undefined : { salt: Buffer.from(salt, 'base64'), digest: Buffer.from(digest, 'base64') };
}

/**
 * Tells whether a hashed name is `name`. HMAC-SHA1 is put together from two plain digests,
 * because `createHmac` takes four times as long and there may be 50 000 names to try.
 */
export function hashedNameTest(name: string): (hashed: HashedName) => boolean {
  const message = Buffer.from(name);
  const inner = Buffer.concat([Buffer.alloc(blockLength), message]);
  const outer = Buffer.alloc(blockLength + 20);
  return ({ salt, digest }) => {
    for (let at = 0; at < blockLength; at += 1) {
      const byte = salt[at] ?? 0;
      inner[at] = byte ^ 0x36;
      outer[at] = byte ^ 0x5c;
    }
    hash('sha1', inner, 'buffer').copy(outer, blockLength);
    return hash('sha1', outer, 'buffer').equals(digest);
  };
}
