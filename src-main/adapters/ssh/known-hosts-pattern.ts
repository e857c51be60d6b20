/** OpenSSH's wildcards: `*` is any text, `?` one character. Never takes longer than both lengths multiplied. */
function matchesPattern(text: string, pattern: string): boolean {
  let at = 0;
  let next = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    if (pattern[next] === '*') {
      star = next;
      resume = at;
      next += 1;
    } else if (next < pattern.length && (pattern[next] === '?' || pattern[next] === text[at])) {
      at += 1;
      next += 1;
    } else if (star >= 0) {
      resume += 1;
      at = resume;
      next = star + 1;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(next));
}

/** Some pattern fits and none that begins with `!` does. */
export function matchesPatterns(text: string, patterns: readonly string[]): boolean {
  const excluded = patterns.some((pattern) => pattern.startsWith('!') && matchesPattern(text, pattern.slice(1)));
  return !excluded && patterns.some((pattern) => !pattern.startsWith('!') && matchesPattern(text, pattern));
}

/** A pattern that fits nothing but itself. */
export const isLiteral = (pattern: string): boolean => !/[*?]|^!/.test(pattern);
