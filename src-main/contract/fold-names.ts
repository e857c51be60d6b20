type Split = { readonly before: string; readonly digits: string; readonly after: string };
type Item = { readonly first: number; readonly text: string };
type Numbered = { readonly value: number; readonly width: number; readonly place: number; readonly name: string };

/** Beyond this a number is no longer counted exactly. */
const longestNumber = 15;

/**
 * Names as one node set, `web[01-20,22],db1`: every name once, in the order of its first one, leading zeros kept. One
 * run of digits is folded in each part, from the last one of the name on.
 */
export function foldNames(names: readonly string[]): string {
  let open = [...new Set(names)].map((name, place) => ({ name, place }));
  const items: Item[] = [];
  const deepest = Math.max(0, ...open.map(({ name }) => digitRuns(name).length));
  for (let depth = 1; depth <= deepest; depth += 1) {
    const groups = Map.groupBy(open, ({ name }) => {
      const split = splitAt(name, depth);
      return split ? JSON.stringify([split.before, split.after]) : '';
    });
    open = [];
    for (const [key, members] of groups) {
      if (key === '' || members.length === 1) {
        open.push(...members);
      } else {
        items.push(...foldGroup(members, depth));
      }
    }
  }
  items.push(...open.map(({ name, place }) => ({ first: place, text: name })));
  return items
    .toSorted((a, b) => a.first - b.first)
    .map(({ text }) => text)
    .join(',');
}

function digitRuns(name: string): RegExpExecArray[] {
  return [...name.matchAll(/\d+/g)].filter(([digits]) => digits.length <= longestNumber);
}

/** The name around its run of digits counted from the end. */
function splitAt(name: string, depth: number): Split | undefined {
  const run = digitRuns(name).at(-depth);
  if (!run) {
    return undefined;
  }
  const [digits] = run;
  return { before: name.slice(0, run.index), digits, after: name.slice(run.index + digits.length) };
}

/** Names that differ in one number only; those with leading zeros and those without are kept apart. */
function foldGroup(members: readonly { readonly name: string; readonly place: number }[], depth: number): Item[] {
  const digitsOf = (name: string): string => splitAt(name, depth)?.digits ?? '';
  const padded = new Set(
    members.map(({ name }) => digitsOf(name)).flatMap((digits) => (/^0\d/.test(digits) ? [digits.length] : [])),
  );
  const numbered = members.map(({ name, place }): Numbered => {
    const digits = digitsOf(name);
    return { value: Number(digits), width: padded.has(digits.length) ? digits.length : 0, place, name };
  });
  return [...Map.groupBy(numbered, ({ width }) => width)].map(([width, same]) => {
    const first = Math.min(...same.map(({ place }) => place));
    const [only] = same;
    if (same.length === 1 && only) {
      return { first, text: only.name };
    }
    const { before = '', after = '' } = splitAt(same[0]?.name ?? '', depth) ?? {};
    return { first, text: `${before}[${rangesText(same, width)}]${after}` };
  });
}

function rangesText(numbers: readonly Numbered[], width: number): string {
  const values = numbers.map(({ value }) => value).toSorted((a, b) => a - b);
  const ranges: { from: number; to: number }[] = [];
  for (const value of values) {
    const last = ranges.at(-1);
    if (last && value === last.to + 1) {
      last.to = value;
    } else {
      ranges.push({ from: value, to: value });
    }
  }
  const text = (value: number): string => String(value).padStart(width, '0');
  return ranges.map(({ from, to }) => (from === to ? text(from) : `${text(from)}-${text(to)}`)).join(',');
}
