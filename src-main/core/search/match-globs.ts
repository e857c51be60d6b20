/**
 * A test for whole values, which are any of the globs: `*` is any text, `?` one character. Upper and lower case are the
 * same. The time for each glob is at most its length times that of the value.
 */
export function matchGlobs(globs: readonly string[]): (value: string) => boolean {
  const patterns = globs.map((glob) => Array.from(glob.toLowerCase().replaceAll(/\*+/g, '*')));
  return (value) => {
    const letters = Array.from(value.toLowerCase());
    return patterns.some((pattern) => matches(pattern, letters));
  };
}

/** The same for one glob, with upper and lower case told apart. */
export const matchesGlob = (glob: string, value: string): boolean =>
  matches(Array.from(glob.replaceAll(/\*+/g, '*')), Array.from(value));

function matches(pattern: readonly string[], value: readonly string[]): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let index = 0; index < value.length;) {
    if (pattern[at] === '*') {
      star = at;
      resume = index;
      at += 1;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === value[index])) {
      at += 1;
      index += 1;
    } else if (star === -1) {
      return false;
    } else {
      resume += 1;
      index = resume;
      at = star + 1;
    }
  }
  return at === pattern.length || (at === pattern.length - 1 && pattern[at] === '*');
}
