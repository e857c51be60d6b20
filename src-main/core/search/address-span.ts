import ipaddr from 'ipaddr.js';
import { maximumRange, tooMany } from './expand-brackets.ts';

/**
 * Addresses from `first` to `last`, both included, as hexadecimal text of the same length (8 digits for IPv4, 32 for
 * IPv6), so that comparing the text compares the addresses.
 */
export type AddressSpan = { readonly first: string; readonly last: string };

/** No address is longer, zone included, and checking one takes time. */
const longestAddress = 100;

type Ip = ReturnType<typeof ipaddr.parse>;

/** An IPv4 address of four decimal numbers or an IPv6 address; shorthands such as `10.1` are host names. */
function parseAddress(text: string): Ip | undefined {
  if (text.length > longestAddress) {
    return undefined;
  }
  if (text.includes(':')) {
    return ipaddr.IPv6.isValid(text) ? ipaddr.process(text) : undefined;
  }
  // The library takes its time for what is no address.
  return /^[\d.]+$/.test(text) && ipaddr.IPv4.isValidFourPartDecimal(text) ? ipaddr.IPv4.parse(text) : undefined;
}

const keyOf = (address: Ip): string =>
  address
    .toByteArray()
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');

/** The address as it stands in an AddressSpan, without its zone; undefined for a host name. */
export function addressKey(text: string): string | undefined {
  const address = parseAddress(text);
  return address && keyOf(address);
}

/** Four decimal numbers up to 255 without leading zeros: spelled as an IPv4 address is spelled. */
const spelledIpv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/** The one spelling of an IP address, zone included; anything else in lower case. */
export function canonicalAddress(text: string): string {
  if (spelledIpv4.test(text)) {
    return text;
  }
  return (parseAddress(text)?.toNormalizedString() ?? text).toLowerCase();
}

type Found = (AddressSpan & { readonly prefix: number | null }) | { readonly problem: string };

/**
 * What `10.0.0.0/28`, `10.0.0.1-10.0.0.20`, `10.0.0.1-20` or the like for IPv6 stands for; undefined for any other
 * word. More than 4 096 addresses, or a range that is none, come back as a problem in words.
 */
export function readSpan(word: string): Found | undefined {
  const slash = word.lastIndexOf('/');
  const dash = word.indexOf('-');
  if (slash !== -1) {
    return readPrefix(word.slice(0, slash), word.slice(slash + 1));
  }
  return dash === -1 ? undefined : readRange(word.slice(0, dash), word.slice(dash + 1));
}

function readPrefix(start: string, length: string): Found | undefined {
  const address = parseAddress(start);
  if (!address || !/^\d{1,3}$/.test(length)) {
    return undefined;
  }
  const bits = address.toByteArray().length * 8;
  const prefix = Number(length);
  if (prefix > bits) {
    return { problem: `/${prefix} is no prefix: it goes from /0 to /${bits}` };
  }
  const free = BigInt(bits - prefix);
  const size = 1n << free;
  const first = (numberOf(keyOf(address)) >> free) << free;
  return checked({ first, last: first + size - 1n, digits: bits / 4 }, prefix);
}

function readRange(start: string, end: string): Found | undefined {
  const from = parseAddress(start);
  if (!from) {
    return undefined;
  }
  const lastNumber = from.kind() === 'ipv4' && /^\d{1,3}$/.test(end);
  const to = parseAddress(lastNumber ? start.slice(0, start.lastIndexOf('.') + 1) + String(Number(end)) : end);
  if (!to || to.kind() !== from.kind()) {
    return lastNumber || to ? { problem: 'a range goes from one address to a later one of its kind' } : undefined;
  }
  const digits = from.toByteArray().length * 2;
  return checked({ first: numberOf(keyOf(from)), last: numberOf(keyOf(to)), digits }, null);
}

const numberOf = (key: string): bigint => BigInt(`0x${key}`);

type Numbers = { readonly first: bigint; readonly last: bigint; readonly digits: number };

function checked({ first, last, digits }: Numbers, prefix: number | null): Found {
  if (last < first) {
    return { problem: 'the range ends before it begins' };
  }
  const count = last - first + 1n;
  if (count > BigInt(maximumRange)) {
    return { problem: tooMany(String(count)) };
  }
  const text = (value: bigint): string => value.toString(16).padStart(digits, '0');
  return { first: text(first), last: text(last), prefix };
}

/** How many addresses it holds. */
export const spanSize = ({ first, last }: AddressSpan): number => Number(numberOf(last) - numberOf(first)) + 1;

/** All addresses of a span, in order and in their usual spelling. */
export function addressesOf(span: AddressSpan): string[] {
  const start = numberOf(span.first);
  return Array.from({ length: spanSize(span) }, (_, index) => {
    const key = (start + BigInt(index)).toString(16).padStart(span.first.length, '0');
    const bytes = Array.from({ length: key.length / 2 }, (_byte, at) =>
      Number.parseInt(key.slice(at * 2, at * 2 + 2), 16),
    );
    return ipaddr.fromByteArray(bytes).toString();
  });
}

/** The same addresses in as few spans as there can be, in order. */
export function mergeSpans(spans: Iterable<AddressSpan>): AddressSpan[] {
  const merged: { first: string; last: string }[] = [];
  // Shorter keys are IPv4: kinds never mix in one span.
  for (const { first, last } of [...spans].toSorted((one, other) => compare(one.first, other.first))) {
    const before = merged.at(-1);
    if (before?.last.length === first.length && numberOf(first) <= numberOf(before.last) + 1n) {
      before.last = before.last < last ? last : before.last;
    } else {
      merged.push({ first, last });
    }
  }
  return merged;
}

/** Whether a key lies in one of the spans, which `mergeSpans` made. */
export function inSpans(key: string, spans: readonly AddressSpan[]): boolean {
  let [low, high] = [0, spans.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const span = spans[middle];
    if (span === undefined) {
      return false;
    }
    if (compare(span.first, key) > 0) {
      high = middle - 1;
    } else if (compare(span.last, key) < 0) {
      low = middle + 1;
    } else {
      return true;
    }
  }
  return false;
}

function compare(one: string, other: string): number {
  if (one.length !== other.length) {
    return one.length - other.length;
  }
  return one < other ? -1 : Number(one > other);
}
