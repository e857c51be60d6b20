type Store = Pick<Storage, 'getItem' | 'setItem'>;

const key = 'drover-palette-recent';
const kept = 6;

/** What was chosen in the palette before, the latest first; anything unreadable is nothing. */
export function recentChoices(store: Store): readonly string[] {
  try {
    const read: unknown = JSON.parse(store.getItem(key) ?? '[]');
    return Array.isArray(read) ? read.filter((id) => typeof id === 'string').slice(0, kept) : [];
  } catch {
    return [];
  }
}

export function keepChoice(store: Store, id: string): void {
  try {
    store.setItem(key, JSON.stringify([id, ...recentChoices(store).filter((other) => other !== id)].slice(0, kept)));
  } catch {
    // A full or forbidden store costs the order and nothing else.
  }
}
