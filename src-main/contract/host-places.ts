/** Places in a plan as ranges, `0-4,7`, in rising order and each once. */
export function placesText(places: Iterable<number>): string {
  const ranges: { from: number; to: number }[] = [];
  for (const place of [...new Set(places)].toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && place === last.to + 1) {
      last.to = place;
    } else {
      ranges.push({ from: place, to: place });
    }
  }
  return ranges.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(',');
}

/** Whether a place stands in such a text, which may be in any order; a range that runs backwards holds nothing. */
export function placesIn(text: string): (place: number) => boolean {
  const ranges = text.split(',').map((range) => {
    const [from = '', to = from] = range.split('-');
    return { from: Number(from), to: Number(to) };
  });
  const sorted = ranges.toSorted((a, b) => a.from - b.from);
  // The furthest end of all ranges that begin no later: one search then decides.
  let reach = -1;
  const ends = sorted.map(({ to }) => (reach = Math.max(reach, to)));
  return (place) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle]?.from ?? Infinity) <= place) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low > 0 && (ends[low - 1] ?? -1) >= place;
  };
}

/** Every place of such a text, rising and each once. */
export function placesOf(text: string): number[] {
  const places = new Set<number>();
  for (const range of text.split(',')) {
    const [from = '', to = from] = range.split('-');
    for (let place = Number(from); place <= Number(to); place += 1) {
      places.add(place);
    }
  }
  return [...places].toSorted((a, b) => a - b);
}
