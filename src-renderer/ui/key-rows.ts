export type KeyLayer = {
  readonly bindings: Readonly<Record<string, { readonly does: string }>>;
  /** Null for the page's own keys. */
  readonly title: string | null;
};

export type KeyRow = { readonly title: string | null; readonly keys: readonly string[]; readonly does: string };

/** What each key does; of two layers that want the same key the later one has it. Keys that do the same stand together. */
export function keyRows(layers: readonly KeyLayer[]): readonly KeyRow[] {
  const taken = new Set<string>();
  const rows = new Map<string, KeyRow & { keys: string[] }>();
  for (const { bindings, title } of layers.toReversed()) {
    for (const [key, { does }] of Object.entries(bindings)) {
      if (!taken.has(key)) {
        taken.add(key);
        const id = JSON.stringify([title, does]);
        const row = rows.get(id) ?? { title, keys: [], does };
        row.keys.push(key);
        rows.set(id, row);
      }
    }
  }
  return [...rows.values()];
}

type KeyGroup = { readonly title: string; readonly rows: readonly KeyRow[] };

/** The page's own keys first, then its parts, then those of `last`; keys without a title are the page's. */
export function keyGroups(bound: readonly KeyRow[], { page, last }: { page: string; last: string }): KeyGroup[] {
  const titles = new Set([page, ...bound.map(({ title }) => title ?? page).toReversed()]);
  titles.delete(last);
  return [...titles, last]
    .map((title) => ({ title, rows: bound.filter((row) => (row.title ?? page) === title) }))
    .filter(({ rows }) => rows.length > 0);
}
