const key = 'drover-handed-hosts';

type Handed = { readonly token: string; readonly run: number; readonly hosts: readonly number[] };

/** For a browser that keeps nothing: the set then lives as long as the page. */
let inMemory: Handed | null = null;

/** Keeps a set of a run's targets for the page that opens next; thousands of places would be too much for its address. */
export function handHosts(run: number, hosts: readonly number[]): string {
  const token = Math.random().toString(36).slice(2, 10);
  inMemory = { token, run, hosts };
  try {
    sessionStorage.setItem(key, JSON.stringify(inMemory));
  } catch {
    // A full or forbidden store costs the set after a reload and nothing else.
  }
  return token;
}

/** The set that was handed over under this token; null when another one has taken its place. */
export function handedHosts(run: number, token: string): ReadonlySet<number> | null {
  const found = [inMemory, stored()].find((handed) => handed?.token === token && handed.run === run);
  return found ? new Set(found.hosts) : null;
}

function stored(): Handed | null {
  try {
    const read = JSON.parse(sessionStorage.getItem(key) ?? 'null') as Handed | null;
    return read !== null && Array.isArray(read.hosts) ? read : null;
  } catch {
    return null;
  }
}
