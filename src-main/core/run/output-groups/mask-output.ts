import type { GroupMasks } from '#contract/run-groups';
import type { PlannedHost } from '#core/ports';

/** No byte reads as one of these, so that nobody can write what a mask puts in. */
const marks = { host: '\uE000', time: '\uE001', number: '\uE002' };

const decoder = new TextDecoder('latin1');
const encoder = new TextEncoder();

/** One character for each byte, a different one for each value: bytes that are no text stay apart. */
export const byteText = (bytes: Uint8Array): string => decoder.decode(bytes);

// Every repetition is bounded or stands on characters that nothing behind it takes: output is written by strangers.
const month = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}';
const weekday = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}';
const year = String.raw`(?:19|20)\d\d`;
const clock = String.raw`\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?: ?[AaPp][Mm])?`;
const zone = String.raw`(?: ?(?:Z|UTC|GMT|[A-Z]{2,4}T)(?![A-Za-z0-9])| ?[+-]\d\d:?\d\d(?!\d))`;
const unit = String.raw`(?:ns|us|\xC2\xB5s|\xCE\xBCs|ms|seconds|second|secs|sec|minutes|minute|mins|min|hours|hour|hrs|hr|days|day|weeks|week|s|m|h|d|w)`;
const isoStamp = String.raw`${year}-\d\d-\d\d[T ]${clock}${zone}?`;
const wordStamp = String.raw`(?:${weekday},? {1,2})?(?:${month} {1,2}\d{1,2}|\d{1,2}[ -]${month})(?:,?[ -]${year}(?!\d))?(?:,? ${clock}${zone}?(?: ${year}(?!\d))?)?`;
const date = String.raw`(?:${year}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[./]\d{1,2}[./]${year})`;
const duration = String.raw`\d{1,20}(?:\.\d{1,9})? ?${unit}(?:[ ,]{0,2}\d{1,20}(?:\.\d{1,9})? ?${unit}){0,8}`;
const timeSource = String.raw`(?<![A-Za-z0-9.])(?:${isoStamp}|${wordStamp}|${date}|${clock}${zone}?|${duration})(?![A-Za-z0-9])`;

/** The masked text of one output, read by `byteText`, in pieces; whoever takes them may pause between any two. */
export type Mask = (text: string) => Generator<string>;

type Named = Pick<PlannedHost, 'name' | 'address'>;

/** What the masks replace in the output of this target; undefined when they replace nothing. */
export function maskOf(masks: GroupMasks, target: Named): Mask | undefined {
  const names = masks.hosts ? namesOf(target).map(nameSource) : [];
  if (names.length === 0 && !masks.times && !masks.numbers) {
    return undefined;
  }
  const host = names.length > 0 ? `(?<![A-Za-z0-9])(?:${names.join('|')})(?![A-Za-z0-9])` : never;
  const time = masks.times ? timeSource : never;
  const number = masks.numbers ? String.raw`\d+` : never;
  const pattern = new RegExp(`(${host})|(${time})|${number}`, 'g');
  return (text) => masked(text, pattern);
}

const never = '(?!)';
const matchesAtOnce = 2_000;
const charactersAtOnce = 65_536;

function* masked(text: string, pattern: RegExp): Generator<string> {
  for (const lines of wholeLines(text)) {
    let [piece, from, matches] = ['', 0, 0];
    pattern.lastIndex = 0;
    for (let found = pattern.exec(lines); found; found = pattern.exec(lines)) {
      const mark = found[1] === undefined ? (found[2] === undefined ? marks.number : marks.time) : marks.host;
      piece += lines.slice(from, found.index) + mark;
      from = pattern.lastIndex;
      matches += 1;
      if (matches % matchesAtOnce === 0) {
        yield piece;
        piece = '';
      }
    }
    yield piece + lines.slice(from);
  }
}

/** The text in parts of whole lines; nothing that is masked reaches over the end of a line. */
function* wholeLines(text: string): Generator<string> {
  for (let from = 0; from < text.length;) {
    const end = text.indexOf('\n', from + charactersAtOnce) + 1 || text.length;
    yield text.slice(from, end);
    from = end;
  }
}

const isAddress = (name: string): boolean => /^[\d.]+$/.test(name) || name.includes(':');

/** The longest first: the short name also stands at the beginning of the whole one. */
function namesOf({ name, address }: Named): string[] {
  const whole = [name, address].flatMap((given) => [given, withoutPort(given)]);
  const short = whole.filter((given) => !isAddress(given)).map((given) => given.split('.')[0] ?? '');
  return [...new Set([...whole, ...short])]
    .filter((given) => given !== '')
    .toSorted((one, other) => other.length - one.length);
}

/** `10.0.0.1:22` and `[::1]:22` are also known by their addresses alone. */
const withoutPort = (given: string): string => /^\[?([^[\]]*?|[^:]*)\]?:\d{1,5}$/.exec(given)?.[1] ?? given;

/** As it stands in output, in upper and lower case where the letters are Latin. */
function nameSource(name: string): string {
  const characters = Array.from(byteText(encoder.encode(name)));
  return characters
    .map((one) => (/[A-Za-z]/.test(one) ? `[${one.toLowerCase()}${one.toUpperCase()}]` : escaped(one)))
    .join('');
}

const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
