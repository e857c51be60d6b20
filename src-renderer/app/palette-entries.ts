type PaletteKind = 'page' | 'setting' | 'target' | 'run' | 'command';

export type PaletteEntry = {
  /** The same at every visit, so that what was chosen before can be found again. */
  readonly id: string;
  readonly kind: PaletteKind;
  readonly text: string;
  /** What else it is known by, shown beside it. */
  readonly detail?: string;
  /** Found by these words as well, which are not shown. */
  readonly words?: string;
  /** Keys that do the same. */
  readonly keys?: string;
  /** It was looked up for what is typed, and fits by the engine's own word. */
  readonly isFound?: true;
  readonly act: () => void;
};

/** The number somebody typed, as `12` or `#12`. */
export function typedNumber(typed: string): number | null {
  const digits = /^#?(\d{1,15})$/.exec(typed.trim())?.[1];
  return digits === undefined || Number(digits) === 0 ? null : Number(digits);
}

const isWordEdge = (text: string, at: number): boolean => at === 0 || !/[\p{L}\p{N}]/u.test(text.charAt(at - 1));

function standsAtEdge(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (isWordEdge(text, at)) {
      return true;
    }
  }
  return false;
}

/** The letters stand in the text in this order, the first of them at the edge of a word. */
function isScattered(text: string, word: string): boolean {
  for (let start = text.indexOf(word.charAt(0)); start >= 0; start = text.indexOf(word.charAt(0), start + 1)) {
    if (isWordEdge(text, start)) {
      let at = start;
      const rest = word.slice(1).split('');
      if (rest.every((letter) => (at = text.indexOf(letter, at + 1)) >= 0)) {
        return true;
      }
    }
  }
  return false;
}

/** How well one typed word fits a text: 0 not at all, 4 when the text begins with it. */
function fitOfWord(text: string, word: string): number {
  const at = text.indexOf(word);
  if (at === 0) {
    return 4;
  }
  if (at > 0) {
    return standsAtEdge(text, word) ? 3 : 2;
  }
  return word.length > 1 && isScattered(text, word) ? 1 : 0;
}

/** How well an entry fits all that is typed; 0 when a word fits nowhere. */
export function fitOf({ text, detail, words, isFound }: Omit<PaletteEntry, 'act'>, typed: string): number {
  const shown = text.toLowerCase();
  const beside = (detail ?? '').toLowerCase();
  const hidden = (words ?? '').toLowerCase();
  let sum = 0;
  for (const word of typed.toLowerCase().split(/\s+/)) {
    // In a long sentence almost any letters stand in some order: there only the beginning of a word counts.
    const told = standsAtEdge(hidden, word) ? 1 : 0;
    const fit = word === '' ? 1 : Math.max(fitOfWord(shown, word) * 2, fitOfWord(beside, word), told);
    if (fit === 0) {
      return isFound ? 1 : 0;
    }
    sum += fit;
  }
  return sum;
}

/** Of equals pages come first, then commands, then what there are many of. */
const kinds: Record<PaletteKind, number> = { page: 0, command: 1, setting: 2, target: 3, run: 4 };

const shownEntries = 12;

/** What to show for what is typed, the best first; of equals what was chosen lately. With nothing typed the recent ones lead. */
export function ranked(
  entries: readonly PaletteEntry[],
  typed: string,
  recent: readonly string[],
): readonly PaletteEntry[] {
  const age = ({ id }: PaletteEntry): number => {
    const place = recent.indexOf(id);
    return place < 0 ? recent.length : place;
  };
  const fits = new Map(entries.map((entry) => [entry, fitOf(entry, typed.trim())]));
  const fit = (entry: PaletteEntry): number => fits.get(entry) ?? 0;
  return entries
    .filter((entry) => fit(entry) > 0)
    .toSorted((a, b) => fit(b) - fit(a) || age(a) - age(b) || kinds[a.kind] - kinds[b.kind])
    .slice(0, shownEntries);
}
