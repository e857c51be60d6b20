import { DroverError } from '#contract/errors';
import { AccountName, Address, Port } from '#contract/target';
import { addressesOf, addressKey, readSpan } from '../search/address-span.ts';
import { bracketLength, expandBrackets } from '../search/expand-brackets.ts';

/** One machine of a pasted list; `line` counts from 1, `port` is null when none is given. */
export type ParsedAddress = {
  readonly line: number;
  readonly user: string | null;
  readonly address: string;
  readonly port: number | null;
};

/** More machines are no list a person pasted. */
const maximumAddresses = 20_000;

/** Addresses that all ranges of one list stand for, doubles included: reading them takes time. */
const maximumRanged = 100_000;

/**
 * The machines of a list in whatever habit it was written: parted by commas, semicolons, blanks or new lines, `#` begins a
 * comment; `anna@web[01-20]:2222`, `ssh://…`, `[2001:db8::1]:22`, `10.0.0.1-20`, `10.0.0.0/28` (without its network and
 * broadcast address up to /30). Each stands once, where it came first. Throws DroverError `bad-input` with word and line.
 */
export function parseAddresses(text: string): ParsedAddress[] {
  const { addresses, problems } = readAddresses(text, 1);
  if (problems[0]) {
    throw problems[0];
  }
  return addresses;
}

/** The same, with a refusal for each word that cannot be read; ends at the last of `mostProblems`. */
export function readAddresses(
  text: string,
  mostProblems: number,
): { addresses: ParsedAddress[]; problems: DroverError[] } {
  const found = new Map<string, ParsedAddress>();
  const problems: DroverError[] = [];
  const seen = new Set<string>();
  let ranged = 0;
  for (const place of wordsOf(text)) {
    if (problems.length >= mostProblems) {
      break;
    }
    if (seen.has(place.word)) {
      continue;
    }
    seen.add(place.word);
    const parsed = readOr(place, problems);
    ranged += parsed.length > 1 ? parsed.length : 0;
    for (const address of parsed) {
      const key = JSON.stringify([address.user, address.address.toLowerCase(), address.port]);
      if (!found.has(key)) {
        found.set(key, address);
      }
    }
    const limit = limitPassed(place, found.size, ranged);
    if (limit) {
      problems.push(limit);
      break;
    }
  }
  return { addresses: [...found.values()], problems };
}

function readOr(place: Place, problems: DroverError[]): ParsedAddress[] {
  try {
    return readWord(place);
  } catch (error) {
    if (!(error instanceof DroverError)) {
      throw error;
    }
    problems.push(error);
    return [];
  }
}

function limitPassed(place: Place, addresses: number, ranged: number): DroverError | null {
  if (addresses > maximumAddresses) {
    return tooMany(place, `the list holds more than ${maximumAddresses} addresses`);
  }
  return ranged > maximumRanged
    ? tooMany(place, `the ranges of the list stand for more than ${maximumRanged} addresses`)
    : null;
}

type Place = { readonly word: string; readonly line: number };

const separator = /[\s,;，；、]/;

function* wordsOf(text: string): Generator<Place> {
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    for (let at = 0; at < line.length && line[at] !== '#'; at += 1) {
      const end = endOfWord(line, at);
      if (end > at) {
        yield { word: line.slice(at, end), line: index + 1 };
        at = end - 1;
      }
    }
  }
}

function endOfWord(line: string, start: number): number {
  let at = start;
  while (at < line.length && line[at] !== '#' && !separator.test(line.charAt(at))) {
    at += line[at] === '[' ? Math.max(1, bracketLength(line, at)) : 1;
  }
  return at;
}

const tooMany = ({ line }: Place, what: string): DroverError =>
  new DroverError('bad-input', `Line ${line}: ${what}; run on them in parts`, { detail: { line } });

/** A word that cannot be taken, and why; what may be a password in it is not shown. */
function badWord({ word, line }: Place, why: string): DroverError {
  const open = word.replace(/^((?:ssh:\/\/)?[^:]*):.*@/i, '$1:…@');
  const shown = open.length > 100 ? `${open.slice(0, 99)}…` : open;
  return new DroverError('bad-input', `Line ${line}: '${shown}' cannot be taken: ${why}`, {
    detail: { line, word: shown },
  });
}

function readWord(place: Place): ParsedAddress[] {
  const bare = place.word.replace(/^ssh:\/\/(.*?)\/?$/i, '$1');
  const at = bare.lastIndexOf('@');
  const user = at === -1 ? null : bare.slice(0, at);
  if (user?.includes(':')) {
    throw badWord(place, 'a password does not belong in a list; save it as a credential');
  }
  if (user !== null && !AccountName.safeParse(user).success) {
    throw badWord(place, user === '' ? "no account stands before '@'" : "what stands before '@' is no account name");
  }
  const { host, port } = partPort(bare.slice(at + 1), place);
  if (host === '') {
    throw badWord(place, at === -1 ? 'it holds no address' : "no address stands after '@'");
  }
  return hostsOf(host, place).map((address) => ({ line: place.line, user, address, port }));
}

/** Only `name:22` and `[2001:db8::1]:22` have a port: two colons without brackets are an IPv6 address. */
function partPort(text: string, place: Place): { host: string; port: number | null } {
  const [, inBrackets, afterBrackets] = /^\[([^[\]]*)\](.*)$/.exec(text) ?? [];
  const colon = text.indexOf(':');
  if (inBrackets?.includes(':')) {
    const rest = afterBrackets ?? '';
    if (rest !== '' && !rest.startsWith(':')) {
      throw badWord(place, "only ':' and a port may stand behind the closing bracket");
    }
    return { host: inBrackets, port: rest === '' ? null : readPort(rest.slice(1), place) };
  }
  if (colon === -1 || text.includes(':', colon + 1)) {
    return { host: text, port: null };
  }
  return { host: text.slice(0, colon), port: readPort(text.slice(colon + 1), place) };
}

function readPort(text: string, place: Place): number {
  const port = Port.safeParse(/^\d{1,5}$/.test(text) ? Number(text) : Number.NaN);
  if (!port.success) {
    throw badWord(place, "behind ':' stands no port from 1 to 65535");
  }
  return port.data;
}

function hostsOf(host: string, place: Place): string[] {
  const words = expandBrackets(host);
  if ('problem' in words) {
    throw badWord(place, words.problem);
  }
  if (words.length === 1 && words[0] === host) {
    const span = readSpan(host);
    if (span && 'problem' in span) {
      throw badWord(place, span.problem);
    }
    if (span) {
      const addresses = addressesOf(span);
      return span.prefix !== null && span.prefix <= 30 && span.first.length === 8 ? addresses.slice(1, -1) : addresses;
    }
  }
  for (const word of words) {
    checkAddress(word, place);
  }
  return words;
}

function checkAddress(address: string, place: Place): void {
  const isIp = addressKey(address) !== undefined;
  if (address.includes(':') && !isIp) {
    throw badWord(place, 'it is no IPv6 address; a port stands behind the brackets, as in [2001:db8::1]:22');
  }
  if (/^[\d.]+$/.test(address) && !isIp) {
    throw badWord(place, `${address.slice(0, 50)} is no IPv4 address of four numbers from 0 to 255`);
  }
  if (!Address.safeParse(address).success) {
    throw badWord(place, 'a host name or an IP address has letters, digits, dots and dashes only');
  }
}
