/** One machine of a ProxyJump as it is written; its name may be looked up in turn. */
export type ConfigHop = { readonly name: string; readonly user: string | null; readonly port: number | null };

/** A port as ssh_config writes it; undefined when it is none. */
export function portOf(text: string): number | undefined {
  const port = text === 'ssh' ? 22 : /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function parseHop(text: string): ConfigHop | undefined {
  const isUri = text.startsWith('ssh://');
  const plain = isUri ? text.slice('ssh://'.length).replace(/\/$/, '') : text;
  // The last `@` counts: the name of an account may hold one.
  const [, account, bracketed, bare, after = ''] =
    /^(?:(.+)@)?(?:\[([^[\]/]+)\]|([^[\]:/@]+))(?::(.*))?$/s.exec(plain) ?? [];
  const name = bracketed ?? bare;
  const user = isUri && account !== undefined ? decoded(account) : (account ?? null);
  const port = after === '' ? null : portOf(after);
  return name === undefined || user === undefined || port === undefined ? undefined : { name, user, port };
}

/** The machines of a ProxyJump, the nearest first; none for `none`, undefined when one of them is not understood. */
export function parseHops(text: string): ConfigHop[] | undefined {
  if (text.toLowerCase() === 'none') {
    return [];
  }
  const hops = text.split(',').map(parseHop);
  return hops.every((hop) => hop !== undefined) ? hops : undefined;
}
