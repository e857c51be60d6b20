import { badSearch, type SearchTerm, shown } from '../search/parse-search.ts';

/** From `since` on, and before `until`; milliseconds since 1970 UTC. */
export type TimeBounds = { readonly since: number; readonly until: number };

/**
 * The time that terms such as `since:24h` and `until:2026-11-20` leave; days are days of the node's own zone, and
 * `until` takes the whole of its day. Throws DroverError `bad-selector`.
 */
export function timeBounds(terms: readonly SearchTerm[], now: number): TimeBounds {
  let since = 0;
  let until = Number.MAX_SAFE_INTEGER;
  for (const term of terms) {
    const isSince = term.field?.toLowerCase() === 'since';
    const span = spanOf(term, now);
    const at = isSince ? span.begin : span.end;
    if (isSince === term.not) {
      until = Math.min(until, at);
    } else {
      since = Math.max(since, at);
    }
  }
  return { since, until };
}

/** One moment, or a whole day. */
type Span = { readonly begin: number; readonly end: number };

const unitMs: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

function spanOf(term: SearchTerm, now: number): Span {
  const [pattern, ...more] = term.any;
  const field = term.field ?? '';
  if (more.length > 0) {
    throw badSearch(term.position, `The field ${field} takes one time, such as ${field}:24h`);
  }
  const word = pattern?.kind === 'word' ? pattern.text : '';
  const span = agoSpan(word, now) ?? namedDay(word, now) ?? dateSpan(word);
  if (span === undefined) {
    const shownWord = word === '' ? 'This' : shown(word);
    const remedy = `write ${field}:30m, ${field}:24h, ${field}:7d, ${field}:today or ${field}:2026-11-20`;
    throw badSearch(term.position, `${shownWord} is no time: ${remedy}`);
  }
  return span;
}

function agoSpan(word: string, now: number): Span | undefined {
  const [, count, unit = ''] = /^(\d{1,6})([smhdw])$/i.exec(word) ?? [];
  const length = unitMs[unit.toLowerCase()];
  if (count === undefined || length === undefined) {
    return undefined;
  }
  const at = Math.max(0, now - Number(count) * length);
  return { begin: at, end: at };
}

function namedDay(word: string, now: number): Span | undefined {
  const back = ['today', 'yesterday'].indexOf(word.toLowerCase());
  const day = new Date(now);
  return back === -1 ? undefined : wholeDay(day.getFullYear(), day.getMonth(), day.getDate() - back);
}

function dateSpan(word: string): Span | undefined {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(word) ?? [];
  if (year !== undefined) {
    // `Date` would take the 31st of February for a day of March.
    const isDay = !Number.isNaN(Date.parse(word)) && new Date(word).toISOString().startsWith(word);
    return isDay ? wholeDay(Number(year), Number(month) - 1, Number(date)) : undefined;
  }
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(word) ? Date.parse(word) : Number.NaN;
  return Number.isNaN(at) ? undefined : { begin: at, end: at };
}

const wholeDay = (year: number, month: number, date: number): Span => ({
  begin: new Date(year, month, date).getTime(),
  end: new Date(year, month, date + 1).getTime(),
});
