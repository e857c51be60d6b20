import { z } from 'zod';
import { call } from './define.ts';
import { Address, Port } from './target.ts';

/** A key that a machine showed. `accepted` is trusted; `offered` was refused and waits for a person. */
export const HostKey = z.strictObject({
  id: z.string(),
  address: Address,
  port: Port,
  /** As in known_hosts, such as `ssh-ed25519`. */
  type: z.string(),
  /** Base64 of the key, as in known_hosts. */
  publicKey: z.string(),
  /** `SHA256:…`, as OpenSSH writes it. */
  fingerprint: z.string(),
  state: z.enum(['accepted', 'offered']),
  /** Of an offered key: the fingerprint that was trusted in its place, which is what a changed host or an attacker looks like. */
  replaces: z.string().nullable(),
  /** How it was accepted: by a person, or because the run took new keys. */
  acceptedBy: z.string().nullable(),
  seenAt: z.int(),
});
export type HostKey = z.infer<typeof HostKey>;

export const hostKeyContract = {
  'hostkey.list': call(
    z.strictObject({ state: HostKey.shape.state.optional(), address: z.string().max(253).optional() }),
    z.strictObject({ keys: z.array(HostKey) }),
    { role: 'viewer' },
  ),
  /** Trusts offered keys; one that replaces another needs `replace`, and the other is forgotten. */
  'hostkey.accept': call(
    z.strictObject({ ids: z.array(z.string()).min(1).max(10_000), replace: z.boolean().default(false) }),
    z.strictObject({ keys: z.array(HostKey) }),
    { role: 'editor' },
  ),
  'hostkey.remove': call(
    z.strictObject({ ids: z.array(z.string()).min(1).max(10_000) }),
    z.strictObject({ removed: z.int() }),
    {
      role: 'editor',
    },
  ),
};
